INSERT INTO releases (id, pipeline, version, notes, digest, source, source_label, frozen_by, frozen_by_name, tables, lookup_rows, imported, undoes, whole, restores)
SELECT $1, p.id, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14
FROM pipelines AS p

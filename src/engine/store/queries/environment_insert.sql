INSERT INTO environments (id, pipeline, name, label, rank, connection, policy)
SELECT $1, p.id, $2, $3, (SELECT coalesce(max(e.rank) + 1, 0) FROM environments AS e WHERE e.pipeline = p.id), $4, $5
FROM pipelines AS p

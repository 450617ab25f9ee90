INSERT INTO promotions (
    id, pipeline, release, target, target_name, target_label, requested_by, requested_by_name, requested_by_role, notes,
    digest, format, preview, policy, confirmed, schema_changes, lookup_rows, state, before
)
SELECT $1, r.pipeline, r.id, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18
FROM releases AS r
WHERE r.id = $2

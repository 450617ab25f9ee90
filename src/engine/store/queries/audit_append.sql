WITH appended AS (
    INSERT INTO audit (seq, at, actor, role, action, object, result, ip, previous, hash)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    RETURNING seq, hash
)
UPDATE audit_head SET seq = appended.seq, hash = appended.hash FROM appended

INSERT INTO backups (run, file, bytes, sha256, taken_at)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (run) DO UPDATE
SET file = excluded.file, bytes = excluded.bytes, sha256 = excluded.sha256, taken_at = excluded.taken_at

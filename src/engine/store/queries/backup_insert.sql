INSERT INTO backups (run, file, mode, bytes, sha256, restore_point, taken_at, place)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

INSERT INTO first_run (token_hash, expires_at)
VALUES ($1, now() + interval '1 day')
ON CONFLICT (only_one) DO UPDATE
SET token_hash = excluded.token_hash, expires_at = excluded.expires_at

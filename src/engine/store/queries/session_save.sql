INSERT INTO sessions (id_hash, person, data, expires_at)
VALUES ($1, $2, $3, now() + make_interval(secs => $4))
ON CONFLICT (id_hash) DO UPDATE
SET person = excluded.person, data = excluded.data, expires_at = excluded.expires_at, seen_at = now()

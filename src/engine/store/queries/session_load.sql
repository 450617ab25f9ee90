-- The end that is told is the earliest of the three: what the caller wanted, idleness, age.
UPDATE sessions AS s
SET seen_at = now()
WHERE s.id_hash = $1
  AND s.expires_at > now()
  AND s.seen_at > now() - interval '30 minutes'
  AND s.created_at > now() - interval '8 hours'
  AND NOT EXISTS (SELECT FROM people AS p WHERE p.id = s.person AND p.disabled_at IS NOT NULL)
RETURNING s.data, extract(epoch FROM least(s.expires_at, now() + interval '30 minutes', s.created_at + interval '8 hours') - now())::float8

-- Of the environment $1, oldest first: beyond the newest $2 that are still there, of runs that have ended and need nobody's attention, and
-- never the newest one with an archive.
WITH present AS (
    SELECT b.*, r.state, p.outcome ->> 'outcome' AS outcome,
           row_number() OVER (ORDER BY b.taken_at DESC) AS age,
           row_number() OVER (PARTITION BY b.mode = 'external' ORDER BY b.taken_at DESC) AS age_among_its_like
    FROM backups AS b
    JOIN runs AS r ON r.id = b.run
    JOIN promotions AS p ON p.id = r.promotion
    WHERE r.target = $1 AND b.removed_at IS NULL
)
SELECT file, mode, bytes, sha256, restore_point, taken_at, place, removed_at
FROM present
WHERE age > $2
  AND state = 'ended'
  AND outcome IS DISTINCT FROM 'needs_attention'
  AND (mode = 'external' OR age_among_its_like > 1)
ORDER BY taken_at

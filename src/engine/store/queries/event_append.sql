INSERT INTO run_events (run, seq, at, format, event)
SELECT $1, coalesce(max(e.seq), 0) + 1, clock_timestamp(), $2, $3
FROM run_events AS e
WHERE e.run = $1
RETURNING seq, at

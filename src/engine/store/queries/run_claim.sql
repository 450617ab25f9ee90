UPDATE runs
SET state = 'running', fence = fence + 1, lease_until = now() + make_interval(secs => $1)
WHERE id = (
    SELECT r.id
    FROM runs AS r
    WHERE (r.state = 'queued' OR (r.state = 'running' AND r.lease_until <= now()))
      AND r.id <> ALL ($2)
    ORDER BY r.created_at
    LIMIT 1
    FOR UPDATE SKIP LOCKED
)
RETURNING id, promotion, started_by, fence

-- Whoever takes an alert has until the next try to send it; the pauses double up to ten minutes.
UPDATE alerts
SET tries = tries + 1, next_try = now() + least(interval '5 seconds' * 2 ^ tries, interval '10 minutes') + interval '15 seconds'
WHERE id = (
    SELECT id FROM alerts
    WHERE sent_at IS NULL AND next_try <= now() AND made_at > now() - interval '1 day'
    ORDER BY next_try
    LIMIT 1
    FOR UPDATE SKIP LOCKED
)
RETURNING id, body

SELECT r.digest
FROM promotions AS p
JOIN releases AS r ON r.id = p.release
WHERE p.target = $1 AND p.state = 'finished' AND p.outcome ->> 'outcome' = 'succeeded'
ORDER BY p.ended_at DESC, p.id DESC
LIMIT 1

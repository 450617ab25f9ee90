-- What has ended in the environment of the promotion $1, in the order of time.
SELECT p.id, p.outcome ->> 'outcome' IN ('succeeded', 'needs_attention') AS counts,
       CASE WHEN r.whole AND p.outcome ->> 'outcome' = 'succeeded' THEN r.undoes END AS back_before
FROM promotions AS p
JOIN releases AS r ON r.id = p.release
WHERE p.target = (SELECT target FROM promotions WHERE id = $1) AND p.state = 'finished'
ORDER BY p.ended_at, p.id

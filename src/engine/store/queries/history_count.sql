SELECT count(*)
FROM promotions AS p
JOIN releases AS r ON r.id = p.release
WHERE ($1 = '' OR p.target_name = $1)
  AND ($2 = '' OR p.state = $2 OR p.outcome ->> 'outcome' = $2)
  AND ($3 = '' OR concat_ws(' ', r.version, r.notes, p.notes, p.requested_by_name, p.target_label) ILIKE '%' || $3 || '%')

WHERE ($1 = '' OR p.target_name = $1)
  AND ($2 = '' OR p.state = $2 OR p.outcome ->> 'outcome' = $2)
  AND ($3 = '' OR concat_ws(' ', r.version, r.notes, p.notes, p.requested_by_name, p.target_label) ILIKE '%' || $3 || '%')
ORDER BY p.requested_at DESC, p.id DESC
OFFSET $4 LIMIT $5

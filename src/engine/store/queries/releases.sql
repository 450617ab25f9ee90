SELECT r.id, r.version, r.notes, r.digest, r.source, r.imported, r.undoes, r.whole, r.restores, r.source_label, r.frozen_by_name, r.frozen_at, r.tables, r.lookup_rows,
       ARRAY(
           SELECT DISTINCT p.target
           FROM promotions AS p
           WHERE p.release = r.id AND p.state = 'finished' AND p.outcome ->> 'outcome' = 'succeeded' AND NOT p.undone
       ) AS succeeded_in
FROM releases AS r
WHERE ($1::uuid IS NULL OR r.id = $1)
  AND ($2::text IS NULL OR r.version = $2)
ORDER BY r.frozen_at DESC, r.id DESC

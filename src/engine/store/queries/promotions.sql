SELECT p.id, p.release, r.version, r.source_label, p.target, p.target_name, p.target_label, p.requested_by, p.requested_by_name,
       p.requested_at, p.notes, p.digest, p.policy, p.confirmed, p.schema_changes, p.lookup_rows, p.state, p.ended_by, p.ended_at,
       p.outcome, p.undone, p.before, p.settled_by, p.settled_at, p.settled_note, runs.id AS run
FROM promotions AS p
JOIN releases AS r ON r.id = p.release
LEFT JOIN runs ON runs.promotion = p.id

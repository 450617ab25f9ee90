SELECT r.digest
FROM promotions AS p
JOIN releases AS r ON r.id = p.release
WHERE p.target = $1 AND p.state = 'finished' AND p.outcome ->> 'outcome' = 'succeeded'
  -- An undo holds the table as it was found, with what somebody edited there: later releases are still held against the one before it.
  AND r.undoes IS NULL AND NOT p.undone
ORDER BY p.ended_at DESC, p.id DESC

SELECT run_id, promotion_id, release, version, applied_at, applied_by
  FROM lockstep.ledger
 WHERE $1::uuid IS NULL OR run_id = $1
 ORDER BY applied_at DESC
 LIMIT 1

INSERT INTO lockstep.ledger (run_id, promotion_id, request, release, version, applied_by)
VALUES ($1, $2, $3, $4, $5, $6)

CREATE SCHEMA IF NOT EXISTS lockstep;
CREATE TABLE IF NOT EXISTS lockstep.ledger (
  run_id uuid PRIMARY KEY,
  promotion_id uuid NOT NULL,
  request text NOT NULL,
  release text NOT NULL,
  version text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  applied_by text NOT NULL
);
COMMENT ON SCHEMA lockstep IS 'Promotions that happened in this database, written by Lockstep.';

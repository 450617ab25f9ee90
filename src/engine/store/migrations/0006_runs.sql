CREATE TABLE runs (
    id uuid PRIMARY KEY,
    promotion uuid NOT NULL CONSTRAINT runs_one_per_promotion UNIQUE REFERENCES promotions,
    target uuid NOT NULL REFERENCES environments,
    started_by text NOT NULL,
    state text NOT NULL DEFAULT 'queued' CONSTRAINT runs_state_known CHECK (state IN ('queued', 'running', 'ended')),
    -- Raised with each claim; who holds an older number may write nothing.
    fence bigint NOT NULL DEFAULT 0,
    lease_until timestamptz,
    cancelled_by text,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX runs_one_active_per_target ON runs (target) WHERE state <> 'ended';

-- Numbered from 1 without gaps: the number is taken while the run's row is locked.
CREATE TABLE run_events (
    run uuid NOT NULL REFERENCES runs,
    seq bigint NOT NULL CONSTRAINT run_events_from_one CHECK (seq > 0),
    at timestamptz NOT NULL,
    format int NOT NULL,
    event jsonb NOT NULL,
    PRIMARY KEY (run, seq)
);
CREATE TRIGGER written BEFORE UPDATE OR DELETE OR TRUNCATE ON run_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE backups (
    run uuid PRIMARY KEY REFERENCES runs,
    file text NOT NULL,
    bytes bigint NOT NULL,
    sha256 text NOT NULL,
    taken_at timestamptz NOT NULL
);

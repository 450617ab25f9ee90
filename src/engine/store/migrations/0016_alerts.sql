-- What people are to be told of runs that ended otherwise than they should: written together with the end, sent afterwards.
CREATE TABLE alerts (
    id uuid PRIMARY KEY,
    promotion uuid NOT NULL REFERENCES promotions,
    body jsonb NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now(),
    tries integer NOT NULL DEFAULT 0,
    next_try timestamptz NOT NULL DEFAULT now(),
    sent_at timestamptz,
    -- Why the last try failed.
    problem text
);
CREATE INDEX alerts_by_promotion ON alerts (promotion, made_at);
CREATE INDEX alerts_open ON alerts (next_try) WHERE sent_at IS NULL;

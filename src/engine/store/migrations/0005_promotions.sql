CREATE TABLE promotions (
    id uuid PRIMARY KEY,
    pipeline uuid NOT NULL REFERENCES pipelines,
    release uuid NOT NULL REFERENCES releases,
    target uuid NOT NULL CONSTRAINT promotions_target_known REFERENCES environments,
    target_name text NOT NULL,
    target_label text NOT NULL,
    requested_by uuid NOT NULL,
    requested_by_name text NOT NULL,
    requested_by_role text NOT NULL,
    requested_at timestamptz NOT NULL DEFAULT now(),
    notes text NOT NULL,
    -- What approvals bind to: the digest of the sealed part of the preview.
    digest text NOT NULL,
    format int NOT NULL,
    preview text NOT NULL,
    policy jsonb NOT NULL,
    confirmed jsonb NOT NULL,
    schema_changes bigint NOT NULL,
    lookup_rows bigint NOT NULL,
    state text NOT NULL CONSTRAINT promotions_state_known
        CHECK (state IN ('awaiting_approval', 'approved', 'rejected', 'cancelled', 'running', 'finished')),
    -- Who ended it, for a cancelled one; the outcome, for a finished one.
    ended_by text,
    ended_at timestamptz,
    outcome jsonb,
    CONSTRAINT promotions_end_told CHECK ((state = 'finished') = (outcome IS NOT NULL)),
    -- What a decision refers to.
    CONSTRAINT promotions_requester UNIQUE (id, requested_by),
    CONSTRAINT promotions_digest UNIQUE (id, digest)
);
CREATE UNIQUE INDEX promotions_one_open_per_target ON promotions (target)
    WHERE state IN ('awaiting_approval', 'approved', 'running');
CREATE INDEX promotions_by_time ON promotions (requested_at DESC, id);

-- What was sealed stays sealed: only the state of a promotion moves.
CREATE FUNCTION refuse_unsealing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.release, NEW.target, NEW.requested_by, NEW.digest, NEW.preview, NEW.policy::text, NEW.confirmed::text)
        IS DISTINCT FROM
       (OLD.id, OLD.release, OLD.target, OLD.requested_by, OLD.digest, OLD.preview, OLD.policy::text, OLD.confirmed::text) THEN
        RAISE EXCEPTION 'what was requested cannot be changed' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER sealed BEFORE UPDATE ON promotions FOR EACH ROW EXECUTE FUNCTION refuse_unsealing();

-- One decision for each person. The requester and the digest come with it, so that four eyes and the binding to what was shown
-- hold in the database, whatever the program does.
CREATE TABLE approvals (
    promotion uuid NOT NULL,
    person uuid NOT NULL,
    requester uuid NOT NULL,
    digest text NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    decision text NOT NULL CONSTRAINT approvals_decision_known CHECK (decision IN ('approve', 'reject')),
    comment text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT approvals_once PRIMARY KEY (promotion, person),
    CONSTRAINT approvals_four_eyes CHECK (person <> requester),
    CONSTRAINT approvals_reject_says_why CHECK (decision = 'approve' OR btrim(comment) <> ''),
    CONSTRAINT approvals_requester FOREIGN KEY (promotion, requester) REFERENCES promotions (id, requested_by),
    CONSTRAINT approvals_digest FOREIGN KEY (promotion, digest) REFERENCES promotions (id, digest)
);
CREATE TRIGGER decided BEFORE UPDATE OR DELETE OR TRUNCATE ON approvals
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

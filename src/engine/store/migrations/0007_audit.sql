-- Every action, in one chain: the hash of a row covers the hash of the row before. Names are copied; the rows outlive people.
CREATE TABLE audit (
    seq bigint PRIMARY KEY,
    at timestamptz NOT NULL,
    actor text NOT NULL,
    role text NOT NULL,
    action text NOT NULL,
    object text NOT NULL,
    result text NOT NULL,
    ip text NOT NULL,
    previous text NOT NULL CONSTRAINT audit_previous_unique UNIQUE,
    hash text NOT NULL
);
CREATE TRIGGER written BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The end of the chain, so that rows cut off at the end are missed.
CREATE TABLE audit_head (
    only_one boolean PRIMARY KEY DEFAULT true CONSTRAINT audit_head_only_one CHECK (only_one),
    seq bigint NOT NULL,
    hash text NOT NULL
);
INSERT INTO audit_head (seq, hash) VALUES (0, repeat('0', 64));
CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON audit_head
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

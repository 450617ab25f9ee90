-- The key is the SHA-256 of the id in the cookie, so that nobody who reads this table can sign in with what it holds.
CREATE TABLE sessions (
    id_hash text PRIMARY KEY CONSTRAINT sessions_id_hashed CHECK (id_hash ~ '^[0-9a-f]{64}$'),
    person uuid REFERENCES people ON DELETE CASCADE,
    data bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    seen_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);
CREATE INDEX sessions_by_person ON sessions (person);

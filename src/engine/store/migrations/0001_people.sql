-- People sign in with their address. An address is kept in lower case so that it is unique as people mean it.
CREATE TABLE people (
    id uuid PRIMARY KEY,
    name text NOT NULL CONSTRAINT people_name_given CHECK (btrim(name) <> ''),
    email text NOT NULL
        CONSTRAINT people_email_unique UNIQUE
        CONSTRAINT people_email_lower CHECK (email = lower(email)),
    role text NOT NULL CONSTRAINT people_role_known CHECK (role IN ('auditor', 'admin', 'lead', 'owner')),
    -- A PHC string: algorithm, parameters, salt and hash.
    password text NOT NULL CONSTRAINT people_password_hashed CHECK (password LIKE '$argon2id$%'),
    created_at timestamptz NOT NULL DEFAULT now(),
    disabled_at timestamptz,
    last_sign_in timestamptz
);

-- The one-time token that creates the first owner: hashed, at most one.
CREATE TABLE first_run (
    only_one boolean PRIMARY KEY DEFAULT true CONSTRAINT first_run_only_one CHECK (only_one),
    token_hash bytea NOT NULL,
    expires_at timestamptz NOT NULL
);

-- Failed sign-ins of the last minutes, counted by account and by address. Keys are hashes: what was typed may be a password.
CREATE TABLE sign_in_failures (
    key text NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX sign_in_failures_by_key ON sign_in_failures (key, at);

CREATE TABLE pipelines (
    id uuid PRIMARY KEY,
    name text NOT NULL CONSTRAINT pipelines_name_unique UNIQUE,
    lookup_set jsonb NOT NULL
);

CREATE TABLE environments (
    id uuid PRIMARY KEY,
    pipeline uuid NOT NULL REFERENCES pipelines,
    name text NOT NULL CONSTRAINT environments_name_shape CHECK (name ~ '^[a-z][a-z0-9_-]{0,62}$'),
    label text NOT NULL CONSTRAINT environments_label_given CHECK (btrim(label) <> ''),
    rank int NOT NULL,
    -- Where the connection string is. The string itself is a secret and never in this table.
    connection text NOT NULL CONSTRAINT environments_connection_reference CHECK (connection ~ '^(env:[A-Za-z_][A-Za-z0-9_]*|file:/.+)$'),
    policy jsonb NOT NULL,
    CONSTRAINT environments_name_unique UNIQUE (pipeline, name),
    CONSTRAINT environments_rank_unique UNIQUE (pipeline, rank)
);

-- The one pipeline of a fresh console.
INSERT INTO pipelines (id, name, lookup_set) VALUES (gen_random_uuid(), 'Main', '{"tables": []}');

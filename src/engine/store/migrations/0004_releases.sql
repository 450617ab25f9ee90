-- What was frozen, once for each digest, as the JSON whose SHA-256 the digest is.
CREATE TABLE release_contents (
    digest text PRIMARY KEY CONSTRAINT release_contents_digest_shape CHECK (digest ~ '^[0-9a-f]{64}$'),
    format int NOT NULL,
    content text NOT NULL
);

CREATE TABLE releases (
    id uuid PRIMARY KEY,
    pipeline uuid NOT NULL REFERENCES pipelines,
    version text NOT NULL CONSTRAINT releases_version_given CHECK (btrim(version) <> ''),
    notes text NOT NULL,
    digest text NOT NULL REFERENCES release_contents,
    source uuid NOT NULL CONSTRAINT releases_source_known REFERENCES environments,
    source_label text NOT NULL,
    frozen_by uuid NOT NULL,
    frozen_by_name text NOT NULL,
    frozen_at timestamptz NOT NULL DEFAULT now(),
    tables bigint NOT NULL,
    lookup_rows bigint NOT NULL,
    CONSTRAINT releases_version_unique UNIQUE (pipeline, version)
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: its rows are kept as they were written', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON release_contents
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON releases
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE public.schema_versions (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  version text NOT NULL,
  description text,
  applied_at timestamptz NOT NULL DEFAULT now(),
  applied_by text
)

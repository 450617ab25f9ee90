-- A change by hand between an approval and the run: the target is no longer what was approved.

CREATE INDEX IF NOT EXISTS merchants_created_idx ON public.merchants (created_at);

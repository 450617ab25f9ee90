-- Pages of rows are lines as COPY prints them; they were JSON.
ALTER TABLE release_rows DISABLE TRIGGER frozen;

UPDATE release_rows
SET content = coalesce((
    SELECT string_agg(line, '' ORDER BY row_at)
    FROM json_array_elements(content::json) WITH ORDINALITY AS rows (row_values, row_at),
    LATERAL (
        SELECT string_agg(coalesce(
            replace(replace(replace(replace(replace(replace(replace(cell, '\', '\\'), E'\b', '\b'), E'\f', '\f'), E'\n', '\n'), E'\r', '\r'), E'\t', '\t'), E'\x0b', '\v'),
            '\N'), E'\t' ORDER BY cell_at) || E'\n' AS line
        FROM json_array_elements_text(row_values) WITH ORDINALITY AS cells (cell, cell_at)
    ) AS lines
), '');

ALTER TABLE release_rows ENABLE TRIGGER frozen;

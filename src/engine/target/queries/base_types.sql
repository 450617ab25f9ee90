-- With the functions that read and write their values, which cannot be without them: made from a shell, functions first.
SELECT t.oid::bigint AS oid, to_json('base'::text) AS kind, n.nspname::text AS schema, t.typname::text AS name, '' AS part,
       json_build_object(
         'kind', 'plain',
         'statements', array_to_json(
           ARRAY[format('CREATE TYPE %I.%I', n.nspname, t.typname)]
           || ARRAY(SELECT pg_get_functiondef(p.oid)
                    FROM unnest(ARRAY[t.typinput, t.typoutput, t.typreceive, t.typsend, t.typmodin, t.typmodout, t.typanalyze]) WITH ORDINALITY f (oid, place)
                    JOIN pg_proc p ON p.oid = f.oid
                    WHERE p.oid >= 16384
                    ORDER BY f.place)
           || format('CREATE TYPE %I.%I (%s)', n.nspname, t.typname, concat(
                'INPUT = ', t.typinput, ', OUTPUT = ', t.typoutput,
                CASE WHEN t.typreceive <> 0 THEN ', RECEIVE = ' || t.typreceive END,
                CASE WHEN t.typsend <> 0 THEN ', SEND = ' || t.typsend END,
                CASE WHEN t.typmodin <> 0 THEN ', TYPMOD_IN = ' || t.typmodin END,
                CASE WHEN t.typmodout <> 0 THEN ', TYPMOD_OUT = ' || t.typmodout END,
                CASE WHEN t.typanalyze <> 0 THEN ', ANALYZE = ' || t.typanalyze END,
                ', INTERNALLENGTH = ', CASE WHEN t.typlen < 0 THEN 'VARIABLE' ELSE t.typlen::text END,
                CASE WHEN t.typbyval THEN ', PASSEDBYVALUE' END,
                ', ALIGNMENT = ', CASE t.typalign WHEN 'c' THEN 'char' WHEN 's' THEN 'int2' WHEN 'i' THEN 'int4' ELSE 'double' END,
                ', STORAGE = ', CASE t.typstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external' WHEN 'x' THEN 'extended' ELSE 'main' END,
                ', CATEGORY = ', quote_literal(t.typcategory::text), CASE WHEN t.typispreferred THEN ', PREFERRED = true' END,
                CASE WHEN t.typdefault IS NOT NULL THEN ', DEFAULT = ' || coalesce(pg_get_expr(t.typdefaultbin, 0), quote_literal(t.typdefault)) END,
                CASE WHEN t.typelem <> 0 THEN ', ELEMENT = ' || format_type(t.typelem, NULL) END,
                ', DELIMITER = ', quote_literal(t.typdelim::text),
                CASE WHEN t.typcollation <> 0 THEN ', COLLATABLE = true' END))),
         'comment', obj_description(t.oid, 'pg_type')) AS object
FROM pg_type t
JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE t.typtype = 'b' AND t.typinput >= 16384 AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND n.nspname <> 'lockstep'
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_type'::regclass AND e.objid = t.oid AND e.deptype = 'e')

SELECT p.oid::bigint AS oid, to_json('function'::text) AS kind, n.nspname::text AS schema, p.proname::text AS name, oidvectortypes(p.proargtypes) AS part,
       json_build_object(
         'kind', 'function',
         'function_type', CASE p.prokind WHEN 'f' THEN 'function' WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'window' END,
         'definition', CASE WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid) ELSE
           format('CREATE OR REPLACE AGGREGATE %s(%s) (SFUNC = %s, STYPE = %s%s)',
             format('%I.%I', n.nspname, p.proname),
             CASE WHEN p.pronargs = 0 THEN '*' ELSE pg_get_function_arguments(p.oid) END,
             a.aggtransfn::regproc, format_type(a.aggtranstype, NULL),
             concat(
               CASE WHEN a.aggtransspace <> 0 THEN ', SSPACE = ' || a.aggtransspace END,
               CASE WHEN a.aggfinalfn <> 0 THEN ', FINALFUNC = ' || a.aggfinalfn::regproc END,
               CASE WHEN a.aggfinalextra THEN ', FINALFUNC_EXTRA' END,
               CASE WHEN a.aggfinalfn <> 0 THEN ', FINALFUNC_MODIFY = ' ||
                 CASE a.aggfinalmodify WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END END,
               CASE WHEN a.aggcombinefn <> 0 THEN ', COMBINEFUNC = ' || a.aggcombinefn::regproc END,
               CASE WHEN a.aggserialfn <> 0 THEN ', SERIALFUNC = ' || a.aggserialfn::regproc END,
               CASE WHEN a.aggdeserialfn <> 0 THEN ', DESERIALFUNC = ' || a.aggdeserialfn::regproc END,
               CASE WHEN a.agginitval IS NOT NULL THEN ', INITCOND = ' || quote_literal(a.agginitval) END,
               CASE WHEN a.aggmtransfn <> 0 THEN ', MSFUNC = ' || a.aggmtransfn::regproc END,
               CASE WHEN a.aggminvtransfn <> 0 THEN ', MINVFUNC = ' || a.aggminvtransfn::regproc END,
               CASE WHEN a.aggmtranstype <> 0 THEN ', MSTYPE = ' || format_type(a.aggmtranstype, NULL) END,
               CASE WHEN a.aggmtransspace <> 0 THEN ', MSSPACE = ' || a.aggmtransspace END,
               CASE WHEN a.aggmfinalfn <> 0 THEN ', MFINALFUNC = ' || a.aggmfinalfn::regproc END,
               CASE WHEN a.aggmfinalextra THEN ', MFINALFUNC_EXTRA' END,
               CASE WHEN a.aggmfinalfn <> 0 THEN ', MFINALFUNC_MODIFY = ' ||
                 CASE a.aggmfinalmodify WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END END,
               CASE WHEN a.aggminitval IS NOT NULL THEN ', MINITCOND = ' || quote_literal(a.aggminitval) END,
               CASE WHEN a.aggsortop <> 0 THEN ', SORTOP = OPERATOR(' ||
                 (SELECT format('%I.%s', sn.nspname, so.oprname) FROM pg_operator so JOIN pg_namespace sn ON sn.oid = so.oprnamespace
                  WHERE so.oid = a.aggsortop) || ')' END,
               ', PARALLEL = ' || CASE p.proparallel WHEN 's' THEN 'SAFE' WHEN 'r' THEN 'RESTRICTED' ELSE 'UNSAFE' END,
               CASE WHEN a.aggkind = 'h' THEN ', HYPOTHETICAL' END)) END,
         'arguments', pg_get_function_arguments(p.oid),
         'result', coalesce(pg_get_function_result(p.oid), ''),
         'language', l.lanname,
         'comment', obj_description(p.oid, 'pg_proc')) AS object
FROM pg_proc p
JOIN pg_namespace n ON n.oid = p.pronamespace
JOIN pg_language l ON l.oid = p.prolang
LEFT JOIN pg_aggregate a ON a.aggfnoid = p.oid
WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND n.nspname <> 'lockstep'
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid AND e.deptype IN ('e', 'i'))
  -- Those that read and write a base type are part of it.
  AND p.oid NOT IN (SELECT f FROM pg_type b
                    CROSS JOIN unnest(ARRAY[b.typinput, b.typoutput, b.typreceive, b.typsend, b.typmodin, b.typmodout, b.typanalyze]::oid[]) f
                    WHERE b.typtype = 'b' AND b.typinput >= 16384)

SELECT count(*),
       coalesce(ceil(extract(epoch FROM min(at) + interval '10 minutes' - now())), 0)::bigint
FROM sign_in_failures
WHERE key = $1 AND at > now() - interval '10 minutes'

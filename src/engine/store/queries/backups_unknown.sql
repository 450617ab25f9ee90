SELECT found.name
FROM unnest($1::text[]) AS found (name)
JOIN runs AS r ON position(r.id::text IN found.name) > 0
WHERE NOT (r.state = 'running' AND r.lease_until > now())
  AND NOT EXISTS (SELECT FROM backups AS b WHERE found.name IN (b.file, b.file || '.json') AND b.removed_at IS NULL)

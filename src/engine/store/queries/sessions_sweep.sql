DELETE FROM sessions
WHERE expires_at <= now()
   OR seen_at <= now() - interval '30 minutes'
   OR created_at <= now() - interval '8 hours'

-- The extension is there, in its own schema, and goes without a trace.
SELECT extname, nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
WHERE extname = 'bet_edge';

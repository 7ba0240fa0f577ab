-- jit: statements of functions are many and short; compiling them, as PostgreSQL does with a plan that looks expensive, takes longer than running them.
DO $$
DECLARE
	routine regprocedure;
BEGIN
	-- those that plan their statements themselves: others become a part of the caller's query, and procedures that commit may set nothing
	FOR routine IN SELECT p.oid FROM pg_proc AS p JOIN pg_language AS l ON l.oid = p.prolang
		WHERE p.pronamespace = '@extschema@'::regnamespace AND p.prokind = 'f' AND (l.lanname = 'plpgsql' OR l.lanname = 'sql' AND (p.proconfig IS NOT NULL OR p.proretset AND (p.proisstrict OR p.provolatile = 'v'))) LOOP
		EXECUTE format('ALTER FUNCTION %s SET jit = off', routine);
	END LOOP;
END $$;

#!/bin/sh
# pg_regress over test/sql as one TAP test; its own report goes out as diagnostics.
echo 1..1
if out=$(${MAKE:-make} --no-print-directory installcheck 2>&1); then
	echo "ok 1 - pg_regress"
	echo "$out" | grep -E '^(test|ok|# All)' | sed 's/^/# /'
else
	echo "not ok 1 - pg_regress"
	echo "$out" | sed 's/^/# /' >&2
	[ -f regression.diffs ] && sed 's/^/# /' regression.diffs >&2
fi

#!/bin/sh
# The bench at a fiftieth of its size: it runs, and both sides of every pair give the same number.
out=$(bench/run 2000 "" 1 2>&1)
status=$?
echo "$out" | sed 's/^/# /'
[ $status = 0 ] && echo "ok 1 - the bench runs" || echo "not ok 1 - the bench runs"
[ "$(echo "$out" | grep -c '| yes |$')" -ge 5 ] && ! echo "$out" | grep -q '| NO' && echo "ok 2 - and its pairs agree" || echo "not ok 2 - and its pairs agree"
echo 1..2

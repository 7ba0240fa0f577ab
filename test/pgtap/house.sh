#!/bin/sh
# The house's rules that the catalog does not know: asked of the files.
n=0
# empty "name" "what was found": passes when nothing was
empty() {
	n=$((n + 1))
	if [ -z "$2" ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		echo "$2" | sed 's/^/# /'
	fi
}
sources=$(find sql -mindepth 2 -name '*.sql')

empty 'the install script creates, and never adopts what is there (CVE-2022-2625)' \
	"$(grep -nEi '^(CREATE OR REPLACE|CREATE [A-Z ]*IF NOT EXISTS|DROP )' sql/header.sql $sources)"
empty 'every part is named in the Makefile' \
	"$(for f in $sources; do p=${f#sql/}; grep -qwF "${p%.sql}" Makefile || echo "$f"; done)"
empty 'src/core knows nothing of PostgreSQL' \
	"$(grep -nE '#include *[<"](postgres|fmgr|utils/|catalog/|bind/)|\b(palloc|ereport|elog) *\(' src/core/*.[ch])"
empty 'every subject of math has its SQL test and its page' \
	"$(for f in sql/math/*.sql; do s=$(basename "$f" .sql)
		for want in "test/sql/$s.sql" "expected/$s.out" "docs/$s.md"; do [ -f "$want" ] || echo "$want"; done; done)"
empty 'every SQL test has its expected output, and the other way round' \
	"$(for f in test/sql/*.sql; do w=expected/$(basename "$f" .sql).out; [ -s "$w" ] || echo "$w"; done
	for f in expected/*.out; do w=test/sql/$(basename "$f" .out).sql; [ -f "$w" ] || echo "$w"; done)"
# What only prices or predicts must not drag an OpenMP runtime or a TLS stack into the backend.
empty 'bet_edge.so needs libc and libm alone' \
	"$(objdump -p bet_edge.so | awk '$1 == "NEEDED" && $2 !~ /^lib[cm]\.so/ { print $2 }')"
empty 'its symbols carry its name' \
	"$(nm -D --defined-only bet_edge*.so | awk 'NF == 3 && $3 !~ /^(pg_finfo_)?bet_edge_|^Pg_magic_func$|^_PG_init$/ { print $3 }')"
empty 'nothing is left to do' \
	"$(grep -rnE '\b(TODO|FIXME|XXX)\b' --include='*.[ch]' --include='*.sql' --include='*.md' --include='*.mk' src sql docs make test Makefile README.md 2>/dev/null)"
empty 'every file of reference values is compared' \
	"$(for f in test/golden/*.sql; do grep -qF "ir ../golden/$(basename "$f")" test/pgtap/golden.sql || echo "$f"; done)"
# What reads and explains a forest belongs to it.
empty 'every subject of core has its unit program and its fuzz target' \
	"$(for f in src/core/*.c; do s=$(basename "$f" .c); case $s in forest_*) s=forest ;; esac
		for want in "test/unit/$s.c" "test/fuzz/$s.c"; do [ -f "$want" ] || echo "$want"; done; done)"
echo "1..$n"

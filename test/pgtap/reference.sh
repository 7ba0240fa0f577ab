#!/bin/sh
# docs/reference.md and the index in README.md are what the catalog says: else run make reference.
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
check() { # status, name
	n=$((n + 1))
	[ "$1" = 0 ] && echo "ok $n - $2" || { echo "not ok $n - $2: run make reference"; head -40 "$dir/diff" | sed 's/^/# /'; }
}
docs/reference.sh >"$dir/reference.md" 2>"$dir/diff" && diff docs/reference.md "$dir/reference.md" >"$dir/diff"
check $? 'docs/reference.md is the catalog'
awk -f docs/index.awk "$dir/reference.md" README.md >"$dir/README.md" 2>"$dir/diff" && diff README.md "$dir/README.md" >"$dir/diff"
check $? 'so is the index in README.md'
# what is not found in a part has no place in the page
grep -n '^## other' "$dir/reference.md" >"$dir/diff"
check $((! $?)) 'every object has its place'
echo "1..$n"

#!/bin/sh
# Prints docs/reference.md from the catalog of a database made for it; which part of the install
# script an object comes from says where it stands.
set -e
cd "$(dirname "$0")/.."
db=bet_edge_reference_$$
createdb "$db"
trap 'dropdb --force "$db"' EXIT
psql -X -q -v ON_ERROR_STOP=1 -d "$db" -c 'CREATE EXTENSION bet_edge'
parts=$(for part in $(find sql -mindepth 2 -name '*.sql' | sort); do
	stem=${part#sql/}
	sed -nE "s#^CREATE (FUNCTION|PROCEDURE|AGGREGATE|TABLE|VIEW|TYPE) ([a-z_0-9]+).*#\2 ${stem%.sql}#p" "$part"
done)
psql -X -q -v ON_ERROR_STOP=1 -d "$db" -v parts="$parts" -f docs/reference.sql

# Prints README.md with the table between its reference markers made anew from docs/reference.md;
# fails when the markers are not there, so that no run replaces a damaged README.md by a worse one:
#   awk -f docs/index.awk docs/reference.md README.md
FNR == NR {
	if (/^## /) stage = substr($0, 4)
	if (/^### /) { subject = substr($0, 5); order[++n] = stage "/" subject; stages[n] = stage; subjects[n] = subject }
	if (/^\| `/) {
		name = $0
		sub(/^\| `/, "", name)
		sub(/[(`].*/, "", name)
		if (!((n, name) in seen)) { seen[n, name] = 1; names[n] = names[n] (names[n] == "" ? "" : ", ") "`" name "`" }
	}
	next
}
/<!-- reference: made by make reference -->/ {
	print
	print "| stage | subject | names |"
	print "|---|---|---|"
	for (i = 1; i <= n; i++) print "| " stages[i] " | " subjects[i] " | " names[i] " |"
	skip = 1
	begun = 1
	next
}
/<!-- end of reference -->/ { skip = 0; ended = begun }
!skip
END {
	if (!ended) {
		print "README.md: the reference markers are not there" >"/dev/stderr"
		exit 1
	}
}

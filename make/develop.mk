# What developers and newcomers run: packages, throwaway clusters, tests, demo, bench.
# Nothing here is installed system-wide: Debian's extension_destdir lets a temporary
# cluster load the extension from a staging directory.

PG_MAJOR ?= $(or $(MAJORVERSION),15)
DEPS = build-essential postgresql-$(PG_MAJOR) postgresql-server-dev-$(PG_MAJOR) \
	postgresql-$(PG_MAJOR)-cron postgresql-$(PG_MAJOR)-pgtap libtap-parser-sourcehandler-pgtap-perl \
	libxgboost-dev libcurl4-openssl-dev python3 openssl
SUDO = $(if $(filter 0,$(shell id -u)),,sudo)

.PHONY: deps
deps:
	@missing=$$(for p in $(DEPS); do \
		dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || echo $$p; done); \
	if [ -z "$$missing" ]; then echo "deps: all packages are there"; else \
		echo "deps: installing" $$missing; \
		log=$$(mktemp) && \
		{ $(SUDO) apt-get update -qq && $(SUDO) env DEBIAN_FRONTEND=noninteractive \
			apt-get install -y -qq --no-install-recommends $$missing; } >$$log 2>&1 || { cat $$log >&2; exit 1; }; \
		rm -f $$log; fi

# ---- throwaway cluster: $(call in_cluster,command) ---------------------------------------
# Databases are UTF-8 whatever the caller's locale is. What the cluster says is shown only when the command fails. Values of -o must not hold spaces. The stage is world-readable: the server may run as postgres.
CLUSTER_OPTS = -o extension_destdir=$$STAGE -o fsync=off -o max_wal_size=4GB -o shared_buffers=512MB -o work_mem=64MB -o jit=on
define in_cluster
STAGE=$$(mktemp -d) && chmod 755 $$STAGE && trap 'rm -rf "$$STAGE"' EXIT && \
$(MAKE) --no-print-directory -s install DESTDIR=$$STAGE && export STAGE && \
{ LC_ALL=C.UTF-8 PGPORT=$$(make/free_port) pg_virtualenv -t -v '$(MAJORVERSION)' $(CLUSTER_OPTS) \
	sh -c '$(1) >&3 2>&4' 3>&1 4>&2 >$$STAGE/cluster.log 2>&1 || { cat $$STAGE/cluster.log; exit 1; }; }
endef

# ---- tests --------------------------------------------------------------------------------
# Core arithmetic without PostgreSQL, under AddressSanitizer and UndefinedBehaviorSanitizer.
UNIT_SRC  = $(sort $(wildcard test/unit/*.c))
UNIT_BIN  = $(patsubst test/unit/%.c,test/unit/bin/%.t,$(UNIT_SRC))
SANITIZE ?= -fsanitize=address,undefined -fno-sanitize-recover=all
CHECK_CFLAGS = -std=c11 -g -O1 -Wall -Wextra -Werror -Wno-unused-parameter -Wno-sign-compare -ffp-contract=off -Isrc
CORE_SRC  = $(sort $(wildcard src/core/*.c))
CORE_HEADERS = $(wildcard src/core/*.h)
.SECONDARY:
test/unit/bin/%.t: test/unit/%.c test/unit/tap.h $(CORE_HEADERS) $(CORE_SRC:src/core/%.c=test/unit/bin/core/%.o)
	gcc $(CHECK_CFLAGS) $(SANITIZE) -Itest/unit -o $@ $(filter %.c %.o,$^) -lm
test/unit/bin/core/%.o: src/core/%.c $(CORE_HEADERS)
	@mkdir -p $(@D)
	gcc $(CHECK_CFLAGS) $(SANITIZE) -c -o $@ $<

# ---- checks that look for what nobody thought of -------------------------------------------
# Every subject of core under libFuzzer, FUZZ_SECONDS each; a crash leaves its input in test/fuzz/bin.
CHECK_DEPS   = clang libclang-rt-14-dev valgrind python3-xgboost
FUZZ_SECONDS ?= 60
FUZZ_BIN     = $(patsubst test/fuzz/%.c,test/fuzz/bin/%,$(sort $(wildcard test/fuzz/$(or $(SUBJECT),*).c)))
test/fuzz/bin/%: test/fuzz/%.c test/fuzz/fuzz.h $(CORE_HEADERS) $(CORE_SRC:src/core/%.c=test/fuzz/bin/core/%.o)
	clang $(CHECK_CFLAGS) $(SANITIZE) -fsanitize=fuzzer -Itest/fuzz -o $@ $(filter %.c %.o,$^) -lm
test/fuzz/bin/core/%.o: src/core/%.c $(CORE_HEADERS)
	@mkdir -p $(@D)
	clang $(CHECK_CFLAGS) $(SANITIZE) -fsanitize=fuzzer-no-link -c -o $@ $<
.PHONY: fuzz check-deps
check-deps: DEPS += $(CHECK_DEPS)
check-deps: deps
# gcc's static analyser over everything; a finding is an error.
ANALYSED = $(patsubst %.c,test/analyze/bin/%.o,$(wildcard src/*/*.c))
test/analyze/bin/%.o: %.c $(wildcard src/*/*.h)
	@mkdir -p $(@D)
	gcc $(CHECK_CFLAGS) -fanalyzer -D_GNU_SOURCE -Wno-missing-field-initializers -Wno-declaration-after-statement \
		-DBET_EDGE_VERSION=\"$(EXTVERSION)\" -I$(shell $(PG_CONFIG) --includedir-server) -c -o $@ $<
.PHONY: analyze
analyze: $(ANALYSED)
	@echo "analyze: $(words $(ANALYSED)) files, nothing found"
# The regression suite under valgrind: make valgrind REGRESS="overround kelly", all of it without REGRESS.
.PHONY: valgrind
valgrind: all
	@$(call in_cluster,REGRESS="$(REGRESS)" MAKE="$(MAKE)" test/valgrind)
fuzz: $(FUZZ_BIN)
	@test/fuzz/run $(FUZZ_SECONDS) $(FUZZ_BIN)

# Files beside the project that tests use when they are there, and skip by name when not.
DATA_DIR   ?= $(wildcard ../shared/data)
GOLDEN_DIR ?= $(wildcard ../shared/golden)

.PHONY: test check-cluster
test: all $(UNIT_BIN)
	@$(call in_cluster,$(MAKE) --no-print-directory check-cluster)
# One runner, one summary: unit programs, pg_regress as one test, a database a pgTAP file.
check-cluster: export BET_EDGE_DATA := $(if $(DATA_DIR),$(STAGE)/data)
check-cluster: export BET_EDGE_GOLDEN := $(if $(GOLDEN_DIR),$(STAGE)/golden)
check-cluster:
	DATA_DIR='$(DATA_DIR)' GOLDEN_DIR='$(GOLDEN_DIR)' test/prepare
	MAKE="$(MAKE)" prove --timer --failures -j 2 --exec test/run $(PROVE_FLAGS) \
		$(or $(T),$(UNIT_BIN) test/regress.sh $(sort $(wildcard test/pgtap/*.sql test/pgtap/*.sh)))

# ---- bench and demo -------------------------------------------------------------------------
.PHONY: bench demo
# A table of more than a quarter of the buffers is read from the file system in every scan; at N=1000000 the largest has half a gigabyte.
bench: CLUSTER_OPTS += -o shared_buffers=2GB
bench: all
	@$(call in_cluster,bench/run $(or $(N),100000) "$(SUBJECT)" $(TURNS))

# DATA is PGXS's own list of files to install: hand ours over under another name.
demo:
	@$(MAKE) --no-print-directory deps
	@$(MAKE) --no-print-directory -s demo-built DATA= DEMO_DATA='$(DATA)' KEEP='$(KEEP)'
.PHONY: demo-built forecasts
demo-built: all
	@MODEL='$(MODEL)' DEMO_DATA='$(DEMO_DATA)' DEMO_KEEP='$(KEEP)' DEMO_SCRIPT='$(DEMO_SCRIPT)' demo/run
# The tables of docs/forecasts.md from a folder of data.
forecasts:
	$(if $(DATA),,$(error make forecasts DATA=folder with files of known feeds))
	@$(MAKE) --no-print-directory -s demo-built DATA= DEMO_DATA='$(DATA)' DEMO_SCRIPT=forecasts.sql KEEP='$(KEEP)'

# The table of docs/live.md from a folder of data; with MODEL=models/halftime.sql the model that it ships, too.
.PHONY: live
live:
	$(if $(DATA),,$(error make live DATA=folder with differentials by minute and closing lines of the NBA))
	@$(MAKE) --no-print-directory -s demo-built DATA= DEMO_DATA='$(DATA)' DEMO_SCRIPT=live.sql KEEP='$(KEEP)' MODEL='$(abspath $(MODEL))'

# The table of docs/props.md from a folder of players' lines; with MODEL=models the models that it ships, too.
.PHONY: props
props:
	$(if $(DATA),,$(error make props DATA=folder with players' lines of the NBA and of MLB))
	@$(MAKE) --no-print-directory -s demo-built DATA= DEMO_DATA='$(DATA)' DEMO_SCRIPT=props.sql KEEP='$(KEEP)' MODEL='$(abspath $(MODEL))'

# ---- reference ------------------------------------------------------------------------------
.PHONY: reference
reference: all
	@($(call in_cluster,docs/reference.sh)) >docs/reference.new && mv docs/reference.new docs/reference.md || \
		{ cat docs/reference.new >&2; rm docs/reference.new; exit 1; }
	@awk -f docs/index.awk docs/reference.md README.md >README.new && mv README.new README.md

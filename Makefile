EXTENSION    = bet_edge
EXTVERSION  := $(shell sed -n "s/^default_version *= *'\(.*\)'/\1/p" $(EXTENSION).control)
PG_CONFIG   ?= pg_config

# ---- the install script: these parts, in the order in which data flows -------------------
SQL_PARTS = header \
	operate/claim operate/alert \
	math/odds math/overround math/kelly math/settlement \
	math/elo math/glicko2 math/pi_rating math/kalman math/score_grid \
	math/calibration math/logistic math/lstm math/nearest math/blend math/score math/crps math/pit math/reliability math/conformal math/cpd math/count math/score_law \
	math/matches math/dixon_coles math/bivariate_poisson math/massey math/colley math/markov \
	math/returns math/clv math/bootstrap math/selection \
	collect/identity collect/csv collect/payload collect/game collect/quote collect/bet_share collect/player collect/fact collect/venue collect/football_data \
	collect/nflverse collect/sportsbook_review collect/tennis_data collect/tennis_abstract collect/offer collect/the_odds_api \
	collect/pinnacle collect/espn collect/thesportsdb \
	collect/player_game collect/live_score collect/nba_stats collect/nba_live collect/retrosheet collect/draftkings collect/simulated_league collect/ingest collect/unknown collect/fetch \
	collect/weather collect/injury collect/feed collect/credit collect/request know/overround_fit know/market know/rating know/strength know/meeting know/feature \
	know/key_number_fit know/leakage know/prop_feature \
	learn/forest learn/model learn/line learn/live learn/promotion learn/training learn/training_queue learn/prop learn/prop_file learn/prop_quality \
	decide/strategy_configuration decide/prediction decide/challenger decide/edge decide/prop_context decide/prop_edge decide/stake decide/slate decide/pick decide/fair \
	account/settlement_rule account/close account/bet account/bankroll account/place account/settle account/measure account/simulation account/evaluation account/forecast_quality account/monitor \
	adapt/strategy adapt/backtest adapt/rule adapt/switch adapt/orchestrator adapt/report adapt/opportunity \
	live/halftime_model live/halftime_fit live/halftime_quality live/halftime live/halftime_train live/halftime_forecast live/shipped \
	operate/schedule operate/job_health operate/maintain operate/health operate/jit operate/grants
# Shipped models are rows of shipped_model, written once all is there.
SQL_FILES = $(wildcard $(SQL_PARTS:%=sql/%.sql) models/*.sql)

# ---- three libraries, by what they drag in ----------------------------------------------
MODULE_big   = $(EXTENSION)
OBJS         = $(patsubst %.c,%.o,$(sort $(wildcard src/core/*.c src/bind/*.c)))
TRAIN_OBJS   = $(patsubst %.c,%.o,$(sort $(wildcard src/train/*.c)))
FEED_OBJS    = $(patsubst %.c,%.o,$(sort $(wildcard src/feed/*.c)))
BRIDGES      = $(if $(TRAIN_OBJS),bet_edge_train.so) $(if $(FEED_OBJS),bet_edge_feed.so)

DATA         = $(wildcard sql/$(EXTENSION)--*--*.sql)
DATA_built   = sql/$(EXTENSION)--$(EXTVERSION).sql
EXTRA_CLEAN  = $(TRAIN_OBJS) $(FEED_OBJS) $(BRIDGES) test/unit/bin test/fuzz/bin test/analyze results regression.diffs regression.out

# The same digits on every processor: no fused multiply-add, no fast-math. Nobody outside replaces our
# functions (see EXPORTS), so they may be inlined within their file.
PG_CPPFLAGS  = -Isrc -DBET_EDGE_VERSION=\"$(EXTVERSION)\"
PG_CFLAGS    = -std=c11 -Wall -Wextra -Werror -Wno-unused-parameter -Wno-sign-compare \
               -Wno-missing-field-initializers -Wno-declaration-after-statement -ffp-contract=off -fno-semantic-interposition
# A backend has one space of names for all its libraries: ours show their entry points alone.
EXPORTS      = -Wl,--version-script=make/exports.map
SHLIB_LINK   = -lm $(EXPORTS)

TESTS        = $(sort $(wildcard test/sql/*.sql))
REGRESS      = $(patsubst test/sql/%.sql,%,$(TESTS))
REGRESS_OPTS = --inputdir=test --load-extension=$(EXTENSION)

# JIT would inline our arithmetic under its own floating-point rules; it also costs a clang run.
override with_llvm := no

# `make deps` and `make demo` must start on a machine that has no PostgreSQL yet.
ifneq ($(shell command -v $(PG_CONFIG) 2>/dev/null),)
PGXS := $(wildcard $(shell $(PG_CONFIG) --pgxs))
endif
ifneq ($(PGXS),)
include $(PGXS)
ifneq ($(filter $(MAJORVERSION),9.6 10 11 12 13),)
$(error bet_edge needs PostgreSQL 14 or newer (SQL-standard function bodies), this is $(VERSION))
endif
else ifneq ($(filter-out deps check-deps demo,$(or $(MAKECMDGOALS),all)),)
$(error PostgreSQL server headers not found: run 'make deps', or give PG_CONFIG=/path/to/pg_config)
endif

all: $(BRIDGES)

$(DATA_built): $(SQL_FILES) Makefile
	cat $(SQL_FILES) > $@

$(OBJS) $(TRAIN_OBJS) $(FEED_OBJS): $(wildcard src/*/*.h)

bet_edge_train.so: $(TRAIN_OBJS) src/bind/source.o
	$(CC) $(CFLAGS) $(LDFLAGS) -shared -o $@ $^ -lxgboost -lgomp -lm $(EXPORTS)

bet_edge_feed.so: $(FEED_OBJS)
	$(CC) $(CFLAGS) $(LDFLAGS) -shared -o $@ $^ -lcurl $(EXPORTS)

$(TRAIN_OBJS) $(FEED_OBJS): CFLAGS += $(CFLAGS_SL)

install: install-bridges
.PHONY: install-bridges
install-bridges: $(BRIDGES) installdirs
	$(if $(strip $(BRIDGES)),$(INSTALL_SHLIB) $(BRIDGES) '$(DESTDIR)$(pkglibdir)/')

uninstall: uninstall-bridges
.PHONY: uninstall-bridges
uninstall-bridges:
	rm -f $(BRIDGES:%='$(DESTDIR)$(pkglibdir)/%')

include make/develop.mk

# Unpack. `make demo` shows everything on this machine, `make serve` runs it for real work, `make
# test` checks everything.

VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m demo.install
TEST_PROCESSES ?= 2
# The first Python on PATH that is new enough; PYTHON=… names another.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$python && break; done)

# Where bytecode is switched off, every process of a test run compiles everything again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo demo-reset serve test chaos coverage simulate simulate-ledger simulate-faults
.PHONY: mutants bench lint known-faults format assets lock
.DELETE_ON_ERROR:

help:
	@echo "make demo        run Unpack and a stand-in Jira Cloud at http://localhost:5050"
	@echo "make demo-reset  empty the demo's data"
	@echo "make serve       run Unpack for real work, on this machine, with a real Jira"
	@echo "make test        install what the tests need, then check and test everything"
	@echo "make coverage    the tests, and which lines of app/ and jobs/ none of them runs"
	@echo "make chaos       the long storm: 20 organizations, 1,000 action items, killed workers"
	@echo "make simulate    simulated days with trouble, and a judge who watches"
	@echo "make simulate-ledger  which days it has lived through, and how many are owed"
	@echo "make simulate-faults  the same with what must be found put in on purpose"
	@echo "make mutants     which changes to the pure decisions no test would notice"
	@echo "make bench       what it costs, beside what it could cost; minutes of a quiet machine"
	@echo "make lint        only the checks"
	@echo "make known-faults  which pinned libraries have faults that are known, or cannot be asked about"
	@echo "make format      format the code"
	@echo "make assets      cut the kit's stylesheet and icons to what the pages use, compress static/"
	@echo "make lock        pin requirements*.in again"
	@echo "make help        these lines"

demo: $(VENV)/installed
	@$(BIN)/python -m demo.run

demo-reset: $(VENV)/installed
	@$(BIN)/python -m demo.run --reset

# OWNER=… ORGANIZATION=… the first time. What lasts stands in installation/settings.env.
serve: $(VENV)/installed
	@$(BIN)/python -m serve.run

test: lint
	$(BIN)/python -m tests.sections -n $(TEST_PROCESSES) --dist loadfile $(PYTEST_ARGUMENTS)

# Nothing depends on the figure. Lines that only a killed process runs are not counted.
coverage: $(VENV)/installed-dev
	@mkdir -p instance
	$(BIN)/python -m pytest -n $(TEST_PROCESSES) --dist loadfile --cov=app --cov=jobs \
		--cov-report=term-missing:skip-covered $(PYTEST_ARGUMENTS)

# CHAOS_DATABASE=sqlite or postgresql for one of them; CHAOS_PATIENCE=4 on a machine that is slow.
chaos: $(VENV)/installed-dev
	CHAOS=1 CHAOS_ORGANIZATIONS=20 CHAOS_ITEMS=50 CHAOS_KILLS=20 CHAOS_WORKERS=3 \
		CHAOS_PATIENCE=$${CHAOS_PATIENCE:-2} \
		$(BIN)/python -m pytest -s tests/chaos -k "$${CHAOS_DATABASE:-test}" $(PYTEST_ARGUMENTS)

# SEEDS=1-200 for these; without it, COUNT more where the ledger ends. HOURS each. One core a
# process: several may run at once. What they note in tests/simulation/ledger.json is committed.
# POSTGRESQL=1 instead of SQLite in memory.
simulate: $(VENV)/installed-dev
	@$(BIN)/python -m tests.simulation --hours $${HOURS:-24} --count $${COUNT:-100} \
		$${SEEDS:+--seeds $$SEEDS} $${MINUTES:+--minutes $$MINUTES} \
		$${POSTGRESQL:+--postgresql}

simulate-ledger: $(VENV)/installed-dev
	@$(BIN)/python -m tests.simulation --show-ledger

# FAULTS='"no stamp" "one probe"' for some of them.
simulate-faults: $(VENV)/installed-dev
	@$(BIN)/python -m tests.simulation --faults $(FAULTS)

# Some minutes; what has a result already is not run again. `rm -r mutants` begins anew.
mutants: $(VENV)/installed-dev
	@$(BIN)/python -m tests.support.mutants

# ONLY=commit,webhooks for single lines, SHORT=1 for small sizes without a verdict. Ends with 1
# where a line falls short.
bench: $(VENV)/installed-bench
	@$(BIN)/python -m bench $${SHORT:+--short} $(BENCH_ARGUMENTS)

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy --strict app jobs demo serve assets bench tests/support tests/simulation *.py
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/bandit --quiet --recursive --severity-level medium app jobs demo serve *.py

# Ends with 1 where a fault is known, with 2 where the list of them could not be reached.
known-faults: $(VENV)/installed-dev
	@$(BIN)/python -m tests.support.known_faults

format: $(VENV)/installed-dev
	$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format --quiet .

# After a class, an element or an icon that no page had before, and after a change under static/.
assets: $(VENV)/installed-dev
	@$(BIN)/python -m assets.make

lock: $(VENV)/installed-dev
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-annotate --no-header requirements.in -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-annotate --no-header requirements-tracing.in -o requirements-tracing.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-annotate --no-header requirements-dev.in -o requirements-dev.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-annotate --no-header requirements-bench.in -o requirements-bench.txt

$(VENV)/bin/python:
	@echo "Making $(VENV) …"
	@test -n "$(PYTHON)" || { echo "Unpack needs Python 3.11 or newer; none is on PATH." \
		"PYTHON=/path/to/python3 names one." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Unpack needs Python 3.11 or newer; $(PYTHON) is older or does not run." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "This Python cannot make a virtual environment: apt-get install python3-venv" >&2; \
		exit 1; }
	@$(PYTHON) -m venv --clear $(VENV)

# Installed again only when the pinned list has changed.
$(VENV)/installed: requirements.txt | $(VENV)/bin/python
	@echo "Installing what Unpack needs into $(VENV) …"
	@$(INSTALL) requirements.txt || { \
		echo "Not installed: the lines above say which package, and why." >&2; exit 1; }
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt | $(VENV)/bin/python
	@echo "Installing what the tests need into $(VENV) …"
	@$(INSTALL) requirements-dev.txt || { \
		echo "Not installed: the lines above say which package, and why." >&2; exit 1; }
	@touch $@

# Beside what the tests need: the libraries that the bench compares with.
$(VENV)/installed-bench: requirements-bench.txt $(VENV)/installed-dev | $(VENV)/bin/python
	@echo "Installing what the bench compares with into $(VENV) …"
	@$(INSTALL) requirements-bench.txt || { \
		echo "Not installed: the lines above say which package, and why." >&2; exit 1; }
	@touch $@

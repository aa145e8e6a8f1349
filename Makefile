# Torap. `make` lists what can be done; `make run` and `make test` need only Python 3.11+ (and Node 20+, or PyPI's).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Errors only: what pip warns of (a mirror without a package, a newer pip) is no news to the reader.
INSTALL := $(BIN)/pip install -q -q
TEST_HOME := $(CURDIR)/var/test
DIST := src/torap/web/static/torap/dist/manifest.json
FRONTEND := $(shell find frontend -type f -not -path '*/node_modules/*' 2>/dev/null)
CATALOGUES := $(shell find src/torap/locale -name '*.po' 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help run seed test test-postgres lint format bench docs lock messages clean

help:  ## list the commands
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.web $(DIST) $(VENV)/.messages  ## set everything up, load the facts and serve at http://127.0.0.1:8000
	@$(BIN)/torap up

seed: $(VENV)/.web $(VENV)/.messages  ## database and facts only, without serving
	@$(BIN)/torap seed

test: $(VENV)/.dev $(DIST) $(VENV)/.messages  ## every test, on the embedded database (and on PostgreSQL if TORAP_DATABASE_URL is set)
	TORAP_HOME=$(TEST_HOME) $(BIN)/python -m pytest -q -n 2 --dist loadgroup $(PYTEST_ARGS)

lint: $(VENV)/.dev  ## style, types, and the direction of imports
	$(BIN)/ruff check src tests tools
	$(BIN)/ruff format --check src tests tools
	$(BIN)/lint-imports
	$(BIN)/mypy

format: $(VENV)/.dev  ## let the formatter write
	$(BIN)/ruff check --fix src tests tools
	$(BIN)/ruff format src tests tools

bench: $(VENV)/.dev $(DIST) $(VENV)/.messages  ## how long pages take, and trials of schedules beside two peers
	$(BIN)/python tools/bench_pages.py
	@$(MAKE) --no-print-directory .venv-bench/.peers || echo "The peers cannot be installed here: they are told as not available"
	$(BIN)/python tools/bench_schedule.py $(BENCH_ARGS)

.venv-bench/.peers: requirements/bench.txt
	@echo "Installing the peers that are measured beside ours, in an environment of their own"
	@$(PYTHON) -m venv .venv-bench
	@.venv-bench/bin/pip install -q -q --require-hashes -r requirements/bench.txt
	@touch $@

docs: $(VENV)/.dev  ## write the generated reference pages anew
	$(BIN)/python tools/reference.py

lock: $(VENV)/.dev  ## resolve the dependencies anew, with hashes and without addresses
	$(BIN)/uv pip compile pyproject.toml --extra web --extra dev --generate-hashes --no-emit-index-url --no-header --python-version 3.11 -U -q -o requirements/dev.txt
	printf 'pmcontrols==0.2.1\ntrueppm-scheduler==0.4.0rc2\n' | $(BIN)/uv pip compile - --generate-hashes --no-emit-index-url --no-header --python-version 3.11 -q -o requirements/bench.txt
	$(BIN)/uv pip compile pyproject.toml --extra web --generate-hashes --no-emit-index-url --no-header --python-version 3.11 -c requirements/dev.txt -q -o requirements/web.txt

messages: $(VENV)/.dev  ## collect the sentences to translate and compile the catalogues
	$(BIN)/python tools/messages.py collect
	$(BIN)/python tools/messages.py compile

clean:  ## remove what was built, not the data in var/
	rm -rf $(VENV) .venv-bench frontend/node_modules src/torap/web/static/torap/dist
	find src -name '*.mo' -delete

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Torap needs Python 3.11 or newer; this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@echo "Making the environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.web: requirements/web.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing what the pages need (a minute on a fresh machine)"
	@$(INSTALL) --require-hashes -r requirements/web.txt
	@$(INSTALL) --no-deps -e .
	@touch $@

$(VENV)/.dev: requirements/dev.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing what the tests need"
	@$(INSTALL) --require-hashes -r requirements/dev.txt
	@$(INSTALL) --no-deps -e .
	@touch $@ $(VENV)/.web

$(VENV)/.messages: $(CATALOGUES) tools/messages.py | $(VENV)/.web
	@$(BIN)/python tools/messages.py compile
	@touch $@

$(DIST): $(FRONTEND) | $(VENV)/bin/python
	@echo "Building the pages' scripts and styles"
	@bash tools/frontend.sh > $(VENV)/frontend.log 2>&1 || { cat $(VENV)/frontend.log; exit 1; }

# Everything a developer runs. `make` alone lists the targets; ARGS="..." goes on to the program a target runs.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
MAKEFLAGS += --no-builtin-rules
# Tests start thousands of processes: each would compile our code anew, and so would each worker that collects tests.
unexport PYTHONDONTWRITEBYTECODE

ARGS ?=
PYTHON ?=
CORES := $(shell nproc 2>/dev/null || echo 1)
# One more than there are cores: many tests wait, for a process or for what must not happen.
WORKERS ?= $(shell echo $$(($(CORES) + 1)))
# Those with clients, pages and hosts wait longer. Yet more of them keep two cores so busy that they wait for each other.
WAITERS ?= $(shell echo $$(($(CORES) + 2)))
WAITING := tests/hosts tests/clients tests/bench/test_peers.py tests/browser
QUICK := not clients and not browser and not hosts and not long
PIP := .venv/bin/python -m pip --disable-pip-version-check -qq
PYTEST := .venv/bin/python -m pytest
# Tests that share what is slow to begin are at one worker.
PYTEST_WAITING = $(PYTEST) -n $(WAITERS) --dist loadgroup
# Each worker has its tests in one piece, so that few begin what the same module shares; who is done takes some of others'.
PYTEST_QUICK = $(PYTEST) -n $(WORKERS) --dist worksteal
COUNT = $$(grep -c '==' $<)

# The first Python of these that is new enough and can make virtual environments. A name may exist and not run (pyenv's shims).
find_python = for python in $(or $(PYTHON),python3.12 python3.11 python3); do \
	  if "$$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then break; fi; \
	  python=; \
	done; \
	if [ -z "$$python" ]; then \
	  echo "Palaver needs Python 3.11 or newer, with its venv module. Tried $(or $(PYTHON),python3.12 python3.11 python3)." >&2; \
	  for tried in $(or $(PYTHON),python3.12 python3.11 python3); do \
	    if version=$$("$$tried" -V 2>/dev/null); then \
	      "$$tried" -c 'import ensurepip, venv' 2>/dev/null && lacks= || lacks=" without venv (Debian: apt install python3-venv)"; \
	      echo "  $$tried is $$version$$lacks" >&2; \
	    else echo "  $$tried: not found" >&2; fi; \
	  done; \
	  echo "Name another one with PYTHON=/path/to/python." >&2; \
	  exit 1; \
	fi

.PHONY: help
help: ## List the targets
	@echo "Palaver. make TARGET [ARGS=...]"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: python
python: ## Say which Python an install would use
	@$(find_python); echo "$$python"

.venv/bin/pip:
	@$(find_python); echo "Making .venv with $$python ($$("$$python" -V))"; "$$python" -m venv .venv

.venv/.installed: requirements/runtime.lock pyproject.toml | .venv/bin/pip
	@echo "Installing $(COUNT) packages from $< (less than a minute)"
	@$(PIP) install --require-hashes -r $<
	@echo "Installing palaver itself, from this folder"
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

# A server that speaks S3, for the tests of files. It lives apart: it needs older packages than we run on.
.venv/.s3: requirements/s3.lock | .venv/bin/pip
	@echo "Installing $(COUNT) packages from $<"
	@.venv/bin/python -m venv .venv/s3-tools
	@.venv/s3-tools/bin/pip --disable-pip-version-check -qq install --require-hashes -r $<
	@touch $@

.venv/.test: requirements/test.lock .venv/.installed .venv/.s3
	@echo "Installing $(COUNT) packages from $<"
	@$(PIP) install --require-hashes -r $<
	@touch $@

.venv/.bench: requirements/bench.lock .venv/.test
	@echo "Installing $(COUNT) packages from $<"
	@$(PIP) install --require-hashes -r $<
	@touch $@

.venv/.fuzz: requirements/fuzz.lock .venv/.test
	@echo "Installing $(COUNT) packages from $<"
	@$(PIP) install --require-hashes -r $<
	@touch $@

.venv/.check: requirements/check.lock .venv/.test
	@echo "Installing $(COUNT) packages from $<"
	@$(PIP) install --require-hashes -r $<
	@touch $@

.PHONY: install
install: .venv/.installed ## Make .venv and install what running Palaver needs

.PHONY: serve
serve: install ## Run the server
	@.venv/bin/palaver serve $(ARGS)

.PHONY: test
test: .venv/.test ## Run the tests on every core (ARGS="tests/test_hub.py -k bell")
	@$(PYTEST_QUICK) -m "$(QUICK)" $(ARGS)

.PHONY: long
long: .venv/.test ## Run the tests that take long
	@$(PYTEST) -n $(WORKERS) -m long $(ARGS)

.PHONY: simulate
simulate: .venv/.test ## Let processes fail in virtual time, seed by seed (ARGS="--seeds 1000", or "--seed 123" for one)
	@.venv/bin/python -m tests.simulation $(ARGS)

.PHONY: costs
costs: .venv/.test ## Measure what a message, a delivery and a socket cost (ARGS="--messages 2000 --sockets 500"; minutes)
	@.venv/bin/python -m bench.costs $(ARGS)

.PHONY: fuzz
fuzz: .venv/.fuzz ## Send operations and sockets of chance to a server (ARGS="--operations 1000 --sessions 1000 --database postgres --seed 1"; half an hour)
	@.venv/bin/python -m tests.fuzz $(ARGS)

.PHONY: faults
faults: .venv/.test ## Kill, cut off and fill up servers for some minutes (ARGS="--messages 100000 --kills 200")
	@.venv/bin/python -m tests.faults $(ARGS)

.PHONY: mutants
mutants: .venv/.test ## See that the fault suite notices each of its planted faults (ARGS="seq_by_max")
	@.venv/bin/python -m tests.faults --mutants $(ARGS)

.PHONY: reads
reads: .venv/.test ## Measure what a page and an inbox cost, by plans and by resolvers (ARGS="--leg postgres"; half a minute)
	@.venv/bin/python -m bench.plan $(ARGS)

.PHONY: searches
searches: .venv/.test ## Measure what searches take with a million messages (ARGS="--database postgres"; some minutes)
	@.venv/bin/python -m bench.search $(ARGS)

# Without npm the peers under Node.js are left out. Nothing is compiled for tests; SQLite's driver is for the bench, where
# it cannot be fetched.
bench/peers/node_modules/.installed: bench/peers/package-lock.json
	@command -v npm > /dev/null || exit 0; npm ci --prefix bench/peers --ignore-scripts --no-audit --no-fund && touch $@

bench/peers/node_modules/.built: bench/peers/node_modules/.installed
	@command -v npm > /dev/null || exit 0; \
	  $(if $(wildcard /usr/include/node/node.h),npm_config_nodedir=/usr) npm rebuild --prefix bench/peers better-sqlite3 && touch $@

.PHONY: bench
bench: .venv/.bench bench/peers/node_modules/.built ## Measure Palaver and its peers in one run (ARGS="--rounds 3 --only mercurius --work Q1"; a quarter of an hour)
	@.venv/bin/python -m bench.run $(ARGS)

.PHONY: growth
growth: .venv/.bench ## Measure what grows with messages stored and with sockets (ARGS="--database postgres --messages 1000 10000"; minutes)
	@.venv/bin/python -m bench.growth $(ARGS)

.PHONY: writes
writes: .venv/.test ## Measure what a send costs below the schema, alone and in company (ARGS="--leg postgres"; half a minute)
	@.venv/bin/python -m bench.writes $(ARGS)

.PHONY: worst
worst: .venv/.test ## Measure what the dearest documents cost that a stranger can send (seconds)
	@.venv/bin/python -m bench.guard $(ARGS)

.PHONY: lint
lint: .venv/.check ## Look for mistakes and unformatted code
	@.venv/bin/ruff check
	@.venv/bin/ruff format --check

.PHONY: format
format: .venv/.check ## Format the code, and mend what can be mended safely
	@.venv/bin/ruff check --fix
	@.venv/bin/ruff format

.PHONY: types
types: .venv/.check ## Check the types
	@.venv/bin/mypy

.PHONY: imports
imports: .venv/.check ## Check that imports go down only
	@.venv/bin/lint-imports --no-logo

.PHONY: schema
schema: install ## Write schema.graphql, and what the client library has of it
	@.venv/bin/palaver schema export > schema.graphql.new
	@mv schema.graphql.new schema.graphql
	@.venv/bin/python -m tests.client_types

.PHONY: schema-check
schema-check: install ## Check that schema.graphql is what the code says
	@.venv/bin/palaver schema export | diff -u schema.graphql - || { echo "schema.graphql is stale: run make schema" >&2; exit 1; }
	@echo "schema.graphql is what the code says"

# The client tests bring their own packages from npm; until they exist there is nothing to run.
tests/clients/node_modules/.installed: tests/clients/package-lock.json
	@command -v npm > /dev/null || { echo "The client tests need Node.js 20 or newer, and npm." >&2; exit 1; }
	npm ci --prefix tests/clients --no-audit --no-fund
	@touch $@

NODE_MODULES := $(foreach folder,tests/clients web bench/peers examples/express,$(folder)/node_modules/.installed)
HOSTS := $(patsubst %,.venv/hosts/%/.installed,fastapi flask django)

.PHONY: clients
ifneq ($(wildcard tests/clients/package-lock.json),)
clients: .venv/.test $(NODE_MODULES) ## Run the tests with GraphQL clients under Node
	@$(PYTEST_WAITING) -m clients $(ARGS)
else
clients:
	@echo "tests/clients/package-lock.json is missing: no client tests to run"
endif

.PHONY: chromium
chromium:
	@command -v chromium > /dev/null || { \
	  echo "The tests of the pages need Chromium (Debian: apt install chromium chromium-headless-shell)." >&2; exit 1; }

.PHONY: browser
browser: .venv/.check chromium $(NODE_MODULES) ## Run the tests of the pages, in Debian's Chromium
	@$(PYTEST_WAITING) -m browser $(ARGS)

# Each example application has an environment of its own, from its own lock, and the packages that it came from beside it.
.venv/hosts/%/.installed: examples/%/requirements.lock | .venv/bin/pip
	@echo "Installing $(COUNT) packages from $<"
	@.venv/bin/python -m venv .venv/hosts/$*
	@.venv/hosts/$*/bin/pip --disable-pip-version-check -qq download --require-hashes -r $< -d .venv/hosts/$*/wheels
	@.venv/hosts/$*/bin/pip --disable-pip-version-check -qq install --require-hashes -r $< --no-index -f .venv/hosts/$*/wheels
	@touch $@

examples/express/node_modules/.installed: examples/express/package-lock.json
	@command -v npm > /dev/null || { echo "The example for Express needs Node.js 20 or newer, and npm." >&2; exit 1; }
	npm ci --prefix examples/express --no-audit --no-fund
	@touch $@

.PHONY: hosts
hosts: .venv/.check chromium $(HOSTS) examples/express/node_modules/.installed ## Run the applications in examples/ with a server, and the walk-through of docs/embedding.md
	@$(PYTEST_WAITING) -m hosts $(ARGS)

# Of the pages and of the client library, which the client tests build.
web/node_modules/.installed: web/package-lock.json
	@command -v npm > /dev/null || { echo "What is in web/ is built with Node.js 20.19 or newer, and npm." >&2; exit 1; }
	npm ci --prefix web --no-audit --no-fund
	@touch $@

.PHONY: web
web: web/node_modules/.installed ## Build the pages in web/ into graph/static
	npm run build --prefix web

# Locked under the oldest Python we run on, so that nothing it needs is left out. pip-tools lives apart: it would lock itself.
COMPILE := .venv/lock-tools/bin/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-header \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host

.venv/lock-tools/bin/pip-compile: | .venv/bin/pip
	@python3.11 -m venv .venv/lock-tools || { echo "Locking needs Python 3.11, the oldest we run on." >&2; exit 1; }
	@.venv/lock-tools/bin/pip --disable-pip-version-check -qq install pip-tools==7.6.2

.PHONY: lock
lock: .venv/lock-tools/bin/pip-compile ## Lock the requirements again (ARGS=--upgrade for newer versions; minutes)
	$(COMPILE) $(ARGS) --all-extras -o requirements/runtime.lock pyproject.toml requirements/runtime.in
	$(COMPILE) $(ARGS) -o requirements/test.lock requirements/test.in
	$(COMPILE) $(ARGS) -o requirements/s3.lock requirements/s3.in
	$(COMPILE) $(ARGS) -o requirements/check.lock requirements/check.in
	$(COMPILE) $(ARGS) -o requirements/bench.lock requirements/bench.in
	$(COMPILE) $(ARGS) -o requirements/fuzz.lock requirements/fuzz.in
	$(COMPILE) $(ARGS) -o examples/fastapi/requirements.lock examples/fastapi/requirements.in
	$(COMPILE) $(ARGS) -o examples/flask/requirements.lock examples/flask/requirements.in
	$(COMPILE) $(ARGS) -o examples/django/requirements.lock examples/django/requirements.in

# mypy keeps one core busy, and the tests with clients, pages and hosts wait for other programs: they share the time. What
# mypy says is shown when it is done, and the tests of the rest begin only when both were good.
.PHONY: check
check: lint imports schema-check chromium $(NODE_MODULES) $(HOSTS) ## Everything a change must pass, the tests last
	@types=; said=$$(mktemp); trap 'kill $$types 2> /dev/null || true; rm -f "$$said"' EXIT; \
	  .venv/bin/mypy > "$$said" 2>&1 & types=$$!; \
	  failed=0; $(PYTEST_WAITING) $(WAITING) -m "clients or browser or hosts" $(ARGS) || failed=$$?; \
	  wait $$types || failed=$$?; cat "$$said"; exit $$failed
	@$(PYTEST_QUICK) -m "$(QUICK)" $(ARGS)

# pip-audit lives apart: what it needs is nothing of ours.
.venv/audit-tools/bin/pip-audit: | .venv/bin/pip
	@.venv/bin/python -m venv .venv/audit-tools
	@.venv/audit-tools/bin/pip --disable-pip-version-check -qq install pip-audit==2.10.1

.PHONY: audit
audit: .venv/.test .venv/audit-tools/bin/pip-audit ## Look for known vulnerabilities in what is locked (needs a network, and says so without one)
	@.venv/bin/python -m tests.audit .venv/audit-tools/bin/pip-audit

.PHONY: clean
clean: ## Remove what was installed or built here; databases and files stay
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build dist
	rm -rf web/node_modules tests/clients/node_modules bench/peers/node_modules examples/express/node_modules
	find graph chat db core tests bench examples -name __pycache__ -type d -prune -exec rm -rf {} +

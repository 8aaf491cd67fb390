# make run       start everything at http://127.0.0.1:8000/ (PORT=8123 chooses another port); Ctrl-C stops it
# make test      set up what the tests need and run them
# make check     everything else that must be green: format, types, imports, templates, migrations, deployment
# make chaos     kill workers, beats, broker and database for five minutes (CHAOS_SECONDS) while reminders go out
# make install   only set up; make reset throws the demo's data away; make fmt formats; make lock locks packages
# A step that is up to date is skipped: its result or stamp is newer than what it depends on.

SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes

# Node 20 or later of the system, else the one that comes as a Python package.
HAS_NODE := $(shell node --version 2>/dev/null | sed 's/^v//' | awk -F. '$$1 >= 20 {print "yes"}')
NODE := $(if $(HAS_NODE),,.venv/node.stamp)
# Only the assets are built with this PATH: the virtual environment's own node must not hide the system's elsewhere.
NPM := $(if $(HAS_NODE),npm,PATH="$(CURDIR)/$(BIN):$$PATH" npm)
ASSET_SOURCES := $(shell find static/src -type f 2>/dev/null) $(wildcard static/*.mjs)

.DELETE_ON_ERROR:
.PHONY: run install test check bench chaos fmt lock reset screenshots setup

run: install
	@PORT=$(PORT) exec $(BIN)/python -m techforce.demo

install: .venv/demo.stamp staticfiles/staticfiles.json

setup: .venv/dev.stamp static/dist/built.stamp

test: setup
	@$(BIN)/python -m pytest $(TESTS)

check: setup
	@$(BIN)/python -m tests.check

bench: setup
	@$(BIN)/python -m bench

chaos: setup
	@CHAOS_SECONDS=$${CHAOS_SECONDS:-300} $(BIN)/python -m pytest tests/chaos --capture=no

screenshots: setup
	@$(BIN)/python -m tests.browser.screenshots

fmt: setup
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

reset: .venv/demo.stamp
	@$(BIN)/python -m techforce.demo.reset

# ── What the targets above stand on ────────────────────────────────────────────────────────────

.venv/created.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Tech Force needs Python 3.11 or later. Name one: make PYTHON=python3.12"; exit 1; }
	@echo "Making a virtual environment ..."
	@$(PYTHON) -m venv .venv || { echo "On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@# So that plain \`pytest\` finds the project wherever it is called.
	@pwd > "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/techforce.pth"
	@touch $@

.venv/demo.stamp: requirements/demo.txt .venv/created.stamp
	@echo "Installing Python packages ..."
	@$(PIP) -r requirements/demo.txt
	@touch $@

.venv/dev.stamp: requirements/dev.txt .venv/demo.stamp
	@echo "Installing Python packages for tests and checks ..."
	@$(PIP) -r requirements/dev.txt
	@touch $@

.venv/node.stamp: requirements/node.txt .venv/created.stamp
	@echo "Installing Node (the system has none of version 20 or later) ..."
	@$(PIP) -r requirements/node.txt
	@touch $@

node_modules/installed.stamp: package-lock.json .npmrc $(NODE)
	@echo "Installing npm packages ..."
	@$(NPM) ci --silent
	@touch $@

static/dist/built.stamp: node_modules/installed.stamp package.json $(ASSET_SOURCES)
	@echo "Building styles, scripts and fonts ..."
	@$(NPM) run --silent build
	@touch $@

# Asks for settings, but for no server and no secret.
staticfiles/staticfiles.json: .venv/demo.stamp static/dist/built.stamp
	@echo "Collecting and compressing static files ..."
	@SECRET_KEY=unused DATABASE_URL=postgres://unused/unused \
	  $(BIN)/python manage.py collectstatic --no-input --clear --verbosity 0
	@touch $@

# Needs uv from the development packages. Neither a host nor an index is written into the files.
lock: .venv/dev.stamp
	@cd requirements && for name in base demo dev node; do \
	  ../$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
	    --python-version 3.11 $$name.in -o $$name.txt || exit 1; done
	@npm install --package-lock-only --silent

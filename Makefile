# The two commands are `make serve` and `make test`; `make help` lists the others.
# Nothing is needed beforehand but Python 3.11 or newer with venv.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
PIP_INSTALL := $(RUN) -m pip install --disable-pip-version-check --no-input --require-hashes --only-binary :all:
PYTEST_ARGS ?= -n 2

.PHONY: help serve test check format venv requirements clean

help: ## List the commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

serve: $(VENV)/.installed ## Start the portal, with its database and demo people, on http://localhost:8000
	@ALLIANCE_MODE=$${ALLIANCE_MODE:-local} exec $(RUN) manage.py serve

test: $(VENV)/.installed-dev ## Run every test; one of them with PYTEST_ARGS="-k name"
	@exec $(RUN) -m tests.run $(PYTEST_ARGS)

check: $(VENV)/.installed-dev ## Format, lint, types, import contracts, missing migrations, deploy checks
	@exec $(RUN) -m tests.check

format: $(VENV)/.installed-dev ## Put code and templates in order
	@$(RUN) -m tests.check --fix

venv: $(VENV)/.installed-dev ## Make the virtual environment, with the tools for development

requirements: $(VENV)/.installed-dev ## Pin the newest versions that requirements*.in allow
	@for name in requirements requirements-dev; do \
		env -u UV_INDEX -u UV_INDEX_URL -u UV_EXTRA_INDEX_URL -u UV_DEFAULT_INDEX -u UV_FIND_LINKS \
		$(RUN) -m uv pip compile --quiet --upgrade --generate-hashes --universal --python-version 3.11 \
			--no-config --no-emit-index-url --custom-compile-command "make requirements" \
			$$name.in --output-file $$name.txt; \
	done

clean: ## Remove the virtual environment and what the tools left; var/ stays
	@rm -rf $(VENV) static_collected .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis htmlcov

# An interrupted or foreign environment is made afresh: it has no python that runs.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "The portal needs Python 3.11 or newer; name one with: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "Python has no venv module here; install it first, on Debian with: apt install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV)

$(VENV)/.installed: requirements.txt | $(VENV)/bin/python
	@printf 'Installing the pinned packages '
	@$(PIP_INSTALL) -r requirements.txt | awk '/^ *(Collecting|Downloading)/ {printf "."; fflush()} END {print ""}'
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt | $(VENV)/bin/python
	@printf 'Installing the pinned packages and tools '
	@$(PIP_INSTALL) -r requirements-dev.txt | awk '/^ *(Collecting|Downloading)/ {printf "."; fflush()} END {print ""}'
	@touch $(VENV)/.installed $@

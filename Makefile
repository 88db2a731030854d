# The two commands are `make serve` and `make test`; `make help` lists the others.
# Nothing is needed beforehand but Python 3.11 or newer with venv.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN := $(BIN)/python
AUDIT := .venv-audit
PYTEST_ARGS ?= -n 2 --dist loadgroup --no-loadscope-reorder
CODE := alliance organizations knowledge submissions tests

# What settings.py asks of a production server; nothing here is used to run one.
PRODUCTION := ALLIANCE_MODE=production ALLIANCE_DATA=var/check SITE_URL=https://alliance.example.org \
	ALLOWED_HOSTS=alliance.example.org DATABASE_URL=postgresql://alliance@db.example.org/alliance?sslmode=verify-full \
	EMAIL_URL=smtp://mail.example.org:587?tls=1 CLAMD_URL=unix:///run/clamav/clamd.ctl \
	DEFAULT_FROM_EMAIL=alliance@example.org \
	SECRETARIAT_EMAIL=secretariat@example.org \
	TRAIL_KEY=only-for-the-check-of-the-settings-0123456789-abcdefghijklmnopqrstuvwxyz \
	SECRET_KEY=only-for-the-check-of-the-settings-0123456789-abcdefghijklmnopqrstuvwxyz
LOCAL := ALLIANCE_MODE=local ALLIANCE_DATA=var/check

.PHONY: help serve code test faults drill mutants bench bench-weight bench-downloads bench-machines check check-code check-templates check-types check-imports \
	check-migrations check-deploy check-security check-dependencies sbom attack format venv requirements clean

help: ## List the commands
	@grep -E '^[a-z-]+:.*## ' Makefile | awk -F ':.*## ' '{printf "  make %-18s %s\n", $$1, $$2}'

serve: $(VENV)/.installed ## Start the portal, with its database and demo people; takes PORT=8010 ALLIANCE_DATA=folder
	@data="$${ALLIANCE_DATA:-var}"; mkdir -p "$$data" 2>/dev/null && test -w "$$data" || \
		{ echo "The portal cannot write to $$data. Keep its data elsewhere: ALLIANCE_DATA=folder make serve" >&2; exit 1; }
	@export ALLIANCE_MODE="$${ALLIANCE_MODE:-local}"; exec $(RUN) manage.py serve --stop-with-parent

code: $(VENV)/.installed ## Print the second factor of the demo staff, good for this minute
	@ALLIANCE_MODE=local $(RUN) manage.py load_demo_people --code

test: $(VENV)/.installed-dev ## Run every test; some of them with PYTEST_ARGS="-k name"
	@exec $(RUN) -m pytest $(PYTEST_ARGS)

FAULTS := tests/faults tests/alliance/files/test_stalled_bucket.py tests/deploy/test_upgrade.py

faults: $(VENV)/.installed-dev ## Run the promises that need minutes of load, whole; one of them with ONLY=uploads
	@exec $(RUN) -m pytest $(FAULTS) -m "whole or promise" -n 0 -q --no-header \
		-k "not short $(if $(ONLY),and $(ONLY))"

drill: $(VENV)/.installed-dev ## Copy a portal at work, destroy it, bring it back and compare
	@exec $(RUN) -m pytest tests/faults/test_drill.py -m whole -n 0 -s

mutants: $(VENV)/.installed-dev ## Plant small faults and list those that no test notices; takes ONLY=workflow EVERY=5
	@exec nice -n 10 $(RUN) -m tests.mutants $(ONLY) --every $(or $(EVERY),1)

check: $(VENV)/.installed-dev ## Run all the checks below that need no network
	@$(MAKE) --keep-going check-code check-templates check-types check-imports check-migrations check-deploy \
		check-security

check-code: $(VENV)/.installed-dev ## Format and lint of the Python code
	@$(BIN)/ruff format --check --quiet $(CODE)
	@$(BIN)/ruff check --quiet $(CODE)
	@find $(CODE) -name '*.py' -print0 | xargs -0 $(BIN)/django-upgrade --target-version 5.2 --check

check-templates: $(VENV)/.installed-dev ## Format of the templates
	@find templates -name '*.html' -print0 | xargs -0 $(BIN)/djade --target-version 5.2 --check
	@$(BIN)/djhtml --tabwidth 2 --check templates

check-types: $(VENV)/.installed-dev ## Types
	@$(LOCAL) $(BIN)/mypy

check-imports: $(VENV)/.installed-dev ## Who may import whom
	@$(BIN)/lint-imports --no-logo

check-migrations: $(VENV)/.installed-dev ## Models without a migration
	@$(LOCAL) $(RUN) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run

check-deploy: $(VENV)/.installed-dev ## Django's checks for production
	@$(PRODUCTION) $(RUN) manage.py check --deploy --fail-level WARNING

# bandit tells of what is grave; ruff has its other rules, with each exception beside its line, and semgrep that
# on markup (B703), over which bandit stumbles where nothing is marked. The first
# run of semgrep shows that each rule finds what it is for.
SEMGREP := SEMGREP_ENABLE_VERSION_CHECK=0 PATH=$(CURDIR)/$(AUDIT)/bin:$$PATH semgrep scan --metrics=off --quiet \
	--config tests/security/conventions.yml

check-security: $(AUDIT)/.installed ## What is known to be unsafe, and our own conventions
	@$(AUDIT)/bin/bandit --quiet -lll --skip B703 --recursive $(filter-out tests,$(CODE))
	@$(SEMGREP) --test tests/security/conventions.py >/dev/null || \
		{ echo "A rule of tests/security/conventions.yml finds no longer what it is for." >&2; exit 1; }
	@$(SEMGREP) --error $(filter-out tests,$(CODE)) templates

check-dependencies: $(VENV)/.installed-dev ## Look every pinned package up among the known vulnerabilities
	@$(RUN) tests/security/dependencies.py requirements.txt requirements-dev.txt requirements-audit.txt

sbom: $(AUDIT)/.installed ## Write the list of what the portal is made of to var/sbom.json, as CycloneDX
	@mkdir -p var
	@$(AUDIT)/bin/cyclonedx-py requirements requirements.txt --pyproject pyproject.toml \
		--output-reproducible --output-format JSON --output-file var/sbom.json

attack: ## Let wapiti and sqlmap loose on a portal of your own: URL=http://localhost:8000
	@tests/security/attack.sh "$(URL)"

# Each group is a command `bench_…` that prints a line per limit and ends with 1 over one of them.
# But for the weight of pages, which a browser measures on a portal that runs.
BENCHES := pages screening queue search weight

bench: $(VENV)/.installed ## Measure what is promised; one group with ONLY=pages
	@for group in $(or $(ONLY),$(BENCHES)); do \
		if [ $$group = weight ]; then $(MAKE) bench-weight; else $(LOCAL) $(RUN) manage.py bench_$$group; fi \
			|| failed=1; \
	done; exit $${failed:-0}

bench-weight: $(VENV)/.installed-dev
	@exec $(RUN) -m pytest tests/rules/test_weight.py -m whole -n 0 -q -s --no-header

bench-downloads: $(VENV)/.installed-dev ## Measure downloads behind nginx; as root, with Debian's packages
	@exec $(RUN) -m pytest tests/deploy/test_speed.py -m whole -n 0 -q -s --no-header

bench-machines: $(VENV)/.installed-dev ## Measure requests to two web servers behind nginx, with a replica, Redis, PgBouncer and a bucket
	@exec $(RUN) -m pytest tests/rules/test_cost_of_requests.py -m whole -n 0 -q -s --no-header

format: $(VENV)/.installed-dev ## Put code and templates in order
	@$(BIN)/ruff check --quiet --fix --exit-zero $(CODE)
	@$(BIN)/ruff format --quiet $(CODE)
	@find templates -name '*.html' -print0 | xargs -0 $(BIN)/djade --target-version 5.2
	@$(BIN)/djhtml --tabwidth 2 templates

venv: $(VENV)/.installed-dev ## Make the virtual environment, with the tools for development

requirements: $(VENV)/.installed-dev ## Pin the newest versions that requirements*.in allow
	@for name in requirements requirements-dev requirements-audit; do \
		$(RUN) -m uv pip compile --quiet --upgrade --generate-hashes --universal --python-version 3.11 \
			--only-binary :all: \
			--no-config --no-emit-index-url --custom-compile-command "make requirements" \
			$$name.in --output-file $$name.txt; \
	done

clean: ## Remove the virtual environment and what the tools left; var/ stays
	@rm -rf $(VENV) $(AUDIT) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis htmlcov

# An environment that was interrupted, or whose Python is gone, is made afresh.
ifneq ($(shell $(RUN) -ISc '' 2>/dev/null && { test -e $(VENV)/.installed || $(RUN) -c 'import pip'; } && echo works),works)
.PHONY: $(BIN)/python
endif
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "The portal needs Python 3.11 or newer. Name one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "Python's venv module is missing. On Debian: apt-get install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV)

# pip tells every step; a dot for each package is enough, and all of it if something goes wrong.
# Takes the file, the environment, and further options of pip.
define install
	@printf 'Installing the pinned packages '
	@$(2)/bin/python -m pip install --disable-pip-version-check --no-input --require-hashes --only-binary :all: $(3) \
		--requirement $(1) 2>$(2)/errors.log | awk '/^ *Collecting/ {printf "."; fflush()} END {print ""}' || \
		{ grep -v ^WARNING $(2)/errors.log >&2; exit 1; }
endef

$(VENV)/.installed: requirements.txt | $(BIN)/python
	$(call install,$<,$(VENV))
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt | $(BIN)/python
	$(call install,$<,$(VENV))
	@touch $(VENV)/.installed $@

# All of it is pinned; older pips stumble over packages that are wanted with extras and without.
$(AUDIT)/.installed: requirements-audit.txt | $(BIN)/python
	@$(RUN) -m venv --clear $(AUDIT)
	$(call install,$<,$(AUDIT),--no-deps)
	@touch $@

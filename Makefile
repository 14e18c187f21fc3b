# Needs Python 3.11 or newer and make; everything else is put into .venv, once, and again when pyproject.toml changes.

# The first Python that is new enough. Choose another with: make test PYTHON=/path/to/python3.13
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

unexport PYTHONDONTWRITEBYTECODE  # set in many images; without it, every process that a test starts compiles all anew

.DEFAULT_GOAL := help
.PHONY: help install demo serve test spark postgresql check static texts bench
.DELETE_ON_ERROR:

help:  ## list these commands
	@echo "make COMMAND, where COMMAND is"
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/\1|\2/p' $(firstword $(MAKEFILE_LIST)) | \
		while IFS='|' read -r name text; do printf '  %-10s %s\n' "$$name" "$$text"; done

install: $(VENV)/.installed  ## create .venv with the command .venv/bin/ringmark
	@echo "Installed. Next: $(BIN)/ringmark init"

demo: $(VENV)/.installed  ## run the main job on the example institution, into ringmark-demo/
	@$(BIN)/ringmark demo --dir ringmark-demo

serve: $(VENV)/.installed  ## show the example institution on http://127.0.0.1:8000
	@test -e ringmark-demo/ringmark.db || $(BIN)/ringmark demo --dir ringmark-demo
	@exec $(BIN)/ringmark --config ringmark-demo/ringmark.toml serve

test: $(VENV)/.installed-dev  ## run the test suite; choose with ARGS="-k words"
	$(BIN)/pytest -n auto --dist loadfile $(ARGS)

spark: $(VENV)/.installed-spark  ## run the tests on Spark: 490 MB from PyPI, and Java 17 or newer on the machine
	$(BIN)/pytest tests/test_scoring_spark.py $(ARGS)

postgresql: $(VENV)/.installed-dev  ## run every test that touches the store on a PostgreSQL server from PyPI
	TEST_STORE=postgresql $(BIN)/pytest -n auto --dist loadfile $(ARGS)

check: static test  ## everything that must pass before a commit: format, lint, types, imports, tests

static: $(VENV)/.installed-dev  ## the checks that run nothing: format, lint, types, imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

texts: $(VENV)/.installed-dev  ## read the texts that readers see into badges/locale/, for translators
	$(BIN)/python -m badges.catalogue

bench: $(VENV)/.installed-dev  ## measure speed and memory beside what they are held against
	$(BIN)/python -m bench $(ARGS)

$(VENV)/.created:
	@$(if $(PYTHON),,echo "Ringmark needs Python 3.11 or newer, and none was found. Install one, or: make PYTHON=/path/to/python3.11" >&2; exit 1)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Ringmark needs Python 3.11 or newer; $(PYTHON) is older or does not run." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot create virtual environments. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@echo "Creating $(VENV) with $(PYTHON)"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: pyproject.toml | $(VENV)/.created
	@echo "Installing Ringmark into $(VENV)"
	@$(PIP) install --editable .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml | $(VENV)/.created
	@echo "Installing Ringmark and what its tests need into $(VENV)"
	@$(PIP) install --editable '.[dev]'
	@touch $@ $(VENV)/.installed

$(VENV)/.installed-spark: pyproject.toml | $(VENV)/.created
	@echo "Installing Ringmark, what its tests need, and Spark into $(VENV)"
	@$(PIP) install --editable '.[dev,spark]'
	@touch $@ $(VENV)/.installed-dev $(VENV)/.installed

# make serve: everything from a fresh clone to the open page; make test: the whole test suite.
# Each step leaves a stamp in .venv and is not done again until what it depends on changes.

PYTHON ?= python3
INDEX  ?= $(or $(YINJU_INDEX),.yinju)
PORT   ?= 7860
BIN    := .venv/bin

.PHONY: serve test check gate baseline bench clean-venv
.DELETE_ON_ERROR:

serve: $(INDEX)/CURRENT
	$(BIN)/yinju serve --index $(INDEX) --port $(PORT)

# pip's own progress is shown: it is the longest step. Editable, so that a pull needs no reinstall.
.venv/installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "yinju needs Python 3.11 or newer, found `$(PYTHON) --version`; try: make PYTHON=python3.11 $(MAKECMDGOALS)" >&2; exit 2; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet -e .
	touch $@

# Prepares the model on the way, if this user's cache does not have it.
$(INDEX)/CURRENT: .venv/installed $(shell find corpus/reports -type f)
	$(BIN)/yinju index corpus/reports --index $(INDEX)
	touch $@

.venv/developing: .venv/installed
	$(BIN)/python -m pip install --quiet -e '.[dev]'
	touch $@

test: .venv/developing
	@sh tests/browser/install.sh
	$(BIN)/python -m pytest

check: .venv/developing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Fails where answers to corpus/gold fell below what was measured last, beyond noise. A change that
# is meant to cost or gain something writes the baseline anew: it is a file of the repository.
gate: .venv/gate/CURRENT
	$(BIN)/yinju eval corpus/gold --index .venv/gate --baseline corpus/gold/baseline.json

baseline: .venv/gate/CURRENT
	$(BIN)/yinju eval corpus/gold --index .venv/gate --out corpus/gold/baseline.json --brief

.venv/gate/CURRENT: .venv/developing $(shell find corpus/reports indexer -name '*.py' -o -path 'corpus/reports/*' -type f)
	$(BIN)/yinju index corpus/reports --index .venv/gate --sync
	touch $@

bench: .venv/developing
	$(BIN)/python -m tests.benchmarks.encoder
	$(BIN)/python -m tests.benchmarks.ask
	$(BIN)/python -m tests.benchmarks.indexing
	$(BIN)/python -m tests.benchmarks.noise
	$(BIN)/python -m tests.benchmarks.page

clean-venv:
	rm -rf .venv

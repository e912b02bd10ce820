# make serve goes from a fresh clone to the open page; make test runs the whole test suite.
# Each step leaves a stamp in .venv and is not done again until something it depends on changes.

PYTHON ?= python3
INDEX  ?= $(or $(YINJU_INDEX),.yinju)
PORT   ?= 7860
BIN    := .venv/bin

# Install exactly what a lock names, each file checked against its hash. --no-deps: the locks name all
# that is needed, so nothing else may come in, above all no CUDA libraries. --no-build-isolation: what
# has to be built (yinju itself, jieba) is built with the setuptools of build.lock.
PIP    := $(BIN)/python -m pip --disable-pip-version-check install --quiet --no-deps --no-build-isolation
LOCKED := $(PIP) --require-hashes
LOCKS  := requirements/build.lock requirements/torch.lock requirements/runtime.lock
# Where PyTorch publishes its CPU builds. Asked only where pip's own indexes do not have the build.
TORCH_INDEX ?= https://download.pytorch.org/whl/cpu

.PHONY: help serve test check gate baseline bench lock clean-venv
.DELETE_ON_ERROR:

serve: $(INDEX)/CURRENT  ## install, index the shipped reports, open the page
	$(BIN)/yinju serve --index $(INDEX) --port $(PORT)

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 12

# Editable, so that a pull needs no reinstall.
.venv/installed: pyproject.toml $(LOCKS)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "yinju needs Python 3.11 or newer, found `$(PYTHON) --version`; try: make PYTHON=python3.11 $(MAKECMDGOALS)" >&2; exit 2; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(LOCKED) -r requirements/build.lock
	@echo 'installing the CPU build of torch'
	@$(LOCKED) -r requirements/torch.lock 2>/dev/null || \
	  $(LOCKED) --extra-index-url $(TORCH_INDEX) -r requirements/torch.lock || \
	  { echo "could not install the CPU build of torch that requirements/torch.lock names; with its wheel on disk: PIP_FIND_LINKS=FOLDER make $(MAKECMDGOALS)" >&2; exit 2; }
	@echo 'installing the other packages: a minute or more'
	@$(LOCKED) -r requirements/runtime.lock
	$(PIP) -e .
	touch $@

# Prepares the model on the way, if this user's cache does not have it.
$(INDEX)/CURRENT: .venv/installed $(shell find corpus/reports -type f)
	$(BIN)/yinju index corpus/reports --index $(INDEX)
	touch $@

# On top of the above: OCR, MCP, and what tests and checks need.
.venv/developing: .venv/installed requirements/dev.lock
	$(LOCKED) -r requirements/dev.lock
	touch $@

test: .venv/developing  ## run the whole test suite, installing what it needs
	@sh tests/browser/install.sh
	$(BIN)/python -m pytest

check: .venv/developing  ## lint, format, types, and which module may import which
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# A change that is meant to cost or gain something writes the baseline anew; the baseline is a file of
# the repository.
gate: .venv/gate/CURRENT  ## fail if answers to corpus/gold fell below the baseline, beyond noise
	$(BIN)/yinju eval corpus/gold --index .venv/gate --baseline corpus/gold/baseline.json

baseline: .venv/gate/CURRENT  ## write the baseline anew
	$(BIN)/yinju eval corpus/gold --index .venv/gate --out corpus/gold/baseline.json --brief

.venv/gate/CURRENT: .venv/developing $(shell find corpus/reports indexer -name '*.py' -o -path 'corpus/reports/*' -type f)
	$(BIN)/yinju index corpus/reports --index .venv/gate --sync
	touch $@

bench: .venv/developing  ## measure speed and sizes
	$(BIN)/python -m tests.benchmarks.encoder
	$(BIN)/python -m tests.benchmarks.ask
	$(BIN)/python -m tests.benchmarks.indexing
	$(BIN)/python -m tests.benchmarks.noise
	$(BIN)/python -m tests.benchmarks.page

# The tool that resolves lives in a venv of its own, so that it is not among what it locks.
lock:  ## renew the locks of requirements/ and say what changed
	test -x .venv/lock/bin/python || $(PYTHON) -m venv .venv/lock
	.venv/lock/bin/python -m pip --disable-pip-version-check install --quiet uv==0.13.9
	$(PYTHON) requirements/renew.py .venv/lock/bin/uv

clean-venv:  ## remove .venv
	rm -rf .venv

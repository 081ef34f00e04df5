# Each target sets itself up first, in .venv, and nothing is written outside this folder.
#   make demo      a filled installation on this machine, with its address and sign-ins
#   make test      every test                        (make test PYTEST="-k till -x")
#   make check     what CI checks besides the tests  (make -k check shows all that is wrong)
#   make bench     the times of design's budgets     (make bench SCALE=1)
#   make docs      these pages as a site in build/docs, with a reference made from the code
#   make lock      requirements.lock, from pyproject.toml; needs uv  (make lock UPGRADE=--upgrade)
# ROAD=pip sets up without uv; VENV=folder and PYTHON=python3.12 choose another place or Python.

VENV ?= .venv
ROAD ?= uv
PYTEST ?= -n auto
BIN := $(VENV)/bin
MEMBERS := $(patsubst %/pyproject.toml,%,$(wildcard plugins/*/pyproject.toml themes/*/pyproject.toml))
CODE := core tests $(sort $(dir $(wildcard bench/*.py docs/*.py)))
CHECKS := check-style check-types check-layers check-sizes check-words
UV = $(firstword $(shell command -v uv) $(wildcard $(BIN)/uv) uv)
LOCK = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--no-emit-index-url --custom-compile-command "make lock" $(UPGRADE)

.DEFAULT_GOAL := demo
.PHONY: demo test check $(CHECKS) bench docs lock set-up

demo: set-up
	@$(BIN)/palier demo

test: set-up
	@$(BIN)/python -m pytest $(PYTEST)

check: $(CHECKS)

check-style: set-up
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .

# One run for each member: two plugins may both have a tests/conftest.py.
check-types: set-up
	@$(BIN)/mypy $(CODE)
	@MYPYPATH=.ci $(BIN)/mypy .ci
	@set -e; for member in $(MEMBERS); do MYPYPATH=$$member $(BIN)/mypy $$member; done

check-layers: set-up
	@$(BIN)/lint-imports --no-logo

check-sizes: set-up
	@$(BIN)/python .ci/check_sizes.py

check-words: set-up
	@$(BIN)/python .ci/check_words.py

bench: set-up
	@$(BIN)/python bench/run.py $(if $(SCALE),--scale $(SCALE))

docs: set-up
	@$(BIN)/python docs/make_hooks.py --write
	@$(BIN)/sphinx-build -W --keep-going -q -d build/doctrees docs build/docs
	@echo "build/docs/index.html"

# --no-sources: the members are no part of the lock, and need not be there to make it.
lock:
	@$(LOCK) --no-sources --extra demo --group dev --group build --group docs -o requirements.lock pyproject.toml
	@echo uv | $(LOCK) -o .ci/uv-itself.txt -

set-up: $(VENV)/.set-up

$(VENV)/.set-up: .ci/set-up .ci/uv-itself.txt requirements.lock pyproject.toml $(MEMBERS:=/pyproject.toml)
	@VENV="$(VENV)" ROAD="$(ROAD)" PYTHON="$(PYTHON)" .ci/set-up

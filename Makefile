# What a person and CI call; nothing else lives here.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: setup serve fix check test contract gate cases bench matrix build clean

serve: $(READY)  ## run the server
	$(BIN)/mockserver serve $(ARGS)

setup: $(READY)  ## install all that work on the project needs into .venv

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; say which with: make PYTHON=/path/to/python"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,tokens]'
	@touch $(READY)

test: $(READY)  ## pass everything
	$(BIN)/python -m pytest -n auto --maxprocesses 4 $(ARGS)

fix: $(READY)  ## format, and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

check: $(READY)  ## format, lint, types, layers, spelling
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/codespell mockserver contracts tests *.md Makefile
	$(BIN)/python -m pytest -q tests/test_layers.py

contract: $(READY)  ## write contracts/openapi.json anew
	$(BIN)/mockserver contract write contracts/openapi.json

gate: $(READY)  ## the server against its contract, and seeded bugs against that
	$(BIN)/python -m pytest -q -n 2 tests/contract/provider $(ARGS)

cases: $(READY)  ## replay the observed cases against a server: make cases ARGS="--base-url URL"
	$(BIN)/mockserver cases $(ARGS)

bench: $(READY)  ## measure, as ratios within one run: make bench [PEERS="name=URL"] [ARGS=--quick]
	$(BIN)/python tests/benchmarks/run.py $(if $(PEERS),--peers "$(PEERS)") $(ARGS)

matrix: $(READY)  ## certify the ready-made clients and write the README's matrix: make matrix [ARGS="--from kept.json"]
	$(BIN)/python tests/make_matrix.py $(ARGS)

build: $(READY)  ## build the wheel, and try it away from the checkout
	rm -rf dist
	$(BIN)/python -m build --quiet
	$(BIN)/python -m pytest -q tests/test_wheel.py $(ARGS)

clean:
	rm -rf $(VENV) dist build .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage

# The two commands: make run, make test. `make help` lists all.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 8000
HOST ?= 127.0.0.1
DATA ?= ./data
# The first body of a new store.
AGENCY ?= panlong
NAME ?= 盘龙彝族乡人民政府
LEVEL ?= township
REGION ?= 云南省文山州砚山县
export PYTHONDONTWRITEBYTECODE ?= 1

BIN = .venv/bin
READY = .venv/ready

.PHONY: help setup run demo test bench mutants lint format docs clean

help:  ## list the tasks
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

setup: $(READY)  ## install the pinned dependencies into .venv

$(READY): requirements.txt requirements-setup.txt pyproject.toml
	@echo "setting up .venv"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements-setup.txt
	@$(BIN)/uv pip install --quiet --system-certs --compile-bytecode --python $(BIN)/python \
		--requirement requirements.txt \
		|| $(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
	@touch $(READY)

run: $(READY)  ## serve portal and desk on 127.0.0.1:8000 (PORT= to change), store in ./data
	@GONGKAI_DATA_DIR=$${GONGKAI_DATA_DIR:-$(DATA)} $(BIN)/python gongkai.py init --if-new \
		--agency $(AGENCY) --name $(NAME) --level $(LEVEL) --region $(REGION)
	@GONGKAI_DATA_DIR=$${GONGKAI_DATA_DIR:-$(DATA)} $(BIN)/python gongkai.py serve --host $(HOST) --port $(PORT)

demo: $(READY)  ## the same on a filled store in ./data/demo
	@GONGKAI_DATA_DIR=$(DATA)/demo $(BIN)/python gongkai.py demo --fill
	@GONGKAI_DATA_DIR=$(DATA)/demo $(BIN)/python gongkai.py serve --host $(HOST) --port $(PORT)

test: $(READY)  ## all tests, with the ten slowest
	$(BIN)/python -m pytest

bench: $(READY)  ## speeds as ratios
	$(BIN)/python -m pytest tests/bench -s --benchmark

# TESTS= other tests than the room's own, SAMPLE= how many, SEED=, ALL=1 instead, JOBS= at a time, JSON= file
mutants: $(READY)  ## do the tests notice a bent ROOM=workflow/clock? (docs/testing.md)
	$(BIN)/python -m tests.mutants $(or $(ROOM),$(error ROOM= folder or file, as workflow/clock)) \
		$(if $(TESTS),--tests $(TESTS)) $(if $(SAMPLE),--sample $(SAMPLE)) $(if $(SEED),--seed $(SEED)) \
		$(if $(ALL),--all) $(if $(JOBS),--jobs $(JOBS)) $(if $(JSON),--json $(JSON))

lint: $(READY)  ## ruff, mypy, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY)  ## let ruff format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(READY)  ## make the diagram and tables in docs/ again from config/law
	$(BIN)/python gongkai.py machine --docs docs

clean:  ## remove what setup and tests made; keeps ./data
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

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

BIN = .venv/bin
# Each stamp is a copy of what was installed from: where nothing changed, nothing is installed.
RUNNING = .venv/runs
TESTING = .venv/tests
# What a store on PostgreSQL needs besides.
DRIVER = $(if $(POSTGRES),requirements-postgres.txt)
# Of others, to be measured beside: an environment of its own.
PEERED = .venv/peers/installed
# What makes clients of the API's document, in Python and TypeScript: environments of their own.
CLIENTS = build/clients
CLIENTED = $(CLIENTS)/installed

UV_IN = $(BIN)/uv pip install --quiet --system-certs --compile-bytecode --python
UV = $(UV_IN) $(BIN)/python
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check
ITSELF = --no-build-isolation --no-deps --editable .
# Else the first commands, and without leave to write every one, would read the program anew.
COMPILED = sh -c '$(BIN)/python -m compileall -q config notifications webui workflow gongkai.py wsgi.py \
	&& $(BIN)/python -c "from config.channels import load_channels; load_channels()"'

# Long tests that fetch what other machines need, or make a root of their own: make bundle-check, make pages.
APART = tests/deploy/test_wheels.py tests/deploy/test_clean_root.py tests/browser/test_checkers.py
# Checkers of npm, which need node and java: make pages.
CHECKERS = build/checkers

.PHONY: help setup run demo test test-postgres test-all bench bench-peers clients mutants fuzz chaos pages lint sbom bundle bundle-check format docs clean

help:  ## list the tasks
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

setup: $(RUNNING)  ## install what runs, and .venv/bin/gongkai (POSTGRES=1 adds its driver); make test adds what tests

$(RUNNING): requirements-setup.txt requirements.txt $(DRIVER) pyproject.toml
	@if cat $^ | cmp -s - $@; then touch $@; else set -e; \
	echo "正在安装 $$(grep -c == requirements.txt) 个软件包，一般一两分钟，只在第一次或者清单有变化时进行" \
		"(installing what runs, usually a minute or two, only now)"; \
	test -x $(BIN)/python || $(PYTHON) -m venv .venv; \
	$(PIP) --requirement requirements-setup.txt; \
	for list in requirements.txt $(DRIVER); do \
		$(UV) --requirement $$list || $(PIP) --requirement $$list; done; \
	$(UV) $(ITSELF) || $(PIP) $(ITSELF); \
	env -u PYTHONDONTWRITEBYTECODE $(COMPILED); \
	cat $^ > $@; fi

$(TESTING): requirements-test.txt $(RUNNING)
	@if cmp -s $< $@; then touch $@; else set -e; \
	echo "正在安装测试用的 $$(grep -vxcFf requirements.txt $<) 个软件包，一般一两分钟，只在第一次或者清单有变化时进行" \
		"(installing what tests, usually a minute or two, only now)"; \
	$(UV) --requirement $< || $(PIP) --requirement $<; \
	cat $< > $@; fi

run: $(RUNNING)  ## serve portal and desk on 127.0.0.1:8000 (PORT= to change), store in ./data
	@GONGKAI_DATA_DIR=$${GONGKAI_DATA_DIR:-$(DATA)} $(BIN)/python gongkai.py init --if-new \
		--agency $(AGENCY) --name $(NAME) --level $(LEVEL) --region $(REGION)
	@GONGKAI_DATA_DIR=$${GONGKAI_DATA_DIR:-$(DATA)} $(BIN)/python gongkai.py serve --host $(HOST) --port $(PORT)

demo: $(RUNNING)  ## the same on a filled store in ./data/demo
	@GONGKAI_DATA_DIR=$(DATA)/demo $(BIN)/python gongkai.py demo --fill
	@GONGKAI_DATA_DIR=$(DATA)/demo $(BIN)/python gongkai.py serve --host $(HOST) --port $(PORT)

test: $(TESTING)  ## all tests but the long ones in two processes, with the ten slowest and the time
	$(BIN)/python -m tests.run -m "not long"

test-postgres: $(TESTING)  ## the same tests with every store on PostgreSQL (a package brings it; about twice as long)
	TESTS_STORE=postgres $(BIN)/python -m tests.run -m "not long"

test-all: $(TESTING)  ## the long tests, which make test leaves out, and those of the store on PostgreSQL
	$(BIN)/python -m pytest -m long $(APART:%=--ignore %)
	TESTS_STORE=postgres $(BIN)/python -m pytest -m "not long" tests/workflow/store \
		tests/workflow/service/test_copying.py tests/workflow/service/report/test_area.py \
		tests/workflow/commands/test_start_server.py tests/webui/test_store_trouble.py

bench: $(TESTING)  ## speeds as ratios
	$(BIN)/python -m pytest tests/bench -s --benchmark

# TESTS= other tests than the room's own, SAMPLE= how many, SEED=, ALL=1 instead, JOBS= at a time, JSON= file
mutants: $(TESTING)  ## do the tests notice a bent ROOM=workflow/clock? (docs/testing.md)
	$(BIN)/python -m tests.mutants $(or $(ROOM),$(error ROOM= folder or file, as workflow/clock)) \
		$(if $(TESTS),--tests $(TESTS)) $(if $(SAMPLE),--sample $(SAMPLE)) $(if $(SEED),--seed $(SEED)) \
		$(if $(ALL),--all) $(if $(JOBS),--jobs $(JOBS)) $(if $(JSON),--json $(JSON))

# N= how many inputs (a million), SEED=, JOBS= processes, KIND= one kind alone
fuzz: $(TESTING)  ## a million inputs that nobody would send: forms, calls, every reader of files (docs/testing.md)
	$(BIN)/python -m tests.fuzz --count $(or $(N),1000000) $(if $(SEED),--seed $(SEED)) \
		--jobs $(or $(JOBS),2) $(if $(KIND),--only $(KIND))

chaos: $(TESTING)  ## a server is killed 200 times under load (KILLS=, SEED=), then held to what it acknowledged
	$(BIN)/python -m tests.chaos --kills $(or $(KILLS),200) $(if $(SEED),--seed $(SEED))

# PAGES= folder where the pages and what Lighthouse says are kept
pages: $(TESTING) $(CHECKERS)/package.json  ## every page through Nu checker, html-validate, pa11y, Lighthouse (node, java)
	$(BIN)/python -m pytest tests/browser/test_checkers.py --checkers $(CHECKERS) --pages $(or $(PAGES),build/pages)

$(CHECKERS)/package.json: tests/browser/checkers/package.json
	@mkdir -p $(CHECKERS)
	cp $< $@
	cd $(CHECKERS) && npm install --no-package-lock --ignore-scripts || { rm package.json; exit 1; }

bench-peers: $(TESTING) $(PEERED)  ## events beside those of django-fsm-log and SpiffWorkflow
	$(BIN)/python -m pytest tests/bench/test_event_peers.py -s --benchmark

$(PEERED): requirements-peers.txt
	@test -x .venv/peers/bin/python || $(PYTHON) -m venv .venv/peers
	@$(UV_IN) .venv/peers/bin/python --requirement $< || \
		.venv/peers/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	@cp $< $@

clients: $(TESTING) $(CLIENTED)  ## clients made of the API's document, type-checked, walk a whole life (network, node 20)
	$(BIN)/python -m tests.clients $(CLIENTS)

$(CLIENTED): requirements-clients.txt tests/clients/walks/package.json tests/clients/walks/package-lock.json
	@mkdir -p $(CLIENTS)/node
	@test -x $(CLIENTS)/python/bin/python || $(PYTHON) -m venv $(CLIENTS)/python
	@$(UV_IN) $(CLIENTS)/python/bin/python --requirement $< || \
		$(CLIENTS)/python/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	@cp tests/clients/walks/package.json tests/clients/walks/package-lock.json $(CLIENTS)/node/
	@cd $(CLIENTS)/node && npm ci --no-audit --no-fund --loglevel=error
	@cat $^ > $@

lint: $(TESTING)  ## ruff, mypy, import-linter, bandit, and a scan for secrets
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.dangers

sbom: $(TESTING)  ## docs/licences.md and build/sbom.json (CycloneDX) from the lists of packages
	$(BIN)/python -m tests.supply --licences docs/licences.md --bill build/sbom.json

# DATE= day of the archive (or SOURCE_DATE_EPOCH, else today), VERSION= another one than pyproject.toml's
bundle: $(TESTING)  ## build/gongkai-VERSION-offline.tar.gz and …-windows.zip, which install without internet
	$(BIN)/python -m deploy.build $(if $(DATE),--date $(DATE)) $(if $(VERSION),--version $(VERSION))

bundle-check: $(TESTING)  ## the archive in a clean root without a net: installed, upgraded, rolled back (root, mmdebstrap)
	$(BIN)/python -m pytest tests/deploy

format: $(TESTING)  ## let ruff format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(RUNNING)  ## make the diagram and tables in docs/ again from config/law
	$(BIN)/python gongkai.py machine --docs docs

clean:  ## remove what setup and tests made; keeps ./data
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

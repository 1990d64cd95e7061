# make run    start Annals here, with its demonstration events       PORT=8000 DATABASE_URL=... WORKERS=2
# make test   every test, on SQLite, in Chromium and on PostgreSQL
# make lint   style, types, layers, templates, migrations
# make format  put code and templates into the one style
# make bench  measurements beside a rival                            ONLY=group EVENTS=1000000
# make clean  remove what can be made again (never var/)

PYTHON ?= python3
WORKERS ?= 2
# Three on two cores: while a browser test waits for its browser, another goes on.
JOBS ?= 3
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py

export PORT ?= 8000
# Where the environment forbids bytecode, as in many containers, each of dozens of processes would compile all anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run migrate venv venv-tests chromium test format lint bench clean
.DELETE_ON_ERROR:

# Two processes of four threads keep two cores busy while SQLite writes one at a time.
run: migrate
	@$(BIN)/python -c 'import socket; socket.create_server(("127.0.0.1", $(PORT)))' 2>/dev/null \
		|| { echo "Port $(PORT) is taken. Choose another: make run PORT=8001"; exit 1; }
	@$(MANAGE) collectstatic --noinput --verbosity 0
	@$(MANAGE) load_countries
	@$(MANAGE) load_demo --if-empty
	@$(MANAGE) create_first_admin
	@echo "Annals answers at http://localhost:$(PORT)/ - stop it with Ctrl-C."
	@exec $(BIN)/granian timeline.wsgi:application --interface wsgi --host 127.0.0.1 --port $(PORT) \
		--workers $(WORKERS) --blocking-threads 4 --respawn-failed-workers --no-ws --log-level warning

migrate: venv
	@$(MANAGE) migrate --verbosity 0

# The stamps make the environment anew only when what it consists of has changed.
venv: .venv/installed
venv-tests: .venv/installed-tests

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Annals needs Python 3.11 or newer; set PYTHON=...")'
	$(PYTHON) -m venv .venv

.venv/installed: requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
	@touch $@

.venv/installed-tests: tests/requirements.txt .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement tests/requirements.txt
	@touch $@

chromium: venv-tests
	@$(BIN)/python -m tests.browser.chromium

test: venv-tests chromium
	$(BIN)/python -m pytest -n $(JOBS) --durations 10
	$(BIN)/python -m tests.postgres $(BIN)/python -m pytest -n $(JOBS) --durations 10 --ignore tests/browser

format: venv-tests
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	-find templates -name '*.html' -print0 | xargs -0 --no-run-if-empty $(BIN)/djade --target-version 5.2

lint: venv-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy timeline tests manage.py
	$(BIN)/lint-imports
	find templates -name '*.html' -print0 | xargs -0 --no-run-if-empty $(BIN)/djade --check --target-version 5.2
	$(BIN)/python manage.py makemigrations --check --dry-run --settings tests.settings

bench: venv-tests
	$(BIN)/python -m tests.benchmarks --only "$(ONLY)" --events "$(or $(EVENTS),100000)"

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

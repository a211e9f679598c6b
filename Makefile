# SafetyPlant: `make run` starts it, `make test` tests it. Both set up what they need first.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv/bin/python
ARGS ?=

.PHONY: run setup setup-tests test check lock messages bench trust

run: ## everything from nothing to a page on http://127.0.0.1:8000/ (PORT=… for another port)
	@exec $(PYTHON) -m deploy run

setup: ## environment, locked packages, front end, translations
	@exec $(PYTHON) -m deploy setup

setup-tests: ## and what checks and tests need, a browser among it
	@exec $(PYTHON) -m deploy setup --tests

test: setup-tests ## the whole suite; ARGS="tests/inspections -x" for a part
	@exec $(VENV) -m pytest -n 2 $(ARGS)

check: setup-tests ## lint, format, types, templates, migrations, layering, translations
	@exec $(VENV) -m deploy.check

bench: setup-tests ## one JSON line per measure
	@exec $(VENV) -m tests.bench $(ARGS)

trust: setup-tests ## the fault and attack harness at full counts
	@exec $(VENV) -m tests.trust $(ARGS)

lock: setup-tests ## compile the lock files from the .in files
	@exec $(VENV) -m deploy.lock

messages: setup-tests ## collect the strings of both languages into locale/
	@exec $(VENV) -m deploy.messages

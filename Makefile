# make help lists the commands.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARTICLES ?=
PORT ?= 7860
PIP := $(BIN)/pip --disable-pip-version-check

ifneq ($(shell printf %s '$(PORT)' | tr -d 0-9),)
$(error PORT must be a number: make run PORT=7861)
endif

export HF_HUB_OFFLINE ?= 1
export GRADIO_ANALYTICS_ENABLED ?= False

.DEFAULT_GOAL := help
.PHONY: help run free index test check fast bench attack lock clean

help: ## list these commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

run: $(VENV)/ready free index ## set up, index the articles, and serve the chat on http://127.0.0.1:7860 [ARTICLES=DIR PORT=N]
	@$(BIN)/python app.py --port $(PORT) $(if $(ARTICLES),"$(ARTICLES)")

# Known before the index is built: that may be the index of the page which holds the port.
free:
	@$(BIN)/python -c 'import socket, sys; sys.exit(socket.socket().connect_ex(("127.0.0.1", $(PORT))) == 0 and \
		"A page runs on port $(PORT) already. Stop it (Ctrl-C), or choose another port: make run PORT=7861")'

# Exit code 1 says that some documents could not be indexed and the rest are: the page then shows the rest.
index: $(VENV)/ready ## set up and index the articles [ARTICLES=DIR]
	@$(BIN)/python -m index build $(if $(ARTICLES),"$(ARTICLES)" --replace) || [ $$? -eq 1 ]

test: $(VENV)/ready-dev ## set up and run the whole test suite
	$(BIN)/python -m pytest

fast: $(VENV)/ready-dev ## the tests that need no model and no browser
	$(BIN)/python -m pytest -m "not model and not browser"

check: $(VENV)/ready-dev ## ruff, mypy and the tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

bench: $(VENV)/ready-dev ## measure answers on our own questions [SETS="DIR ..."]
	$(BIN)/python -m benchmarks.run $(SETS)

attack: $(VENV)/ready-dev ## attack the index for an hour: kills, full disks, damage, crowds (benchmarks/README.md)
	@for file in benchmarks/attack_*.py; do \
		echo "$$file"; $(BIN)/python -m benchmarks.$$(basename $$file .py) || exit 1; done

$(VENV)/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name it: make run PYTHON=python3.11")'
	@echo "Setting up $(VENV) with the pinned packages (the README says how large they are) ..."
	@$(PYTHON) -m venv $(VENV)
	$(PIP) install torch==2.13.0
	$(PIP) install --require-hashes --no-deps -r requirements.lock
	$(PIP) install --no-deps -e .
	touch $@

$(VENV)/ready-dev: $(VENV)/ready requirements-dev.lock
	$(PIP) install --require-hashes --no-deps -r requirements-dev.lock
	touch $@

lock: $(VENV)/ready ## pin the packages anew (for maintainers)
	$(PIP) install uv
	echo torch > $(VENV)/excludes.txt
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-annotate \
		--no-header --excludes $(VENV)/excludes.txt -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-annotate \
		--no-header --excludes $(VENV)/excludes.txt -c requirements.lock -o requirements-dev.lock

clean: ## remove what was installed and built
	rm -rf $(VENV) index/built benchmarks/built

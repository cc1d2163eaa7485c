# Everything a person does with Morsel, one word each. `make` alone lists the words.
.DEFAULT_GOAL := help
.PHONY: help playground run test check format draw bench lock clean
.DELETE_ON_ERROR:

PYTHON ?= python3.11
VENV ?= .venv
# Where torch is taken from; empty means where pip takes everything else. For a build without CUDA:
#   make run TORCH_INDEX=https://download.pytorch.org/whl/cpu
TORCH_INDEX ?=
# Handed on to the command, as in: make playground ARGS=--script, or make test ARGS=tests/domain
ARGS ?=

export PIP_DISABLE_PIP_VERSION_CHECK := 1

bin := $(VENV)/bin
installed := $(VENV)/.installed
# The whole suite, with coverage; ARGS asks for something smaller. Tests wait about a third of their time, so there are
# three of them at once on two processors.
workers := $(shell echo $$(($$(getconf _NPROCESSORS_ONLN) * 3 / 2)))
whole_suite := --numprocesses=$(workers) --maxprocesses=8 --dist=worksteal --cov --cov-report=term

help: ## list these words
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

playground: $(installed) ## try the whole bot in your browser, without a token (ARGS=--script: watch it by itself)
	@$(bin)/python -m playground $(ARGS)

run: $(installed) ## bring the database up to date and run the bot on Discord, with the settings in .env
	@$(bin)/python -m bot run --migrate $(ARGS)

test: $(installed) ## run every test, with coverage (ARGS=tests/domain: only those, without)
	@$(bin)/python -m pytest $(if $(strip $(ARGS)),$(ARGS),$(whole_suite))

check: $(installed) ## format, lint, types, import contracts and migrations
	$(bin)/ruff format --check .
	$(bin)/ruff check .
	$(bin)/mypy
	$(bin)/lint-imports
	$(bin)/python -m pytest --quiet tests/migrations

format: $(installed) ## write the code the way `make check` wants it
	$(bin)/ruff check --fix .
	$(bin)/ruff format .

draw: $(installed) ## draw the diagrams and tables of the pages again, from the code
	@$(bin)/python -m docs.drawing

bench: $(installed) ## measure what matters, beside what it is measured against
	@$(bin)/python -m benchmarks $(ARGS)

lock: $(installed) ## pin requirements/*.in into requirements/*.lock (ARGS=--upgrade: newest allowed)
	cd requirements && for name in runtime dev; do \
		"$(abspath $(bin))/pip-compile" --quiet --generate-hashes --strip-extras --unsafe-package torch \
			--no-emit-index-url --no-emit-find-links --output-file $$name.lock $(ARGS) $$name.in || exit 1; \
	done

clean: ## forget the environment; the next command makes it anew
	rm -rf $(VENV)

# torch comes first, from wherever it suits the machine; all else by hash. The stamp is written last, so an
# installation that was interrupted is taken up again.
$(installed): requirements/torch.txt requirements/dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null || { \
		echo "Morsel needs Python 3.11, and $(PYTHON) isn't one. Name yours: make PYTHON=/path/to/python3.11" >&2; \
		exit 1; }
	@echo "Making $(VENV): a few minutes the first time, nothing afterwards."
	@$(PYTHON) -m venv $(VENV)
	@echo "Installing $$(cat requirements/torch.txt), the largest part..."
	@$(bin)/python -m pip install --quiet $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) -r requirements/torch.txt
	@echo "Installing the rest, as locked in requirements/dev.lock..."
	@$(bin)/python -m pip install --quiet --no-deps --require-hashes -r requirements/dev.lock
	@$(bin)/python -m pip check
	@touch $@

# Everything a person does with Morsel, one word each. `make` alone lists the words.
.DEFAULT_GOAL := help
.PHONY: help playground run test check format draw screenshots bench lock clean
.DELETE_ON_ERROR:

# The newest of these that runs here makes the environment, unless one is named: make test PYTHON=python3.12
pythons := 3.13 3.12 3.11
VENV ?= .venv
# Where torch is taken from; empty means where pip takes everything else. For a build without CUDA:
#   make run TORCH_INDEX=https://download.pytorch.org/whl/cpu
# And `none` leaves it out: the bot can't run then, and the tests that load a model are skipped.
TORCH_INDEX ?=
# Handed on to the command, as in: make playground ARGS=--script, or make test ARGS=tests/domain
ARGS ?=

export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Even where the shell says otherwise, what one process has compiled the next one reads: the tests start dozens.
unexport PYTHONDONTWRITEBYTECODE

bin := $(VENV)/bin
without_torch := $(filter none,$(TORCH_INDEX))
installed := $(VENV)/.installed$(if $(without_torch),-without-torch)
version = $(filter $(pythons),$(shell $(1) -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null))
made_with := $(call version,$(bin)/python)
ifndef PYTHON
PYTHON = $(firstword $(foreach each,$(pythons),$(if $(call version,python$(each)),python$(each))))
else ifneq ($(call version,$(PYTHON)),$(made_with))
.PHONY: $(installed)
made_with :=
endif
# The whole suite, with coverage; ARGS asks for something smaller. Tests wait about a third of their time, so there are
# three of them at once on two processors.
workers := $(shell echo $$(($$(getconf _NPROCESSORS_ONLN) * 3 / 2)))
whole_suite := --numprocesses=$(workers) --maxprocesses=8 --dist=worksteal --durations=30

help: ## list these words
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

playground: $(installed) ## try the whole bot in your browser, without a token (ARGS=--script: watch it by itself)
	@$(bin)/python -m playground $(ARGS)

run: $(installed) ## bring the database up to date and run the bot on Discord, with the settings in .env
	@$(bin)/python -m bot run --migrate $(ARGS)

test: $(installed) ## run every test, with coverage (ARGS=tests/domain: only those, without)
	@$(if $(strip $(ARGS)),,COVERED=1) $(bin)/python -m pytest $(if $(strip $(ARGS)),$(ARGS),$(whole_suite))

check: $(installed) ## format, lint, types and import contracts
	$(bin)/ruff format --check .
	$(bin)/ruff check .
	$(bin)/mypy
	$(bin)/lint-imports

format: $(installed) ## write the code the way `make check` wants it
	$(bin)/ruff check --fix .
	$(bin)/ruff format .

draw: $(installed) ## draw the diagrams and tables of the pages again, from the code
	@$(bin)/python -m docs.drawing

screenshots: $(installed) ## make the pictures of /stats again, over a simulated year
	@$(bin)/python -m docs.screenshots

bench: $(installed) ## measure what matters, beside what it is measured against
	@$(bin)/python -m benchmarks $(ARGS)

# One lock fits every Python: all of them resolve alike, and the newest keeps the markers of what only it needs. The
# locks are made with torch's build for processors; cuda.lock has what the package index's build needs beside them.
pip_compile = $(abspath $(bin))/pip-compile --quiet --generate-hashes --strip-extras --unsafe-package torch \
	--no-emit-index-url --no-emit-find-links $(ARGS)

lock: $(installed) ## pin requirements/*.in into requirements/*.lock, on Python 3.13 (ARGS=--upgrade: newest allowed)
	@$(bin)/python -c 'import sys; sys.exit(sys.version_info < (3, 13))' || { \
		echo "Locks are made with the newest Python: make lock PYTHON=python3.13" >&2; exit 1; }
	cd requirements && for name in runtime dev; do \
		$(pip_compile) --extra-index-url https://download.pytorch.org/whl/cpu --output-file $$name.lock $$name.in || exit 1; \
	done
	cd requirements && $(pip_compile) --constraint runtime.lock --output-file cuda.lock torch.txt

clean: ## forget the environment; the next command makes it anew
	rm -rf $(VENV)

# torch comes first, alone, from the place that suits the machine; then all else. A build for graphics cards gets its
# libraries last, as cuda.lock names them. The stamp is written at the end, so an interrupted installation is taken up again.
$(installed): requirements/torch.txt requirements/dev.lock requirements/cuda.lock
ifeq ($(made_with),)
	@[ -n "$(call version,$(PYTHON))" ] || { \
		echo "Morsel needs Python 3.11, 3.12 or 3.13, and '$(PYTHON)' is none of them." \
			"Name yours: make PYTHON=/path/to/python3.13" >&2; \
		exit 1; }
	@echo "Making $(VENV) with Python $(call version,$(PYTHON)): a few minutes the first time, nothing afterwards."
	@$(PYTHON) -m venv $(if $(wildcard $(VENV)/pyvenv.cfg),--clear) $(VENV)
endif
ifeq ($(without_torch),)
	@echo "Installing torch, the largest part..."
	@$(bin)/python -m pip install --quiet --no-deps --require-hashes \
		$(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) -r requirements/torch.txt || { \
		echo "torch isn't installed. If pip speaks of hashes above, its source has another file than the ones in" \
			"requirements/torch.txt: name one that has them, as in make TORCH_INDEX=https://download.pytorch.org/whl/cpu" >&2; \
		exit 1; }
endif
	@echo "Installing what requirements/dev.lock names..."
	@$(bin)/python -m pip install --quiet --no-deps --require-hashes -r requirements/dev.lock
ifeq ($(without_torch),)
	@$(bin)/python -m pip install --quiet --require-hashes -r requirements/torch.txt -c requirements/cuda.lock
	@$(bin)/python -m pip check
endif
	@touch $@

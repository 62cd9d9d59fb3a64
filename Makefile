# The commands of this project; people and CI use the same ones.

STACK ?= local
PYTHON ?= python3
# Passed on to pulumi or pytest: make up STACK=aws-example ARGS=--yes, make test ARGS='-k nftables'
ARGS ?=

VENV := .venv/bin
CLOUDS := aws gcp digitalocean azure hetzner
# A worker takes whole files, in the order of tests/conftest.py. The plugin of `make bench`, once that has installed it,
# asks git, Mercurial and others about the machine whenever pytest starts: in each worker.
PARALLEL := -n auto --dist loadfile --no-loadscope-reorder -p no:benchmark
# Handed over in the environment: a name with a space or a quote must not become part of the command.
NAME ?=
FROM ?=
HOST ?=
SMOKE ?=
export STACK NAME FROM HOST SMOKE
# An activated or broken environment of somebody else's must not decide what these commands run.
unexport PYTHONPATH PYTHONHOME
# Without byte code on disk every worker and every command that a test starts compiles all of it anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help up preview destroy smoke stack unit test soak e2e previews check docs pictures bench lock audit dist

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "  STACK=local needs no account; aws-example, gcp-example, digitalocean-example, azure-example, hetzner-example use your own login."

up: ## set up what is missing, then `pulumi up` on STACK, and show who can reach what
	@$(PYTHON) tools/stack.py up "$$STACK" $(ARGS)

preview: ## what `make up` would change on STACK
	@$(PYTHON) tools/stack.py preview "$$STACK" $(ARGS)

destroy: ## remove what STACK created
	@$(PYTHON) tools/stack.py destroy "$$STACK" $(ARGS)

smoke: ## with your account: up, `probe check` of HOST=ADDRESS from here, destroy, on a STACK that has nothing yet; asks, or SMOKE=STACK
	@$(PYTHON) tools/smoke.py

stack: ## a stack of your own, NAME=mine FROM=aws-example: its file, and where it keeps its state
	@$(PYTHON) tools/new_stack.py

unit: ## the fast tests alone: no Pulumi engine, no browser, no server
	@$(PYTHON) tools/setup.py $(CLOUDS) probe test
	@$(VENV)/python -m pytest $(PARALLEL) tests/unit $(ARGS)

# Every file of which `make test` runs a sample stands here (tests/unit/test_sampling.py).
soak: ## at length: every matrix whole, properties with 2,000 examples in place of 10, ten million random packets, 2,000 rulesets of nft with packets, every livekit-server on every file, every edit on the engine, every call of an update with every fault, a fleet of 20 stacks
	@tools/system-packages
	@$(PYTHON) tools/setup.py --cli $(CLOUDS) probe test
	@$(PYTHON) tools/livekit-server
	@$(PYTHON) tools/compose-loader
	@$(PYTHON) tools/mermaid-js
	@$(VENV)/python -m pytest $(PARALLEL) --hypothesis-profile soak tests/unit tests/browser tests/engine/test_orders.py \
		tests/engine/test_faults.py tests/engine/test_fleet.py tests/engine/test_host_files.py tests/e2e/livekit_server tests/e2e/call tests/e2e/probe tests/e2e/test_nft_idioms.py \
		tests/e2e/test_host_faults.py tests/e2e/test_host_owner.py $(ARGS)

test: ## every test that this machine can run, and the names of those it cannot
	@tools/system-packages
	@$(PYTHON) tools/setup.py --cli $(CLOUDS) probe test
	@$(PYTHON) tools/livekit-server
	@$(PYTHON) tools/compose-loader
	@$(PYTHON) tools/mermaid-js
	@$(PYTHON) tools/languages
	@$(VENV)/python -m pytest $(PARALLEL) $(ARGS)

e2e: ## only the tests with real servers and real packets
	@tools/system-packages
	@$(PYTHON) tools/setup.py --cli $(CLOUDS) probe test
	@$(PYTHON) tools/livekit-server
	@$(VENV)/python -m pytest $(PARALLEL) tests/e2e $(ARGS)

previews: ## write tests/previews anew: what the engine prints for each change in tests/engine/previews
	@$(PYTHON) tools/setup.py --cli $(CLOUDS) probe test
	@$(VENV)/python -m tests.engine.previews $(ARGS)

check: ## formatter, linter, strict types, what mypy and pyright say of programs (tests/typing), who imports whom, and whether what `make docs` writes is up to date
	@$(PYTHON) tools/setup.py pulumi probe test check
	$(VENV)/ruff format --check .
	$(VENV)/ruff check .
	$(VENV)/mypy
	$(VENV)/basedpyright --pythonpath $(VENV)/python
	$(VENV)/lint-imports --no-cache --no-logo
	$(VENV)/python tools/reference.py --check
	$(VENV)/python tools/schemas.py --check
	$(VENV)/python tools/plugin.py --check

docs: ## write anew from types, records, catalogue, example and tables: docs/configuration.md, docs/findings.md, the table of docs/drift.md, the README's picture, the schemas, what the Pulumi package has beside its code
	@$(PYTHON) tools/setup.py pulumi
	@$(VENV)/python tools/reference.py
	@$(VENV)/python tools/schemas.py
	@$(VENV)/python tools/plugin.py
	@mkdir -p build
	@$(VENV)/python -m livekit_firewall.reports.lint.page > build/findings.md
	@mv build/findings.md docs/findings.md

pictures: ## write docs/pictures anew: what terminals and pages show; needs Chromium
	@$(PYTHON) tools/setup.py $(CLOUDS) probe test
	@$(VENV)/python tools/pictures.py

bench: ## medians, and the ratio against a peer
	@$(PYTHON) tools/setup.py aws probe test bench
	@$(VENV)/python -m pytest tests/bench -o python_files='bench_*.py' -o python_functions='bench_*' \
		-o python_classes='Bench*' --benchmark-columns=median,rounds --benchmark-sort=name -q $(ARGS)

lock: ## write requirements.txt anew from pyproject.toml, ARGS=--upgrade with newer versions; needs Python 3.11
	@$(PYTHON) tools/setup.py check
	@$(VENV)/python tools/lock.py $(ARGS)

audit: ## whether a vulnerability is known of what requirements.txt pins
	@$(PYTHON) tools/setup.py release
	$(VENV)/pip-audit --strict --disable-pip --require-hashes --requirement requirements.txt

dist: ## the sdist and the wheel in dist/, the same bytes from the same commit, and their bill of materials in build/
	@$(PYTHON) tools/setup.py release
	@$(VENV)/python tools/dist.py

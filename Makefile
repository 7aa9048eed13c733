# Two commands do everything on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
DEBIAN := bubblewrap default-jre-headless
PIP := $(BIN)/pip install -q --disable-pip-version-check -c constraints.txt

.PHONY: demo test check docs claims bench bench-peers lock clean

demo: .venv/.demo            ## the main job: the embedded model follows instructions, step by step
	$(BIN)/dutiful demo

test: .venv/.test check      ## all the tests
	$(BIN)/python -m pytest

check: .venv/.test           ## style, types, layering
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports

docs: .venv/.test            ## writes the generated parts of README and docs anew
	$(BIN)/python docs/generate.py

claims: .venv/.test          ## every claim, one after the other (hours on two cores); one alone: dutiful claims NNN
	for system in $$(ls src/dutiful/claims/results | sed 's/\.json//'); do $(BIN)/dutiful claims $$system; done

bench: .venv/.test           ## every measurement against the named peers, side by side (about 30 minutes)
	for file in bench/*.py; do $(BIN)/python $$file || exit 1; done

bench-peers: bench/.peers/.done  ## the peers that bench/ measures against, in an environment of their own

bench/.peers/.done:
	$(PYTHON) -m venv bench/.peers
	bench/.peers/bin/pip install -q smolagents inspect-ai
	touch $@

.venv/bin/pip:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "dutiful needs Python 3.11 or newer: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv .venv

# The sandbox and the games in Java stand on Debian packages; what needs one that is missing is skipped by the tests, with the reason.
.venv/.debian: .venv/bin/pip
	@{ command -v bwrap && command -v java; } >/dev/null || { SUDO=$$([ $$(id -u) = 0 ] || echo sudo -n); \
	$$SUDO apt-get update -qq && $$SUDO apt-get install -y -qq --no-install-recommends $(DEBIAN) >/dev/null; } || \
	echo "not installed: $(DEBIAN)"
	touch $@

.venv/.demo: .venv/bin/pip pyproject.toml constraints.txt
	$(PIP) -e '.[embedded]'
	$(BIN)/dutiful models fetch
	touch $@

.venv/.test: .venv/.debian pyproject.toml constraints.txt
	$(PIP) torch
	$(PIP) -e '.[all,train,dev]'
	$(BIN)/dutiful models fetch --all
	touch $@

lock: .venv/.test            ## pins what is installed now
	$(BIN)/pip freeze --exclude-editable | sed 's/+cpu//' | grep -v '@' > constraints.txt

clean:
	rm -rf .venv bench/.peers build dist .pytest_cache .ruff_cache .hypothesis

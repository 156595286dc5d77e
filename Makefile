# The commands of this repository, the same on every desk. `make` alone lists them.
#
# Everything is installed into a private .venv, with uv where it is there and with pip otherwise. A stamp for each group
# of dependencies remembers what is installed, so a second run starts at once. A change of pyproject.toml or of what even
# an editable install copies (the kernelspec, the server's configuration, the labextension) installs again. matplotlib is
# imported once right away: the first import looks for the system's fonts, and where that takes long it says so, in the
# first notebook that draws. Where there is no Node, one comes from PyPI (js/npm.py).
#
#   make demo PYTHON=/path/to/python    chooses the Python of a .venv that is not there yet

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?=
PYTHONS := $(or $(PYTHON),python3.14 python3.13 python3.12 python3.11 python3)

NOTEBOOKS := $(sort $(wildcard notebooks/*.ipynb))
SLOW := tests/test_kernel tests/test_browser
UNIT := $(filter-out $(SLOW),$(sort $(wildcard tests/test_*)))
PYTEST := $(BIN)/python -m pytest
NPM := $(BIN)/python js/npm.py
COPIED := $(wildcard kernel/rdit/kernelspec/* kernel/rdit/server_config/*) hatch_build.py js/build.mjs js/package-lock.json \
  $(shell find js/build js/lab js/src -type f)

.DEFAULT_GOAL := help
.PHONY: help demo test unit check format lab lite bench wheel clean browser
.DELETE_ON_ERROR:

help: ## List these commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 18

demo: $(VENV)/.has-demo ## Run the tour with the rdit kernel and show each statement's output as it happens
	@mkdir -p demo
	$(BIN)/rdit watch -- $(BIN)/jupyter execute --kernel_name=rdit --output='../demo/{notebook_name}' $(NOTEBOOKS)
	$(BIN)/jupyter nbconvert --log-level=ERROR --to=html --template=page \
	  --TemplateExporter.extra_template_basedirs=notebooks $(NOTEBOOKS:notebooks/%=demo/%)
	@printf '\nThe executed notebook and its page:\n'; ls demo/*.ipynb demo/*.html | sed 's/^/  /'

test: $(VENV)/.has-test browser ## Run every test: TypeScript, units, live kernels, notebooks, a real JupyterLab
	@status=0; $(NPM) run test || status=1; \
	echo "$(PYTEST)"; $(PYTEST) --nbval $(UNIT) tests/test_kernel $(NOTEBOOKS) tests/test_browser || status=1; exit $$status

unit: $(VENV)/.has-test ## Run the tests that need seconds
	$(PYTEST) $(UNIT)

check: $(VENV)/.has-check ## Check format, lint, types and who imports whom
	@status=0; for each in 'ruff format --check .' 'ruff check .' mypy lint-imports 'python js/npm.py run check'; \
	do echo "$(BIN)/$$each"; $(BIN)/$$each || status=1; done; exit $$status

format: $(VENV)/.has-check ## Format, and fix what lint can fix
	$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

lab: $(VENV)/.has-lab ## Open JupyterLab with the kernels and a copy of the tour
	@mkdir -p demo
	@for each in $(NOTEBOOKS:notebooks/%=%); do test -e demo/$$each || cp notebooks/$$each demo/; done
	$(BIN)/jupyter lab $(if $(filter 0,$(shell id -u)),--allow-root) $(firstword $(NOTEBOOKS:notebooks/%=demo/%))

lite: $(VENV)/.has-lite ## Build dist/lite: the tours as a site whose Python runs in the visitor's browser
	$(BIN)/python lite/build.py

bench: $(VENV)/.has-test ## Compare the kernel with ipykernel, side by side
	$(BIN)/python benchmarks/kernel.py

wheel: $(VENV)/.has-test ## Build the wheel and the sdist into dist/
	$(BIN)/python -m hatchling build

clean: ## Remove what these commands made, the .venv too
	rm -rf $(VENV) build dist demo js/dist js/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Without a browser everything else is still tested: the browser's tests fail and say what is missing.
browser: $(VENV)/.has-test
	@$(BIN)/python tests/support/chromium.py || true

# What needs Node beyond the build, which brings its own, finds it in the .venv.
NEEDS_NODE = $(if $(filter test check,$*),$$($(NPM) requirements))

$(VENV)/.has-%: pyproject.toml $(COPIED) | $(BIN)/python
	@echo 'Installing sideflow[$*] into $(VENV)'
	@if command -v uv >/dev/null; \
	then uv pip install --quiet --python $(BIN)/python -e '.[$*]' $(NEEDS_NODE); \
	else $(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[$*]' $(NEEDS_NODE); fi
	@$(BIN)/python -c 'import matplotlib.font_manager' 2>/dev/null || true
	@touch $@

# Debian's python3 comes without ensurepip unless python3-venv is installed: then it serves only where uv is there.
# --seed puts pip inside, which %pip in a notebook needs.
$(BIN)/python:
	@for each in $(PYTHONS); do \
	  found=$$("$$each" -c 'import sys; sys.version_info < (3, 11) or print(sys.executable)' 2>/dev/null) || continue; \
	  test -n "$$found" || continue; \
	  if command -v uv >/dev/null; then exec uv venv --quiet --seed --python "$$found" $(VENV); fi; \
	  "$$found" -c 'import ensurepip, venv' 2>/dev/null || { without_venv=$$found; continue; }; \
	  exec "$$found" -m venv $(VENV); \
	done; \
	if test -n "$$without_venv"; \
	then echo "$$without_venv cannot make a virtual environment: install its venv module (Debian, Ubuntu: apt-get install python3-venv) or uv."; \
	else echo 'Sideflow needs Python 3.11 or newer. None of these is one: $(PYTHONS). Install it, or name it: make PYTHON=/path/to/python'; \
	fi >&2; exit 1

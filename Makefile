# 明标 Mingbiao. Two commands: `make run` and `make test`. PORT=, DB=postgresql are the only knobs.
PORT ?= 8000
PY := .venv/bin/python

unexport PYTHONDONTWRITEBYTECODE  # every process would compile the house anew, which takes it seconds

.PHONY: run test setup bench lint clean

setup: .venv/.ready
	@$(PY) -m web.build

.venv/.ready: pyproject.toml requirements.lock
	@test -x $(PY) || python3 -m venv .venv
	@if command -v uv >/dev/null 2>&1; then uv pip install -q --python $(PY) --require-hashes -r requirements.lock && uv pip install -q --python $(PY) --no-deps -e .; \
	else $(PY) -m pip install -q --no-compile --require-hashes -r requirements.lock && $(PY) -m pip install -q --no-deps -e .; fi
	@touch $@

run: setup
	@$(PY) -m cli.main serve --rehearsal --port $(PORT)

test: setup
	@$(PY) tests/run.py $(DB)

bench: setup
	@$(PY) -m bench

lint: setup
	@$(PY) -m ruff check . && $(PY) -m mypy

clean:
	rm -rf .venv node_modules web/static/vendor

# make run and make test need Debian's python3 with venv, and nothing else installed by hand.
.DEFAULT_GOAL := run
BIN := .venv/bin
PYTHON ?= python3
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: install run start test test-quick check soak bench translations

# The services of docs/deployment.md may not write here, so what Python compiles is there before.
install: $(BIN)/.run
	@python -m compileall -q -j 0 .venv/lib console models.py wsgi.py gunicorn.conf.py

run: $(BIN)/.run
	@flask --app wsgi try-out
	@honcho --no-colour start --port $${PORT:-8000} || test $$? -eq 130  # Ctrl-C

# Without the demonstration; `flask --app wsgi setup` adds who signs in first. See docs/deployment.md.
start: $(BIN)/.run
	@flask --app wsgi migrate
	@flask --app wsgi welcome
	@honcho --no-colour start --port $${PORT:-8000} || test $$? -eq 130

test: $(BIN)/.test
	@scripts/need chromium-headless-shell chromium-headless-shell
	@scripts/need nginx-light nginx
	@scripts/need caddy caddy
	@scripts/need openssl openssl
	@scripts/need dovecot-imapd dovecot
	@scripts/need systemd systemd-analyze
	pytest

test-quick: $(BIN)/.test
	pytest -m "not browser and not slow"

check: $(BIN)/.test
	ruff check .
	ruff format --check .
	mypy
	lint-imports
	scripts/check-schema

soak: $(BIN)/.test
	pytest -n 0 -p no:randomly tests/soak.py

bench: $(BIN)/.test
	@scripts/need chromium-headless-shell chromium-headless-shell
	python -m bench

translations: $(BIN)/.test
	scripts/translations

# Debian 12's own pip takes twice as long. What is imported is compiled then, not all at once.
$(BIN)/.run: requirements.lock requirements-pip.txt
	@test -d .venv || $(PYTHON) -m venv .venv
	@pip install --quiet --disable-pip-version-check --require-hashes --no-compile \
		--requirement requirements-pip.txt
	@pip install --quiet --disable-pip-version-check --require-hashes --no-compile \
		--no-deps --requirement requirements.lock
	@touch $@

$(BIN)/.test: requirements-dev.txt requirements-mail.txt $(BIN)/.run
	@pip install --quiet --disable-pip-version-check --requirement requirements-dev.txt
	@touch $@

# A distribution compiles its Python with a profile, pyenv and the like do not unless asked (docs/decisions/0075-which-python.md).
PYTHON ?= $(shell /usr/bin/python3.11 -c "import ensurepip; print('/usr/bin/python3.11')" 2>/dev/null || echo python3)
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run demo-reset test test-fast coverage walk fuzz pictures check bench lock advisories clean messages diagrams

run: $(VENV)/.installed
	@$(BIN)/python deploy/run.py

demo-reset: $(VENV)/.installed
	@$(BIN)/python manage.py reset_demo

test: $(VENV)/.installed-dev
	@$(BIN)/python tests/run.py whole $(ARGS)

test-fast: $(VENV)/.installed-dev
	@$(BIN)/python tests/run.py fast $(ARGS)

coverage: $(VENV)/.installed-dev
	@$(BIN)/python tests/run.py coverage $(ARGS)

walk: $(VENV)/.installed-dev
	@$(BIN)/python tests/run.py walk $(ARGS)

fuzz: $(VENV)/.installed-dev
	@$(BIN)/python tests/run.py fuzz $(ARGS)

pictures: $(VENV)/.installed-dev
	@$(BIN)/python tests/run.py pictures $(ARGS)

check: $(VENV)/.installed-dev
	@$(BIN)/python deploy/check.py

bench: $(VENV)/.installed-dev
	@$(BIN)/python benchmarks/run.py

# The environment: every package by hash, by uv (a second where pip takes thirteen), by pip where uv finds no index.
define install
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r deploy/uv.lock
	@UV_COMPILE_BYTECODE=1 $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r $(1) || \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1)
endef

$(VENV)/.installed: requirements.lock deploy/uv.lock
	$(call install,requirements.lock)
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock requirements.lock deploy/uv.lock
	$(call install,requirements-dev.lock)
	@touch $(VENV)/.installed $@

lock: $(VENV)/.installed-dev
	$(BIN)/uv pip compile requirements.txt --generate-hashes --universal --python-version 3.11 --quiet --custom-compile-command "make lock" -o requirements.lock
	$(BIN)/uv pip compile requirements-dev.txt --generate-hashes --universal --python-version 3.11 --quiet --custom-compile-command "make lock" -o requirements-dev.lock
	grep -A 30 "^uv==" requirements-dev.lock | awk 'NR > 1 && !/--hash/ {exit} {print}' > deploy/uv.lock

advisories: $(VENV)/.installed-dev
	$(BIN)/python deploy/advisories.py ask

messages: $(VENV)/.installed-dev
	$(BIN)/python deploy/check.py --compile-messages

diagrams: $(VENV)/.installed-dev
	$(BIN)/python deploy/check.py --draw-diagrams

clean:
	rm -rf $(VENV) var

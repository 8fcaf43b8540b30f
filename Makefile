# The everyday commands. Each target may be called on its own in a fresh clone.
.PHONY: setup setup-tests setup-model-server build install demo test lint bench

CARGO ?= cargo

# Browser, fonts and OCR weights, where they are missing.
setup:
	scripts/setup

# The pages that only tests use.
setup-tests:
	scripts/setup-tests

# A real model server and small weights, that only tests use.
setup-model-server:
	scripts/setup-model-server

build:
	$(CARGO) build --bin apprentice

# The program on the PATH, and the weights where it looks for them from every folder.
install: setup
	$(CARGO) install --locked --path .
	mkdir -p "$${XDG_DATA_HOME:-$$HOME/.local/share}/apprentice/models"
	cp .models/*.onnx "$${XDG_DATA_HOME:-$$HOME/.local/share}/apprentice/models/"

# The tour: without a terminal it answers itself from a script, and prints what it answered.
demo: setup build
	$(CARGO) run --quiet --bin apprentice -- tour

# The whole suite, with a real browser. Doc tests are run apart, since nextest does not know them.
test: setup setup-tests setup-model-server
	@if $(CARGO) nextest --version >/dev/null 2>&1; then \
		$(CARGO) nextest run --no-tests=pass && $(CARGO) test --doc; \
	else \
		$(CARGO) test; \
	fi

lint:
	$(CARGO) fmt --check
	$(CARGO) clippy --all-targets -- -D warnings

# Optimised, as a user has it; prints a table and writes bench.json.
bench: setup
	$(CARGO) bench

# The everyday commands. Each target may be called on its own in a fresh clone.
.PHONY: setup setup-tests setup-model-server setup-apps build install demo test lint bench bench-apps record-apps record-tours bench-miniwob bench-targets bench-retrieval bench-wordings

CARGO ?= cargo

# Browser, fonts and OCR weights, where they are missing.
setup:
	scripts/setup

# The pages that only tests use.
setup-tests:
	scripts/setup-tests

# Real web applications, that only tests and measurements use.
setup-apps:
	scripts/setup-apps

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

# The measurements that run only on their own are no targets of cargo's, and are named.
lint:
	$(CARGO) fmt --check
	$(CARGO) clippy --all-targets -- -D warnings
	$(CARGO) clippy --bench apps --bench miniwob --bench targets -- -D warnings

# Optimised, as a user has it; prints a table and writes bench.json.
bench: setup
	$(CARGO) bench

# How often ordinary use of real applications is interrupted; prints a table and writes bench-apps.json. It counts questions,
# so that nothing has to be optimised for it. `make bench-apps ONLY="buy-product"` does some.
bench-apps: setup setup-apps
	$(CARGO) bench --profile dev --bench apps -- $(ONLY)

# Shows the workflows of bench-apps to the recorder anew.
record-apps: setup setup-apps
	$(CARGO) bench --profile dev --bench apps -- record $(ONLY)

# Shows the tours' jobs to the recorder anew, on the tour's own pages: demos/ is what it wrote, with the edits that
# benches/apps/tours.rs names.
record-tours: setup
	$(CARGO) bench --profile dev --bench apps -- tours

# Whether one demonstration is enough: the MiniWoB++ pages, each shown once, three and five times, then done with values that were
# never shown; prints a table and writes bench-miniwob.json. SEED=, TASKS=, EPISODES= and DEMOS= choose what is measured, as in
# `make bench-miniwob TASKS=click-tab,enter-text DEMOS=1 EPISODES=5`; FRESH=1 shows everything anew.
bench-miniwob: setup setup-tests
	SEED="$(SEED)" TASKS="$(TASKS)" EPISODES="$(EPISODES)" DEMOS="$(DEMOS)" FRESH="$(FRESH)" \
		$(CARGO) bench --bench miniwob

# How well targets are found again on pages that have changed, next to CSS paths, XPath, test ids, roles and Similo; prints a table
# and writes bench-targets.json. `make bench-targets FIT=1` fits the weights anew on half of the pages. FRESH=1 looks at the pages
# anew; SEED= and PAGES= (parts of names) choose what is looked at.
bench-targets: setup setup-tests
	SEED="$(SEED)" PAGES="$(PAGES)" FRESH="$(FRESH)" FIT="$(FIT)" $(CARGO) bench --bench targets

# Whether `run` without `--demo` finds the right workflow for a goal among all of them, or says that none fits: known goals, goals that
# are turned round, that want more, that nothing shows; prints a table and writes bench-retrieval.json. What is not recorded yet is
# recorded first.
bench-retrieval: setup setup-tests
	SEED="$(SEED)" TASKS="$(TASKS)" $(CARGO) bench --bench miniwob -- retrieval

# How often a very small local model finds the values of a goal in other words than those that were shown, and what becomes of its
# mistakes. MODEL= and BASE_URL= measure another model at another server. The model takes the time, so the program needs no optimising.
bench-wordings: setup-model-server
	MODEL="$(MODEL)" BASE_URL="$(BASE_URL)" $(CARGO) bench --profile dev --bench wordings

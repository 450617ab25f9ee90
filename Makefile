# The targets that people need. Everything they install or build is named as it happens; .ci/setup does the installing.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help demo demo-reset test majors faults soak soak-plans bench watch fmt screenshots

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## Build and open the console with three sample environments on 127.0.0.1:3000
	@. .ci/env && .ci/setup demo && .ci/site release && exec "$$CARGO_TARGET_DIR/release/lockstep" demo

demo-reset: ## The same, starting over with fresh sample data
	@. .ci/env && .ci/setup demo && .ci/site release && exec "$$CARGO_TARGET_DIR/release/lockstep" demo --reset

test: ## Format, lints, unit, engine, HTTP, wasm and browser tests
	@. .ci/env && .ci/setup test && .ci/test

majors: ## The engine tests on PostgreSQL 16, 17 and 18
	@. .ci/env && .ci/setup test && .ci/majors

faults: ## Every row of the fault matrix: processes killed, servers crashed, networks broken; FAULTS="F05 F19" for some rows
	@. .ci/env && .ci/setup test && cargo test -p lockstep --features engine --test faults -- $${FAULTS:-all}

soak: ## A stream of promotions disturbed at random for LOCKSTEP_SOAK_MINUTES (10), the same again with LOCKSTEP_SOAK_SEED
	@. .ci/env && .ci/setup test && cargo test -p lockstep --features engine --test faults -- soak

soak-plans: ## Fifteen hundred random pairs of schemas, with and without rows, each taken to the other
	@. .ci/env && .ci/setup test && LOCKSTEP_RANDOM_PAIRS=$${LOCKSTEP_RANDOM_PAIRS:-500} cargo test -p lockstep --features engine --test engine plan::random

bench: ## Measure: plan on up to 10,000 tables, lookup rows by the million, runs beside psql and pg_dump, viewers, pipeline page, size of the wasm
	@. .ci/env && .ci/setup demo && .ci/site release && .ci/sizes && cargo bench --workspace --features lockstep/engine

watch: ## Rebuild and reload while you edit; serves the console on 127.0.0.1:3000
	@. .ci/env && .ci/setup demo && cargo leptos watch

fmt: ## Format the code
	@. .ci/env && cargo fmt --all

screenshots: ## Photograph every page at 1280 and 360 px, light and dark
	@. .ci/env && .ci/setup test && .ci/site debug && cd end2end && npx playwright test --config screenshots.config.ts

# `make` alone lists the commands. Each of them sets up by itself what it needs, and says what it takes.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

.PHONY: help run test fast fuzz fmt deny audit bench docs screenshots clean-data

help: ## this list
	@echo "Guidepost. Commands:"
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

run: ## build for release (first time 10 to 25 minutes on 2 cores) and serve the demo library; obeys GUIDEPOST_DATA, GUIDEPOST_LISTEN
	@scripts/setup run
	@scripts/stage "build" cargo build --release --package guidepost
	@exec target/release/guidepost demo --data "$${GUIDEPOST_DATA:-demo-data}"

test: ## set up all, then every check and every test, as CI does; ends with a table of times
	@scripts/setup test
	@exec scripts/test all

fast: ## while working: format, lints, unit tests on SQLite
	@scripts/setup fast
	@exec scripts/test fast

fuzz: ## property tests of every parser with new inputs, 20,000 each; obeys PROPTEST_CASES
	@scripts/setup fast
	@exec scripts/test fuzz

fmt: ## format all Rust
	@cargo fmt --all

deny: ## licences, sources and banned crates of the lock file, without a network
	@scripts/setup test
	@.tools/bin/cargo-deny --offline check licenses bans sources

audit: ## known vulnerabilities; fetches the advisory database, so it needs the open network
	@scripts/setup test
	@.tools/bin/cargo-deny check advisories

bench: ## measure: pages, search, import, start; prints a table, writes bench/results.json
	@scripts/setup bench
	@scripts/stage "build" cargo build --release --package guidepost
	@scripts/stage "build the generator of dumps" cargo build --release --package gp-sqldump --example gendump
	@scripts/stage "build the measure of the index" cargo build --release --package gp-search --example measure
	@exec scripts/with-servers bench/run

docs: ## the API of every crate, private items too, under target/doc
	@cargo doc --workspace --no-deps --document-private-items

# The pictures that README shows.
shown = home-1280 checklist-for-legislators-three-conducts-1280 checklist-for-legislators-three-conducts-375-dark

screenshots: ## the demo in a browser: wide, narrow, light, dark, under target/screenshots; README's are renewed
	@scripts/setup test
	@scripts/stage "build" cargo build --release --package guidepost
	@scripts/screenshots target/release/guidepost target/screenshots
	@cp $(shown:%=target/screenshots/%.png) docs/screenshots/

clean-data: ## throw the demo's data away, so that the next `make run` starts anew
	@rm -rf demo-data

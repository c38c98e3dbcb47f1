# Two commands are all a fresh machine needs: `make demo` and `make test`. Works with GNU make 3.81.
PY := .venv/bin/python

.PHONY: help demo test check gate bench lock setup

help:
	@echo "make demo    set up, serve the fixture web on loopback, crawl it, print who copied whom"
	@echo "make test    set up, run the whole test suite, browser and servers included"
	@echo "make check   lint, types, architecture, docs"
	@echo "make gate    quality, against floors that only rise"
	@echo "make bench   performance, as ratios against named peers in the same run"
	@echo "make lock    resolve requirements.lock anew"

setup:
	@sh .ci/setup.sh

demo: setup
	@$(PY) -m fixtures.demo

# On all cores, four at most: what is tested are whole crawls, each of several processes.
test: setup
	@$(PY) -m pytest -n auto --maxprocesses 4 --dist worksteal

check: setup
	@$(PY) -m ruff check crawler tests fixtures
	@$(PY) -m ruff format --check crawler tests fixtures
	@$(PY) -m mypy
	@$(PY) -m pytest -q tests/test_architecture.py tests/test_docs.py

gate: setup
	@$(PY) -m tests.benchmarks.gate

bench: setup
	@$(PY) -m tests.benchmarks.bench

lock:
	@sh .ci/lock.sh

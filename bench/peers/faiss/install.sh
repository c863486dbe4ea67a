#!/usr/bin/env bash
# Installs FAISS for bench/media-index.ts; see README.md beside this.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
to="$here/../../../.cache/peers/faiss"
mkdir -p "$to"
[ -x "$to/venv/bin/python" ] || python3 -m venv "$to/venv"
"$to/venv/bin/pip" install -q --disable-pip-version-check -r "$here/requirements.txt"
echo "installed into $to/venv"

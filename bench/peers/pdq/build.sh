#!/usr/bin/env bash
# Builds .cache/peers/pdq/pdq-peer from the C++ reference in the source package of pdqhash; see README.md beside this.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
to="$here/../../../.cache/peers/pdq"
mkdir -p "$to"
cd "$to"
[ -x venv/bin/python ] || python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check numpy cython setuptools wheel
venv/bin/pip download -q --disable-pip-version-check --no-deps --no-binary pdqhash --no-build-isolation -d . pdqhash==0.2.8
tar xzf pdqhash-0.2.8.tar.gz
source="pdqhash-0.2.8/ThreatExchange"
g++ -O3 -I "$source" -o pdq-peer "$here/pdq-peer.cpp" \
  "$source"/pdq/cpp/hashing/*.cpp "$source"/pdq/cpp/downscaling/*.cpp "$source"/pdq/cpp/common/*.cpp
echo "built $to/pdq-peer"

#!/bin/sh
# Kills, many times: the store alone at every call with every kind of loss, then whole replays at random moments.
#   DIMOUT=build/release/dimout tests/soak/kills.sh [KILLS]
set -eu
here=$(dirname "$0")
build=$(dirname "${DIMOUT:?DIMOUT must name the binary}")
if [ -x "$build/src/store/store_test" ]; then
    DIMOUT_KILLS=${1:-500} DIMOUT_SOAK=1 "$build/src/store/store_test" --gtest_filter='StoreCrash.*'
else
    echo "SKIPPED: the store's own kills; $build has no src/store/store_test."
fi
DIMOUT_KILLS=${1:-200} exec "$here/../e2e_kill.py"

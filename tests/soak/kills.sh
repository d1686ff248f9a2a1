#!/bin/sh
# Kills a writing store hundreds of times and stops it at every call with every kind of loss.
#   tests/soak/kills.sh BUILD_DIR [KILLS]
set -eu
build=${1:?usage: kills.sh BUILD_DIR [KILLS]}
DIMOUT_KILLS=${2:-500} DIMOUT_SOAK=1 exec "$build/src/store/store_test" --gtest_filter='StoreCrash.*'

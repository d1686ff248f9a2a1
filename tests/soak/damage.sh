#!/bin/sh
# Every real file with 100 cuts, 1,000 flipped windows and 20 damaged compressed copies, under the sanitizers; half
# of the files on each of two cores.
#   DIMOUT_ASAN=build/asan/dimout tests/soak/damage.sh [SEED]
set -eu
cd "$(dirname "$0")/.."
export DIMOUT_DAMAGE=all
DIMOUT_DAMAGE_SHARE=2/2 ./e2e_damage.py "$@" &
second=$!
status=0
DIMOUT_DAMAGE_SHARE=1/2 ./e2e_damage.py "$@" || status=$?
wait $second || status=$?
exit $status

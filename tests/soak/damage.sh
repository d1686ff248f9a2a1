#!/bin/sh
# Every real file with 100 cuts, 1,000 flipped windows and 20 damaged compressed copies, under the sanitizers.
#   DIMOUT_ASAN=build/asan/dimout tests/soak/damage.sh [SEED]
set -eu
DIMOUT_DAMAGE=all exec "$(dirname "$0")/../e2e_damage.py" "$@"

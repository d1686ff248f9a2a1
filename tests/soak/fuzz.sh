#!/usr/bin/env bash
# Every libFuzzer target for an hour each (DIMOUT_SOAK_FUZZ_SECONDS), two at a time, from its seeds.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
seconds=${DIMOUT_SOAK_FUZZ_SECONDS:-3600}
./dev build fuzz
basename -s .cpp -a fuzz/*.cpp | xargs -P "${DIMOUT_JOBS:-2}" -I{} ./dev _fuzz fuzz {} "$seconds"
echo "every target was clean for $seconds s"

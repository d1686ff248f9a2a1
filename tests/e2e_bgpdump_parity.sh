#!/usr/bin/env bash
# Every real archive: `dimout inspect --format bgpdump` against `bgpdump -m`, byte for byte.
#
#     DIMOUT=build/release/dimout tests/e2e_bgpdump_parity.sh [FILE…]
#
# Without files: all of ../shared/data/mrt. A file may differ only when it stands in KNOWN, which
# docs/reference/bgpdump-differences.md explains. Exit: 0 when all others are the same, 1 when one is
# not, 77 when bgpdump or the archives are missing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

DIMOUT=${DIMOUT:-build/release/dimout}
FOLDER=${DIMOUT_SHARED:-../shared}/data/mrt
KNOWN=""  # Names of files that may differ; at most three.

skip() { echo "SKIPPED: $1"; exit 77; }
command -v bgpdump >/dev/null || skip "bgpdump is not installed; text parity was not tested."
[ -x "$DIMOUT" ] || { echo "no binary at $DIMOUT: build it, or set DIMOUT."; exit 1; }
[ $# -gt 0 ] || { [ -d "$FOLDER" ] && mapfile -t files < <(find "$FOLDER" -type f | sort) && set -- "${files[@]}"; }
[ $# -gt 0 ] || skip "no archives in $FOLDER."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
same=0 differing=0 unexpected=0

cpu() { awk '{ print $1 + $2 }' "$work/$1.time"; }
timed() {  # name command…: its output, and the seconds of CPU that it took.
    local name=$1
    shift
    ( TIMEFORMAT='%U %S'; time "$@" >"$work/$name" 2>"$work/$name.log" || true ) 2>"$work/$name.time"
}

printf '%-60s %9s %9s %9s  %s\n' file lines bgpdump dimout verdict
for file; do
    timed theirs bgpdump -m "$file"
    timed ours "$DIMOUT" inspect --format bgpdump "$file"
    verdict=same
    if cmp -s "$work/theirs" "$work/ours"; then
        same=$((same + 1))
    else
        differing=$((differing + 1)) verdict="differs, as explained"
        [[ " $KNOWN " == *" $(basename "$file") "* ]] || { unexpected=$((unexpected + 1)) verdict=DIFFERS; }
    fi
    printf '%-60s %9d %8.2fs %8.2fs  %s\n' "$(basename "$file")" "$(wc -l <"$work/theirs")" "$(cpu theirs)" "$(cpu ours)" "$verdict"
    [ "$verdict" = same ] || diff "$work/theirs" "$work/ours" | head -n 6 || true
done
echo "$same the same, $differing differ, $unexpected of them unexpectedly"
[ $unexpected = 0 ] && [ $differing -le 3 ]

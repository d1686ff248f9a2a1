#!/usr/bin/env bash
# First use: what a newcomer sees, types wrong, and pipes.
#
#   DIMOUT=build/release/dimout tests/e2e_cli.sh
#
# Exit: 0 all hold, 1 one does not.
set -uo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
DIMOUT=$(realpath "${DIMOUT:-$HERE/../build/release/dimout}")
SHARED=${DIMOUT_SHARED:-$HERE/../../shared}
WORK=$(mktemp -d "${TMPDIR:-/tmp}/dimout-cli.XXXXXX")
trap 'rm -rf "$WORK"' EXIT
chmod 755 "$WORK"
passed=0 failed=0

[ -x "$DIMOUT" ] || { printf 'no binary at %s: build it, or set DIMOUT.\n0 passed, 1 failed\n' "$DIMOUT"; exit 1; }

# check NAME CONDITION...: runs the condition, counts, and shows what the last command said when it does not hold.
check() {
    local name=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
        printf 'ok    %s\n' "$name"
    else
        failed=$((failed + 1))
        printf 'FAIL  %s\n      exit %s\n      stdout: %s\n      stderr: %s\n' "$name" "$code" \
            "$(head -c 400 "$WORK/out" | tr '\n' '~')" "$(head -c 600 "$WORK/err" | tr '\n' '~')"
    fi
}

skip() { printf 'SKIPPED  %s: %s\n' "$1" "$2"; }

# try COMMAND...: leaves stdout, stderr and exit code for the checks.
try() {
    timeout 120 "$@" >"$WORK/out" 2>"$WORK/err" </dev/null
    code=$?
}

exits() { [ "$code" = "$1" ]; }
says() { grep -qiE -- "$1" "$WORK/out"; }
complains() { grep -qiE -- "$1" "$WORK/err"; }
is_empty() { [ ! -s "$WORK/$1" ]; }
# No more than some lines: a person reads it.
short() { [ "$(wc -l <"$WORK/err")" -le "$1" ]; }
both() { exits "$1" && complains "$2"; }

help_and_version() {
    local command commands
    for option in --help -h; do
        try "$DIMOUT" $option
        check "$option exits 0 and names the commands" eval 'exits 0 && says replay && says demo && is_empty err'
    done
    mapfile -t commands < <(sed -n '/^Subcommands:/,/^$/{s/^  \([a-z]*\) .*/\1/p}' "$WORK/out")
    check "the help lists commands" test ${#commands[@]} -ge 8
    for command in "${commands[@]}"; do
        try "$DIMOUT" "$command" --help
        check "$command --help says what it does" eval 'exits 0 && says "usage|options" && is_empty err'
    done
    try "$DIMOUT" --version
    check "--version names the build and the store's format" eval 'exits 0 && says "^dimout [0-9]" && says "store format [0-9]"'
    try "$DIMOUT"
    check "no command: usage, exit 64" both 64 'help|subcommand|command'
}

wrong_words() {
    try "$DIMOUT" frobnicate
    check "an unknown command: exit 64, and its name" both 64 frobnicate
    try "$DIMOUT" replay
    check "replay without --archive: exit 64, and what is missing" both 64 -- '--archive'
    try "$DIMOUT" replay --archive nowhere --store none --threads many
    check "a number that is none: exit 64, and the option" both 64 'threads'
    try "$DIMOUT" outages --store nowhere --format xml
    check "an unknown format: exit 64, and the known ones" both 64 'table.*json'
    try "$DIMOUT" series --store nowhere --entity Korea --signal bgp.visible_slash24
    check "an entity that is none: exit 64, and an example" both 64 'country/KP'
    try "$DIMOUT" replay --archive x --store none --from yesterday
    check "a time that is none: exit 64, and an example" both 64 '2014-12-22T16:15Z'
    try "$DIMOUT" replay --archive x --store none --follow 300.0.0.0/8
    check "a prefix that is none: exit 64, and an example" both 64 '192\.0\.2\.0/24'
    try "$DIMOUT" inspect --frobnicate x
    check "an unknown option: exit 64, and its name" both 64 frobnicate
    try "$DIMOUT" series --store "$WORK/store" --entity country/BT --signal weather.colour
    check "an unknown signal: exit 64, and the known ones" both 64 'bgp\.visible_slash24'
}

missing_things() {
    try "$DIMOUT" inspect "$WORK/nowhere.mrt"
    check "inspect of a missing file: exit 1, and its name" both 1 nowhere.mrt
    try "$DIMOUT" replay --archive "$WORK/nowhere" --store none
    check "replay of a missing archive: exit 1, and its name" both 1 nowhere
    check "in one sentence" short 3
    mkdir -p "$WORK/empty"
    try "$DIMOUT" replay --archive "$WORK/empty" --store none
    check "replay of an empty folder: exit 1, and a sentence" both 1 'empty|no '
    try "$DIMOUT" replay --archive "$ARCHIVE" --store none --registry "$WORK/nowhere-registry"
    check "a missing registry: exit 1, and its name" both 1 nowhere-registry
    try "$DIMOUT" outages --store "$WORK/nowhere-store"
    check "outages of a missing store: exit 1, and its name" both 1 nowhere-store
    try "$DIMOUT" check --store "$WORK/empty"
    check "check of a folder that is no store: exit 1, and a sentence" both 1 'no store|not a store|empty'
    try "$DIMOUT" simulate "$WORK/nowhere.scenario" "$WORK/out-archive"
    check "simulate of a missing scenario: exit 1, and the built-in ones" both 1 kp-2014
    printf 'at noon dark everything\n' >"$WORK/wrong.scenario"
    try "$DIMOUT" simulate "$WORK/wrong.scenario" "$WORK/out-archive"
    check "simulate of a wrong scenario: exit 1, and file and line" both 1 'wrong.scenario:1'
    printf 'These are no routes.\n' >"$WORK/letter.txt.gz"
    try "$DIMOUT" inspect "$WORK/letter.txt.gz"
    check "inspect of a letter: not 0, and a sentence" eval '! exits 0 && complains letter && short 5'
    : >"$WORK/nothing.mrt"
    try "$DIMOUT" inspect "$WORK/nothing.mrt"
    check "inspect of an empty file ends" eval 'exits 0 || exits 2'
}

ordinary_answers() {
    try "$DIMOUT" replay --archive "$ARCHIVE" --registry "$ARCHIVE/registry" --store "$WORK/store"
    check "replay ends with a summary on stderr" eval 'exits 0 && is_empty out && complains "[0-9]+ files" && complains "records" && complains "outages"'
    check "progress is plain text when nobody watches" eval '! grep -q $'"'"'[\r\033]'"'"' "$WORK/err"'
    try "$DIMOUT" replay --archive "$ARCHIVE" --registry "$ARCHIVE/registry" --store "$WORK/store2" --quiet
    check "--quiet says nothing" eval 'exits 0 && is_empty out && is_empty err'
    try "$DIMOUT" --quiet replay --archive "$ARCHIVE" --registry "$ARCHIVE/registry" --store none
    check "--quiet before the command, too" eval 'exits 0 && is_empty err'
    try "$DIMOUT" outages --store "$WORK/store"
    check "outages names the country and the length" eval 'exits 0 && says Bhutan && says "12 min"'
    try "$DIMOUT" outages --store "$WORK/store" --format json
    check "outages --format json is JSON" eval 'exits 0 && python3 -c "import json,sys; assert json.load(open(sys.argv[1]))[0][\"id\"]" "$WORK/out"'
    try "$DIMOUT" series --store "$WORK/store" --entity country/BT --signal bgp.visible_slash24
    check "series is CSV with three columns" eval 'exits 0 && [ "$(head -n 1 "$WORK/out")" = "time,value,coverage" ] && says "^2015-03-10T04:45:00Z,0,1"'
    try "$DIMOUT" series --store "$WORK/store" --entity country/BT --signal bgp.visible_slash24 --format plot
    check "the chart fits a terminal" eval 'exits 0 && says "country/BT" && [ "$(wc -L <"$WORK/out")" -le 90 ]'
    try "$DIMOUT" series --store "$WORK/store" --entity country/BT --signal list
    check "series --signal list names the signals" eval 'exits 0 && says bgp.visible_slash24'
    try "$DIMOUT" check --store "$WORK/store"
    check "check says that the store is whole" eval 'exits 0 && says " 0 faults"'
    no_colour
}

no_colour() {
    local format
    for format in table json; do
        try env NO_COLOR=1 TERM=dumb "$DIMOUT" outages --store "$WORK/store" --format $format
        check "no colour codes in $format" eval '! grep -q $'"'"'\033'"'"' "$WORK/out"'
    done
}

on_a_terminal() {
    if ! command -v script >/dev/null; then skip "progress on a terminal" "script(1) is not installed"; return; fi
    script -qec "$DIMOUT replay --archive $ARCHIVE --registry $ARCHIVE/registry --store none" /dev/null >"$WORK/out" 2>"$WORK/err" </dev/null
    code=$?
    check "progress renews its line on a terminal" eval 'exits 0 && grep -q $'"'"'\r'"'"'.*replaying "$WORK/out"'
}

closed_pipe() {
    local file=$ARCHIVE/rv-a
    for format in text json bgpdump; do
        # shellcheck disable=SC2016
        try bash -c 'set -o pipefail; "$1" inspect --format "$2" $(find "$3" -type f) | head -n 1; exit "${PIPESTATUS[0]}"' _ "$DIMOUT" $format "$file"
        check "inspect --format $format into a closed pipe ends quietly" eval '{ exits 0 || exits 141; } && is_empty err && [ "$(wc -l <"$WORK/out")" = 1 ]'
    done
    try bash -c '"$1" export --store "$2" | head -n 1; exit "${PIPESTATUS[0]}"' _ "$DIMOUT" "$WORK/store"
    check "export into a closed pipe ends quietly" eval '{ exits 0 || exits 141; } && is_empty err'
    try bash -c '"$1" outages --store "$2" >/dev/full' _ "$DIMOUT" "$WORK/store"
    check "a full disk is no success" eval '! exits 0 && complains "space|write"'
}

standard_input() {
    local file
    file=$(find "$ARCHIVE/rv-a" -name 'updates.*.gz' | sort | head -n 1)
    try bash -c '"$1" inspect - <"$2"' _ "$DIMOUT" "$file"
    cp "$WORK/out" "$WORK/from-stdin"
    try "$DIMOUT" inspect "$file"
    check "inspect reads standard input" eval 'exits 0 && [ -s "$WORK/out" ] && cmp -s "$WORK/out" "$WORK/from-stdin"'
    try bash -c 'cat "$2" | "$1" replay --archive - --collector rv-a --store none' _ "$DIMOUT" "$file"
    check "so does replay" eval 'complains "1 files" && ! complains " 0 records"'
}

newer_store() {
    cp -r "$WORK/store" "$WORK/newer"
    sed -i 's/"format":1,/"format":2,/' "$WORK/newer/manifest.json"
    local command
    for command in "outages" "check" "export" "series --entity country/BT --signal bgp.visible_slash24"; do
        # shellcheck disable=SC2086
        try "$DIMOUT" $command --store "$WORK/newer"
        check "${command%% *}: a newer store is refused with a sentence" both 1 'format 2 is newer'
    done
    local before
    before=$(find "$WORK/newer" -type f -exec sha256sum {} + | sort)
    try "$DIMOUT" replay --archive "$ARCHIVE" --registry "$ARCHIVE/registry" --store "$WORK/newer"
    check "replay: a newer store is refused with a sentence" both 1 'format 2 is newer'
    check "and is left as it was" test "$before" = "$(find "$WORK/newer" -type f -exec sha256sum {} + | sort)"
}

strange_store() {
    mkdir -p "$WORK/strange"
    printf 'mine\n' >"$WORK/strange/thesis.tex"
    try "$DIMOUT" replay --archive "$ARCHIVE" --registry "$ARCHIVE/registry" --store "$WORK/strange"
    check "files in the store's folder that are not ours survive" test -s "$WORK/strange/thesis.tex"
    chmod 000 "$WORK/store2/manifest.json"
    if [ "$(id -u)" != 0 ]; then
        try "$DIMOUT" outages --store "$WORK/store2"
        check "a store that may not be read: exit 1, and a sentence" both 1 'manifest|permission'
    fi
    chmod 644 "$WORK/store2/manifest.json"
    head -c 200 "$WORK/store/manifest.json" >"$WORK/store2/manifest.json"
    try "$DIMOUT" outages --store "$WORK/store2"
    check "a torn manifest: exit 1, and a sentence" both 1 'manifest'
}

ordinary_user() {
    local prefix=(env -i PATH=/usr/bin:/bin) home=$WORK/home
    mkdir -p "$home"
    chmod 777 "$home"
    if [ "$(id -u)" = 0 ]; then
        if ! command -v setpriv >/dev/null; then skip "an ordinary user" "setpriv is not installed"; return; fi
        if ! setpriv --reuid=65534 --regid=65534 --clear-groups test -x "$DIMOUT"; then
            skip "an ordinary user" "nobody may not run $DIMOUT"
            return
        fi
        prefix=(setpriv --reuid=65534 --regid=65534 --clear-groups "${prefix[@]}")
    fi
    chmod -R a+rX "$ARCHIVE"
    cd "$home" || return
    try "${prefix[@]}" "$DIMOUT" replay --archive "$ARCHIVE" --registry "$ARCHIVE/registry" --store "$home/store"
    check "replay as an ordinary user without HOME" exits 0
    try "${prefix[@]}" "$DIMOUT" outages --store "$home/store"
    check "outages as an ordinary user without HOME" eval 'exits 0 && says Bhutan'
    try "${prefix[@]}" "$DIMOUT" replay --archive "$ARCHIVE" --store none
    check "replay without --registry says which map it took" eval 'exits 0 && complains "country map of [0-9-]+, fallback"'
    if [ "$(id -u)" = 0 ]; then
        mkdir -p "$WORK/forbidden" && chmod 700 "$WORK/forbidden"
        try "${prefix[@]}" "$DIMOUT" replay --archive "$ARCHIVE" --store "$WORK/forbidden/store"
        check "a folder that may not be written: exit 1, and its name" both 1 forbidden
        try "${prefix[@]}" "$DIMOUT" outages --store "$WORK/forbidden/store"
        check "a store that may not be read: exit 1, and its name" both 1 forbidden
    fi
    cd "$WORK" || return
}

kept_stores() {
    local store
    for store in "$HERE"/stores/v*; do
        [ -d "$store" ] || { skip "stores of older formats" "tests/stores has none"; return; }
        try "$DIMOUT" check --store "$store"
        check "$(basename "$store"): a store of that format is whole" exits 0
        try "$DIMOUT" export --store "$store"
        check "$(basename "$store"): and can be read" eval 'exits 0 && says "# bins"'
    done
}

real_file() {
    local file=$SHARED/data/mrt/route-views.jinx.rib.20140530.2200.bz2
    if [ ! -f "$file" ]; then skip "a big real file into a closed pipe" "$file is missing"; return; fi
    try bash -c '"$1" inspect --format bgpdump "$2" | head -n 1; exit "${PIPESTATUS[0]}"' _ "$DIMOUT" "$file"
    check "a big real file into a closed pipe ends quietly" eval '{ exits 0 || exits 141; } && is_empty err && says "^TABLE_DUMP2\\|1401487200\\|B\\|"'
}

ARCHIVE=$WORK/archive
printf 'First use\n---------\n'
"$DIMOUT" simulate "$HERE/../scenarios/outage-short.scenario" "$ARCHIVE" --quiet >/dev/null || { printf 'simulate failed\n0 passed, 1 failed\n'; exit 1; }
for part in help_and_version wrong_words missing_things ordinary_answers on_a_terminal closed_pipe standard_input newer_store \
    strange_store ordinary_user kept_stores real_file; do
    printf '\n%s\n' "${part//_/ }"
    $part
done
printf '\n%d passed, %d failed\n' $passed $failed
[ $failed = 0 ]

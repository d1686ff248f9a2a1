#!/usr/bin/env python3
"""The style of this repository as a test: prints one sentence for each fault, and fails if there is one.

What it knows of the architecture it reads from docs/map.md, so that the map cannot lie. Limits have an
exception list, tidy-exceptions.txt, which may only shrink: an entry that is no longer needed is a fault.

    tools/tidy.py [ROOT]
"""

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import cpp_text  # noqa: E402
import markdown_links  # noqa: E402

FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 70
CODE_FOLDERS = ("src", "fuzz", "bench", "tests")
MAP = "docs/map.md"
EXCEPTIONS = "tools/tidy-exceptions.txt"

# Only these folders live in time; everything else gets it from its input.
CLOCK_FOLDERS = ("app", "source")
CLOCK_CALLS = [
    (re.compile(r"::now\s*\("), "asks the clock"),
    (re.compile(r"\bstd::(?:time|clock)\s*\(|(?<![\w.>:])(?:::)?time\s*\(\s*(?:nullptr|NULL|0|&\w+)\s*\)"), "asks the clock"),
    (re.compile(r"\b(?:gettimeofday|clock_gettime|timespec_get|localtime(?:_r)?)\s*\("), "asks the clock"),
    (re.compile(r"\bstd::random_device\b|\b(?:getrandom|getentropy)\s*\("), "draws random numbers"),
    (re.compile(r"\bstd::rand\s*\(|(?<![\w.>:])(?:::)?(?:rand|drand48|lrand48)\s*\(\s*\)"), "draws random numbers"),
]
WAIT_CALL = re.compile(r"\b(?:sleep_for|sleep_until|usleep|nanosleep)\s*\(|(?<![\w.>])(?:::)?sleep\s*\(\s*\d")


def cpp_files(root, folders=CODE_FOLDERS):
    """The C++ files under some folders, in name order."""
    found = []
    for folder in folders:
        found += [p for p in (root / folder).rglob("*") if p.suffix in (".h", ".cpp") and p.is_file()]
    return sorted(found)


def read_include_table(root):
    """folder → set of folders that it may include, or None for all."""
    table = {}
    for line in (root / MAP).read_text().splitlines():
        row = re.match(r"\|\s*`(\w+)`\s*\|([^|]*)\|[^|]*\|\s*$", line)
        if row:
            words = set(re.findall(r"\w+", row[2]))
            table[row[1]] = None if words == {"all"} else words
    return table


def check_table(root, table):
    """The table names the folders that exist, and is a graph without cycles."""
    if not table:
        yield f"{MAP}: no include table was found; a row reads | `rib` | base, model | its job |."
    existing = {p.name for p in (root / "src").iterdir() if p.is_dir() and cpp_files(root, [f"src/{p.name}"])}
    for folder in sorted(existing - set(table)):
        yield f"src/{folder} has no row in the table of {MAP}."
    for folder in sorted(set(table) - existing):
        yield f"{MAP} has a row for src/{folder}, which does not exist."
    edges = {folder: sorted((allowed or set()) - {folder}) for folder, allowed in table.items()}
    for cycle in cycles(edges)[:1]:
        yield f"{MAP}: the table allows a cycle: {' → '.join(cycle)}."


def check_includes(root, table):
    """No folder includes what its row does not allow."""
    for path in cpp_files(root, ["src"]):
        folder = path.relative_to(root / "src").parts[0]
        allowed = table.get(folder, set())
        for line, target in cpp_text.quoted_includes(path.read_text()):
            other = target.split("/")[0]
            if other in table and other != folder and allowed is not None and other not in allowed:
                yield f"{path.relative_to(root)}:{line}: {folder} may not include {other} (see {MAP})."


def cycles(edges):
    """Each cycle that a depth-first walk in name order meets, as a list that ends where it began."""
    found, done = [], set()

    def walk(node, trail):
        if node in trail:
            found.append(trail[trail.index(node):] + [node])
        elif node not in done:
            for following in edges.get(node, []):
                walk(following, trail + [node])
            done.add(node)

    for node in sorted(edges):
        walk(node, [])
    return found


def check_include_cycles(root):
    """No header reaches itself."""
    edges = {}
    for path in cpp_files(root, ["src"]):
        targets = [target for _, target in cpp_text.quoted_includes(path.read_text())]
        edges[str(path.relative_to(root / "src"))] = targets
    for cycle in cycles(edges):
        yield f"src/{cycle[0]} includes itself: {' → '.join(cycle)}."


def check_clocks(root):
    """No clock, chance or waiting outside app/ and source/; no waiting in any test."""
    for path in cpp_files(root, ["src"]):
        folder = path.relative_to(root / "src").parts[0]
        is_test = path.stem.endswith("_test")
        calls = [] if folder in CLOCK_FOLDERS else list(CLOCK_CALLS)
        if is_test or folder not in CLOCK_FOLDERS:
            calls.append((WAIT_CALL, "waits"))
        where = f"only {' and '.join(CLOCK_FOLDERS)} may (see {MAP})"
        if is_test:
            where = "a test may not, so that it says the same each time"
        for number, line in enumerate(cpp_text.code_only(path.read_text()).splitlines(), 1):
            for pattern, deed in calls:
                if pattern.search(line):
                    yield f"{path.relative_to(root)}:{number}: {folder} {deed}; {where}."


def measured_lengths(root):
    """(kind, name, lines, limit) for each file and function."""
    for path in cpp_files(root):
        text = path.read_text()
        name = str(path.relative_to(root))
        yield "file", name, len(text.splitlines()), FILE_LINES_MAX
        longest = {}
        for function in cpp_text.functions(text):
            longest[function.name] = max(function.lines, longest.get(function.name, 0))
        for function, lines in longest.items():
            yield "function", f"{name}:{function}", lines, FUNCTION_LINES_MAX


def read_exceptions(root):
    """(kind, name) → (allowed lines, line number), from rows `kind name lines reason…`."""
    entries, faults = {}, []
    path = root / EXCEPTIONS
    lines = path.read_text().splitlines() if path.exists() else []
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        row = re.match(r"(file|function)\s+(\S+)\s+(\d+)\s+\S.*$", line)
        if row:
            entries[(row[1], row[2])] = (int(row[3]), number)
        else:
            faults.append(f"{EXCEPTIONS}:{number}: a row reads: file|function NAME LINES REASON.")
    return entries, faults


def check_lengths(root):
    """Files and functions stay short, or stand in the exception list with a reason."""
    entries, faults = read_exceptions(root)
    yield from faults
    needed = set()
    for kind, name, lines, limit in measured_lengths(root):
        if lines <= limit:
            continue
        allowed, _ = entries.get((kind, name), (limit, 0))
        needed.add((kind, name))
        if lines > allowed:
            yield f"{name}: this {kind} has {lines} lines, and {allowed} is its limit (split it, or see {EXCEPTIONS})."
    for (kind, name), (_, number) in entries.items():
        if (kind, name) not in needed:
            yield f"{EXCEPTIONS}:{number}: {kind} {name} is within the limit or gone; remove this line."


def check_headers(root):
    """Each header opens with its one idea."""
    for path in cpp_files(root):
        if path.suffix == ".h" and not cpp_text.opens_with_comment(path.read_text()):
            yield f"{path.relative_to(root)}:1: a header opens with a comment that says its one idea."


def check_whitespace(root):
    """No tab, no blank at the end of a line, one newline at the end."""
    for path in cpp_files(root):
        text = path.read_text()
        name = path.relative_to(root)
        for number, line in enumerate(text.split("\n"), 1):
            if "\t" in line:
                yield f"{name}:{number}: a tab; indent with spaces."
            if line != line.rstrip():
                yield f"{name}:{number}: blanks at the end of the line."
        if text and not text.endswith("\n"):
            yield f"{name}: the last line has no newline."


def check_all(root):
    """Every fault of the tree, in a fixed order."""
    table = read_include_table(root) if (root / MAP).exists() else {}
    yield from check_table(root, table)
    yield from check_includes(root, table)
    yield from check_include_cycles(root)
    yield from check_clocks(root)
    yield from check_lengths(root)
    yield from check_headers(root)
    yield from check_whitespace(root)
    yield from markdown_links.check_links(root)


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent).resolve()
    faults = list(check_all(root))
    for fault in faults:
        print(fault)
    print(f"tidy: {len(faults)} faults in {len(cpp_files(root))} files." if faults else "tidy: no faults.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

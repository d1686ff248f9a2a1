#!/usr/bin/env python3
"""Each fault that tidy names, on a tree of a few lines that has it."""

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import cpp_text  # noqa: E402
import tidy  # noqa: E402

MAP = """# Map
| folder | may include | job |
|---|---|---|
| `base` | – | tools |
| `model` | base | nouns |
| `rib` | base, model | tables |
| `signal` | base, model | counts |
| `source` | base, model | bytes |
| `app` | all | joins |
"""
FOLDERS = ("base", "model", "rib", "signal", "source", "app")


class Tree(unittest.TestCase):
    """A small repository without faults, to which each test adds one."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name).resolve()
        self.write("docs/map.md", MAP)
        for name in FOLDERS:
            self.write(f"src/{name}/{name}.h", f"// What {name} is for.\n#pragma once\n")

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def expect(self, *faults):
        self.assertEqual(list(tidy.check_all(self.root)), list(faults))


class TheMap(Tree):
    def test_a_tree_as_the_map_says_has_no_fault(self):
        self.write("src/rib/rib.cpp", '#include "rib/rib.h"\n#include "model/model.h"\n#include <vector>\n')
        self.write("src/app/main.cpp", '#include "rib/rib.h"\n#include "signal/signal.h"\n')
        self.expect()

    def test_a_stage_that_includes_a_stage_is_named_with_its_line(self):
        self.write("src/rib/rib.cpp", '#include "rib/rib.h"\n#include "signal/signal.h"\n')
        self.expect("src/rib/rib.cpp:2: rib may not include signal (see docs/map.md).")

    def test_the_base_includes_nothing_of_ours(self):
        self.write("src/base/time.cpp", '#include "model/model.h"\n')
        self.expect("src/base/time.cpp:1: base may not include model (see docs/map.md).")

    def test_a_folder_without_a_row_and_a_row_without_a_folder(self):
        self.write("docs/map.md", MAP + "| `store` | base | keeps |\n")
        self.write("src/drawer/things.h", "// Things.\n")
        self.expect("src/drawer has no row in the table of docs/map.md.",
                    "docs/map.md has a row for src/store, which does not exist.")

    def test_a_table_with_a_cycle(self):
        self.write("docs/map.md", MAP.replace("| `base` | – |", "| `base` | rib |"))
        self.expect("docs/map.md: the table allows a cycle: base → rib → base.")

    def test_a_map_without_a_table(self):
        self.write("docs/map.md", "# Map\n")
        self.assertIn("docs/map.md: no include table was found", list(tidy.check_all(self.root))[0])

    def test_headers_that_include_each_other(self):
        self.write("src/rib/left.h", '// Left.\n#include "rib/right.h"\n')
        self.write("src/rib/right.h", '// Right.\n#include "rib/left.h"\n')
        self.expect("src/rib/left.h includes itself: rib/left.h → rib/right.h → rib/left.h.")


class Clocks(Tree):
    def test_a_stage_that_asks_the_clock(self):
        self.write("src/rib/rib.cpp", "auto t = std::chrono::system_clock::now();\n")
        self.expect("src/rib/rib.cpp:1: rib asks the clock; only app and source may (see docs/map.md).")

    def test_old_ways_to_ask_the_clock_and_to_draw_lots(self):
        for call in ("time(nullptr)", "std::time(&t)", "::time(0)", "gettimeofday(&t, nullptr)"):
            self.write("src/rib/rib.cpp", f"auto t = {call};\n")
            self.expect("src/rib/rib.cpp:1: rib asks the clock; only app and source may (see docs/map.md).")
        for call in ("std::random_device{}", "rand()", "std::rand()"):
            self.write("src/rib/rib.cpp", f"auto t = {call};\n")
            self.expect("src/rib/rib.cpp:1: rib draws random numbers; only app and source may (see docs/map.md).")

    def test_app_and_source_may(self):
        self.write("src/app/main.cpp", "auto t = std::chrono::steady_clock::now();\n")
        self.write("src/source/live.cpp", "std::this_thread::sleep_for(1s);\n")
        self.expect()

    def test_no_test_waits_anywhere(self):
        self.write("src/source/live_test.cpp", "std::this_thread::sleep_for(1s);\n")
        self.expect("src/source/live_test.cpp:1: source waits; a test may not, so that it says the same each time.")

    def test_words_in_comments_strings_and_members_are_not_calls(self):
        self.write("src/rib/rib.cpp", "// system_clock::now() is not asked\nauto s = \"time(nullptr)\";\n"
                   "EventTime time();\nauto a = words.time();\nstd::mt19937 random(7);\nauto b = random();\n")
        self.expect()


class Lengths(Tree):
    LONG_FUNCTION = "int f() {\n" + "    g();\n" * 69 + "}\n"

    def test_a_file_over_400_lines(self):
        self.write("src/rib/rib.cpp", "int a;\n" * 401)
        self.expect("src/rib/rib.cpp: this file has 401 lines, and 400 is its limit "
                    "(split it, or see tools/tidy-exceptions.txt).")

    def test_a_function_over_70_lines(self):
        self.write("src/rib/rib.cpp", self.LONG_FUNCTION)
        self.expect("src/rib/rib.cpp:f: this function has 71 lines, and 70 is its limit "
                    "(split it, or see tools/tidy-exceptions.txt).")

    def test_an_exception_holds_up_to_its_number(self):
        self.write("src/rib/rib.cpp", self.LONG_FUNCTION)
        self.write("tools/tidy-exceptions.txt", "# why\nfunction src/rib/rib.cpp:f 71 a table of codes\n")
        self.expect()

    def test_a_thing_that_grew_past_its_exception(self):
        self.write("src/rib/rib.cpp", "int a;\n" * 501)
        self.write("tools/tidy-exceptions.txt", "file src/rib/rib.cpp 450 a table of codes\n")
        self.expect("src/rib/rib.cpp: this file has 501 lines, and 450 is its limit "
                    "(split it, or see tools/tidy-exceptions.txt).")

    def test_an_exception_that_nothing_needs(self):
        self.write("tools/tidy-exceptions.txt", "file src/rib/rib.cpp 450 a table of codes\n")
        self.expect("tools/tidy-exceptions.txt:1: file src/rib/rib.cpp is within the limit or gone; remove this line.")

    def test_an_exception_without_a_reason(self):
        self.write("tools/tidy-exceptions.txt", "file src/rib/rib.cpp 450\n")
        self.expect("tools/tidy-exceptions.txt:1: a row reads: file|function NAME LINES REASON.")


class Layout(Tree):
    def test_a_header_without_its_idea(self):
        self.write("src/rib/rib.h", "#pragma once\n// Too late.\n")
        self.expect("src/rib/rib.h:1: a header opens with a comment that says its one idea.")

    def test_a_licence_tag_is_no_idea(self):
        self.write("src/rib/rib.h", "// SPDX-License-Identifier: Apache-2.0\n#pragma once\n")
        self.expect("src/rib/rib.h:1: a header opens with a comment that says its one idea.")

    def test_tabs_blanks_and_a_missing_newline(self):
        self.write("src/rib/rib.cpp", "\tint a;\nint b; \nint c;")
        self.expect("src/rib/rib.cpp:1: a tab; indent with spaces.",
                    "src/rib/rib.cpp:2: blanks at the end of the line.",
                    "src/rib/rib.cpp: the last line has no newline.")


class Links(Tree):
    def test_links_that_hold(self):
        self.write("README.md", "# Top\n[map](docs/map.md#map) [here](#top) [out](https://example.net/x) ![p](a.png)\n")
        self.write("a.png", "")
        self.expect()

    def test_links_that_do_not(self):
        self.write("README.md", "\n[a](docs/none.md)\n[b](docs/map.md#nowhere)\n[c](../other)\n")
        self.expect("README.md:2: the link docs/none.md leads nowhere.",
                    "README.md:3: the link docs/map.md#nowhere names a heading that docs/map.md does not have.",
                    "README.md:4: the link ../other leaves the repository.")

    def test_links_in_code_are_not_links(self):
        self.write("docs/page.md", "```\n[a](none.md)\n```\n`[b](none.md)`\n")
        self.expect()


class Functions(unittest.TestCase):
    def names(self, text):
        return [(f.name, f.lines) for f in cpp_text.functions(text)]

    def test_methods_constructors_operators_and_tests(self):
        self.assertEqual(self.names("""
namespace a {
struct S {
    S(int x) : a_{x}, b_(x) {
    }
    int get() const noexcept { return a_; }
    bool operator==(const S&) const = default;
    int a_ = 0;
};
template <typename T> requires Word<T>
auto f(T t) -> std::vector<T> {
    if (t) { g(); }
    for (;;) {
    }
}
constexpr int table[] = {1, 2};
const auto by_name = [](int a) {
    return a;
};
TEST(Rib, PeerResetIsNotAnOutage) {
}
}
"""), [("S", 2), ("get", 1), ("f", 5), ("by_name", 3), ("Rib.PeerResetIsNotAnOutage", 2)])

    def test_braces_in_literals_and_comments_do_not_count(self):
        self.assertEqual(self.names("int f() {\n  char c = '{'; // {\n  auto s = R\"({{)\"; int n = 1'000;\n}\nint g() {}\n"),
                         [("f", 4), ("g", 1)])


if __name__ == "__main__":
    unittest.main()

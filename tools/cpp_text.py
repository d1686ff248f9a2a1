"""C++ as text: what tidy needs to know of a file without a compiler.

A brace counter, right for code as clang-format lays it out. It never guesses about macros: a `{` after
something that ends in `)` opens a function, unless a control word or an initializer says otherwise.
"""

import re
from dataclasses import dataclass

TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)"""
    r"""|(?P<raw>R"(?P<tag>[^()\s\\]{0,16})\(.*?\)(?P=tag)")"""
    r"""|(?P<string>"(?:\\.|[^"\\\n])*")"""
    r"""|(?P<char>(?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+')""",
    re.DOTALL | re.VERBOSE)
TRAILER = re.compile(r"\)\s*(?:const|noexcept(?:\s*\([^()]*\))?|override|final|mutable|&&?|\s)*(?:->[^;{}()]*(?:\([^()]*\))?[^;{}()]*)?$")
MEMBER_INITIALIZERS = re.compile(r"\)\s*(?:noexcept\s*)?:(?!:)")
SCOPE = re.compile(r"^(?:\s|template\s*<.*>|inline\b|export\b)*(?:namespace|extern|class|struct|union|enum)\b", re.DOTALL)
CONTROL = re.compile(r"^\s*(?:if|for|while|switch|catch|do|else|try|return)\b")


def blank(text):
    """The same number of lines, nothing on them."""
    return re.sub(r"[^\n]", " ", text)


def code_only(text):
    """The text with comments and the insides of literals blanked; lines and columns stay."""
    def replace(match):
        if match["string"]:
            return '"' + " " * (len(match["string"]) - 2) + '"'
        return blank(match[0])
    return TOKEN.sub(replace, text)


def quoted_includes(text):
    """(line number, target) of each #include "…"."""
    for number, line in enumerate(text.splitlines(), 1):
        match = re.match(r'\s*#\s*include\s*"([^"]+)"', line)
        if match:
            yield number, match[1]


def opens_with_comment(text):
    """True when the first line that is not blank, and not a licence tag, is a comment."""
    for line in text.splitlines():
        if line.strip() and "SPDX-License-Identifier" not in line and "SPDX-FileCopyrightText" not in line:
            return line.startswith("//") and len(line.strip("/ \t")) > 0
    return False


@dataclass
class Function:
    name: str
    line: int
    lines: int


def matching_brace(code, start):
    """Index of the brace that closes the one at `start`, or the end of the text."""
    depth = 0
    for match in re.compile(r"[{}]").finditer(code, start):
        depth += 1 if match[0] == "{" else -1
        if depth == 0:
            return match.start()
    return len(code)


def opens_function(head):
    """Does the text before a `{` read like a function's?"""
    if SCOPE.match(head) and "(" not in re.sub(r"\b(?:alignas|requires|__attribute__)\s*\([^)]*\)", "", head):
        return False
    return not CONTROL.match(head) and (TRAILER.search(head) is not None or MEMBER_INITIALIZERS.search(head) is not None)


def is_member_initializer(head):
    """`Foo::Foo() : a_` before `{`: the brace holds a value, not the body."""
    return MEMBER_INITIALIZERS.search(head) is not None and re.search(r"[\w>]\s*$", head) is not None


def function_name(head):
    """The last identifier before the parameters: `Shard::apply`, `TEST(Shard, Name)`."""
    test = re.search(r"\b(?:TEST|TEST_F|TEST_P|RC_GTEST_PROP)\s*\(\s*(\w+)\s*,\s*(\w+)", head)
    if test:
        return f"{test[1]}.{test[2]}"
    lambda_name = re.search(r"(\w+)\s*=\s*\[", head)
    if lambda_name:
        return lambda_name[1]
    name = re.search(r"([\w:~]+|operator\s*\S+?)\s*\(", head)
    return re.sub(r"\s", "", name[1]) if name else "(unnamed)"


def functions(text):
    """The outermost functions of a file with their lengths, from the opening brace's line to the closing one's."""
    code = re.sub(r"^[ \t]*#(?:\\\n|[^\n])*", lambda m: blank(m[0]), code_only(text), flags=re.MULTILINE)
    found, position, head_start = [], 0, 0
    for_next = re.compile(r"[;{}]|(?<!:)\b(?:public|private|protected)\s*:")
    while (match := for_next.search(code, position)) is not None:
        position = match.end()
        if match[0] != "{":
            head_start = position
            continue
        head = code[head_start:match.start()].strip()
        if is_member_initializer(head) or re.search(r"[=,(]\s*$|\breturn\s*$", head):
            position = matching_brace(code, match.start()) + 1
        elif opens_function(head):
            end = matching_brace(code, match.start())
            line = code.count("\n", 0, match.start()) + 1
            found.append(Function(function_name(head), line, code.count("\n", match.start(), end) + 1))
            position = head_start = end + 1
        elif SCOPE.match(head):
            head_start = position
        else:
            position = matching_brace(code, match.start()) + 1
    return found

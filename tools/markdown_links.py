"""Relative links and anchors of the repository's Markdown: each must lead somewhere."""

import re

LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
FENCE = re.compile(r"^(```|~~~).*?^\1[^\n]*$", re.MULTILINE | re.DOTALL)


def markdown_files(root):
    """The pages that people read: the top folder's, docs/, and the README of each folder."""
    pages = list(root.glob("*.md")) + list((root / "docs").rglob("*.md"))
    for folder in ("src", "fuzz", "bench", "tests", "scenarios", "tools", "packaging"):
        pages += (root / folder).rglob("*.md")
    return sorted(pages)


def without_code(text):
    """The text with code blocks and code spans blanked; lines stay."""
    text = FENCE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    return re.sub(r"`[^`\n]*`", lambda match: " " * len(match[0]), text)


def anchors(text):
    """The anchors that GitHub makes of the headings."""
    found = set()
    for heading in re.findall(r"^#+\s+(.*?)\s*$", FENCE.sub("", text), re.MULTILINE):
        slug = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        found.add(slug)
    return found


def fault_of(root, page, target):
    """What is wrong with one link, or None."""
    if re.match(r"[a-z][a-z+.-]*:", target):
        return None
    name, _, anchor = target.partition("#")
    path = (page.parent / name).resolve() if name else page
    if not path.is_relative_to(root):
        return f"the link {target} leaves the repository"
    if not path.exists():
        return f"the link {target} leads nowhere"
    if anchor and path.suffix == ".md" and anchor not in anchors(path.read_text()):
        return f"the link {target} names a heading that {path.relative_to(root)} does not have"
    return None


def check_links(root):
    """One sentence for each link that does not hold."""
    for page in markdown_files(root):
        for number, line in enumerate(without_code(page.read_text()).splitlines(), 1):
            for target in LINK.findall(line):
                fault = fault_of(root, page, target)
                if fault:
                    yield f"{page.relative_to(root)}:{number}: {fault}."

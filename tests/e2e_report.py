#!/usr/bin/env python3
"""`report`: December 2014 in every format and language; no number in a text that is not in the JSON; no cause that the verdict does
not name; a page that asks nobody for anything.

    DIMOUT=build/release/dimout tests/e2e_report.py
"""

import base64
import csv
import hashlib
import html.parser
import io
import json
import re
import unicodedata
from pathlib import Path

import cause_model
import support
from support import Checks, dimout, need_binary

KP = "country-KP-20141222T1615Z"
LANGUAGES = ("ar", "en")
NUMBER = re.compile(r"\d+(?:\.\d+)?(?:e[+-]?\d+)?")


def normalised(text):
    """Digits of any script as ASCII, without the separators of thousands."""
    text = text.replace("٫", ".").replace("٬", "")
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)
    return "".join(str(unicodedata.digit(sign)) if unicodedata.category(sign) == "Nd" else sign for sign in text)


def numbers(text):
    return {float(one) for one in NUMBER.findall(normalised(text))}


def strings_and_numbers(value):
    """Every number of a JSON value, those within its strings and keys too."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from numbers(key)
            yield from strings_and_numbers(one)
    elif isinstance(value, list):
        for one in value:
            yield from strings_and_numbers(one)
    elif isinstance(value, str):
        yield from numbers(value)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield abs(float(value))


class Page(html.parser.HTMLParser):
    """The words of a page that a person sees, and every address that it could ask for."""

    def __init__(self, text):
        super().__init__()
        self.words, self.addresses, self.inside, self.tags, self.attributes = [], [], [], [], {}
        self.scripts = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.inside.append(tag)
        self.addresses += [value for name, value in attrs if name in ("src", "href", "xlink:href", "action")]
        if tag == "html":
            self.attributes = dict(attrs)
        if tag == "meta":
            self.inside.pop()
            self.attributes |= {"policy": dict(attrs)["content"]} if dict(attrs).get("http-equiv") else {}

    def handle_endtag(self, tag):
        while self.inside and self.inside.pop() != tag:
            pass

    def handle_data(self, data):
        if "script" in self.inside:
            self.scripts.append(data)
        elif "style" not in self.inside:
            self.words.append(data)


def check_numbers(checks, name, text, facts, without_series):
    """All numbers against the JSON; those before the first table against the JSON without its series, which holds many."""
    known = set(strings_and_numbers(facts))
    strange = sorted(numbers(text) - known)
    checks.check(f"{name}: no number that is not in the JSON", not strange, str(strange[:10]))
    headline = "\n".join(text.splitlines()[:12])
    strange = sorted(numbers(headline) - set(strings_and_numbers(without_series)))
    checks.check(f"{name}: nor in its headline, of the JSON without series", not strange and numbers(headline), str(strange[:10]))


def check_page(checks, language, text, charts):
    page = Page(text)
    checks.check(f"{language} page: no address at all", not page.addresses, str(page.addresses))
    digest = base64.b64encode(hashlib.sha256("".join(page.scripts).encode()).digest()).decode()
    checks.check(f"{language} page: its policy lets its own script run and nothing load",
                 f"script-src 'sha256-{digest}'" in page.attributes["policy"] and page.attributes["policy"].startswith("default-src 'none'"))
    checks.equal(f"{language} page: direction", (page.attributes["lang"], page.attributes["dir"]),
                 (language, "rtl" if language == "ar" else "ltr"))
    checks.equal(f"{language} page: each chart has a title, a description and a table",
                 (page.tags.count("figure"), page.tags.count("title") - 1, page.tags.count("desc")), (charts,) * 3)
    checks.equal(f"{language} page: isolates are elements", [sign for sign in "\u2066\u2067\u2068\u2069" if sign in text], [])
    return " ".join(page.words)


def check_catalogues(checks):
    """A feature without words would be an empty line in a report."""
    for language in LANGUAGES:
        text = (support.ROOT / f"src/present/messages/{language}.txt").read_text()
        known = {line.split(" = ")[0] for line in text.splitlines() if " = " in line}
        levels = {"no", "yes"}.union(*cause_model.LEVELS.values())
        wanted = {f"feature.{one}" for one in cause_model.FEATURES} | {f"level.{one}" for one in levels}
        checks.equal(f"{language}: every feature and level of the table has words", sorted(wanted - known), [])


def main():
    need_binary()
    checks = Checks("one outage to quote")
    with support.workdir() as folder:
        store = Path(folder) / "demo" / "store"
        dimout("demo", "--keep", Path(folder) / "demo")

        def report(*options, allowed=(0,)):
            return dimout("report", KP, "--store", store, *options, allowed=allowed).stdout

        facts = json.loads(report("--format", "json"))
        checks.check("the JSON holds what explain says", facts["outage"] == json.loads(dimout("explain", KP, "--store", store, "--format", "json").stdout))
        checks.equal("charts of routes, of their changes and of what was counted", [chart["signal"] for chart in facts["charts"]],
                     ["bgp.visible_addresses", "bgp.path_changes", "traffic.requests"])
        checks.equal("nothing is named", facts["outage"]["named"], None)
        without = {key: value for key, value in facts.items() if key != "charts"}
        texts = {}
        for language in LANGUAGES:
            checks.section(language)
            texts[language] = text = report("--lang", language)
            check_numbers(checks, f"{language} Markdown", text, facts, without)
            page = report("--lang", language, "--format", "html")
            check_numbers(checks, f"{language} page", check_page(checks, language, page, len(facts["charts"])), facts, facts)
        english = texts["en"]
        checks.check("the headline says it with its hedge word",
                     "North Korea almost certainly lost all 1,024 of its addresses" in english and "9 hours 31 minutes" in english)
        checks.check("no cause is named", "no cause is named" in english and "Probable cause" not in english)
        checks.check("the clock there is that of the time", "Tuesday 23 December 2014, 01:15 (UTC+09:00)" in english and "14 August 2015" in english)
        size = facts["outage"]["size"]
        routed = f"- Routed: 1,024 IPv4 addresses, rank {size['routed']['rank']} of {size['routed']['rank_of']} countries (routes, 2014-12-22)."
        typical = f"The typical country (median of {size['routed']['rank_of']}) has {size['routed']['median']:,}."
        checks.check("how large it was, with dates and rank, and beside the typical country", routed in english and typical in english, routed)

        check_catalogues(checks)

        checks.section("other formats")
        head, row = csv.reader(io.StringIO(report("--format", "keepiton")))
        kept = dict(zip(head, row))
        checks.equal("KeepItOn: known and unknown", [kept[key] for key in ("country", "geo_scope", "official_just", "actual_cause", "ordered_by")],
                     ["KP", "3", "", "", ""])
        item = json.loads(report("--format", "csl"))[0]
        checks.check("CSL-JSON names id, revision, version", KP in item["number"] and "revision" in item["version"] and "dimout 20" in item["version"])
        report("--output", Path(folder) / "kp.bib", "--format", "bibtex")
        checks.equal("BibTeX, in a file, is that of the JSON", (Path(folder) / "kp.bib").read_text(), facts["citation"]["bibtex"])
        unknown = support.run(support.DIMOUT, "report", KP, "--store", store, "--lang", "tlh")
        checks.check("an unknown language says which there are", unknown.returncode == 64 and "ar, en" in unknown.stderr, unknown.stderr.strip())
        early = json.loads(report("--format", "json", "--as-of", "2014-12-22T20:00Z"))
        checks.equal("as of then, not as of the revision's own time", early["as_of"], "2014-12-22T20:00:00Z")
        checks.check("as people knew it before the end", not early["headline"]["over"] and early["headline"]["lasted"]["at_least"])
    checks.finish()


if __name__ == "__main__":
    main()

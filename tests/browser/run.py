#!/usr/bin/env python3
"""The pages that people see, in a real browser: makes them, then has pages.mjs look at them in Chromium.

    DIMOUT=build/release/dimout BROWSER_MODULES=build/deps/browser/node_modules tests/browser/run.py [FOLDER]

Pictures and printed pages are left in FOLDER, build/browser when none is named, for a person to look at.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import reports  # noqa: E402
import support  # noqa: E402

MODULES = Path(os.environ.get("BROWSER_MODULES", support.ROOT / "build/deps/browser/node_modules"))
LANGUAGES = ("ar", "en")


def main():
    support.need_binary()
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else support.ROOT / "build/browser").resolve()
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "reports").mkdir(parents=True)
    with support.workdir() as work:
        for case in reports.cases(Path(work)):
            for language in LANGUAGES:
                support.dimout("report", case.outage, "--store", case.store, "--lang", language, "--format", "html", *case.options,
                               "--output", folder / "reports" / f"{case.name}.{language}.html", allowed=(0,))
    node = ["node", Path(__file__).with_name("pages.mjs"), MODULES, folder]
    sys.exit(subprocess.run([str(one) for one in node], stdin=subprocess.DEVNULL, check=False).returncode)


if __name__ == "__main__":
    main()

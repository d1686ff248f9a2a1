#!/usr/bin/env python3
"""The manual page and completions that come of a help text, tried as a shell would."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import help_pages  # noqa: E402

TOP = """dimout: who went dark
Usage: /usr/bin/dimout [OPTIONS] SUBCOMMAND

Options:
  -h,--help                   Print this help message and exit
  -q,--quiet                  no progress

Subcommands:
  replay                      read an archive
  outages                     list the outages of a store

Exit codes: 0 done, 1 failed.
Times are UTC.
"""
REPLAY = """read an archive
Usage: /usr/bin/dimout replay [OPTIONS] FILE...

Positionals:
  FILE TEXT ... REQUIRED      files, or - for stdin

Options:
  -h,--help                   Print this help message and exit
  --archive TEXT ... REQUIRED files: MRT, [gz]
  --threads INT:INT in [0 - 64]
                              shards (default: all cores)
"""
OUTAGES = """list the outages of a store
Usage: /usr/bin/dimout outages [OPTIONS]

Options:
  -h,--help                   Print this help message and exit
  --format TEXT:{table,json}=table
                              how to print
"""


class HelpPages(unittest.TestCase):
    def setUp(self):
        self.top = help_pages.parse_help(TOP)
        self.subs = {"replay": help_pages.parse_help(REPLAY), "outages": help_pages.parse_help(OUTAGES)}

    def test_the_top_is_read_whole(self):
        self.assertEqual(self.top.summary, "dimout: who went dark")
        self.assertEqual(self.top.commands, [("replay", "read an archive"), ("outages", "list the outages of a store")])
        self.assertEqual([o.names for o in self.top.options], [["-h", "--help"], ["-q", "--quiet"]])
        self.assertEqual(self.top.footer, ["Exit codes: 0 done, 1 failed.", "Times are UTC."])

    def test_usage_names_the_program_without_its_folder(self):
        self.assertEqual(self.subs["replay"].usage, "dimout replay [OPTIONS] FILE...")

    def test_an_option_that_fills_its_column_is_still_split(self):
        archive = self.subs["replay"].options[1]
        self.assertEqual((archive.names, archive.text), (["--archive"], "files: MRT, [gz]"))
        self.assertTrue(archive.required and archive.repeats)

    def test_a_long_option_has_its_text_on_the_next_line(self):
        threads = self.subs["replay"].options[2]
        self.assertEqual((threads.argument, threads.text), ("INT", "shards (default: all cores)"))

    def test_choices(self):
        self.assertEqual(self.subs["outages"].options[1].choices, ["table", "json"])

    def test_the_manual_has_every_command_and_hides_no_option(self):
        page = help_pages.manual_page("dimout 1", self.top, self.subs)
        for words in (".SS replay", ".SS outages", "\\fB\\-\\-threads\\fR \\fIINT\\fR", "One of: table, json."):
            self.assertIn(words, page)

    def complete(self, *words):
        script = help_pages.bash_completion(self.top, self.subs)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "dimout.bash"
            path.write_text(script + "COMP_WORDS=(\"$@\")\nCOMP_CWORD=$(($# - 1))\n_dimout\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n")
            run = subprocess.run(["bash", str(path), *words], check=True, capture_output=True, text=True)
        return run.stdout.split()

    def test_bash_offers_commands_first(self):
        self.assertEqual(self.complete("dimout", "o"), ["outages"])

    def test_bash_offers_the_command_s_own_options_and_the_common_ones(self):
        self.assertEqual(self.complete("dimout", "replay", "--"), ["--help", "--archive", "--threads", "--quiet"])

    def test_bash_offers_the_choices_of_an_option(self):
        self.assertEqual(self.complete("dimout", "outages", "--format", "j"), ["json"])

    def test_bash_leaves_values_and_files_to_the_shell(self):
        self.assertEqual(self.complete("dimout", "replay", "--archive", ""), [])
        self.assertEqual(self.complete("dimout", "replay", ""), [])

    def test_zsh_and_fish_know_the_choices(self):
        self.assertIn("'--format[how to print]:value:(table json)'", help_pages.zsh_completion(self.top, self.subs))
        self.assertIn("'--archive[files\\: MRT, \\[gz\\]]", help_pages.zsh_completion(self.top, self.subs).replace("*--", "--"))
        self.assertIn("-l format -x -a 'table json'", help_pages.fish_completion(self.top, self.subs))


if __name__ == "__main__":
    unittest.main()

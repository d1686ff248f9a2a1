#!/usr/bin/env python3
"""The manual page and the completions of bash, zsh and fish, made from what `dimout --help` says.

So they cannot disagree with the program. The build runs it; the text is laid out by CLI11.

    tools/help_pages.py BINARY FOLDER      writes dimout.1, dimout.bash, _dimout and dimout.fish
"""

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

COLUMN = 30  # CLI11 begins descriptions here


@dataclass
class Entry:
    """An option or a positional: `--format TEXT:{table,json}=table   how to print`."""
    names: list
    argument: str
    text: str
    choices: list
    required: bool
    repeats: bool


@dataclass
class Help:
    summary: str = ""
    usage: str = ""
    options: list = field(default_factory=list)
    positionals: list = field(default_factory=list)
    commands: list = field(default_factory=list)  # (name, text)
    footer: list = field(default_factory=list)


def make_entry(spec, text):
    names, _, rest = spec.partition(" ")
    choices = re.search(r"\{([^}]*)\}", rest)
    argument = re.sub(r":?\{[^}]*\}|:\S+ in \[[^\]]*\]|=\S+|\bREQUIRED\b|\.\.\.", "", rest).strip()
    return Entry(names.split(","), argument, text, choices[1].split(",") if choices else [],
                 "REQUIRED" in rest.split(), "..." in rest.split())


def entries(lines):
    """(specification, description) pairs; a long specification has its description on the next line."""
    pairs = []
    for line in lines:
        if line.startswith(" " * COLUMN):
            pairs[-1][1] = f"{pairs[-1][1]} {line.strip()}".strip()
        elif line[COLUMN - 1:COLUMN] == " " and line[COLUMN:].strip():
            pairs.append([line[:COLUMN].strip(), line[COLUMN:].strip()])
        else:
            pairs.append([line.strip(), ""])
    return pairs


def parse_help(text):
    """One help text of CLI11 as a Help."""
    found, section, sections = Help(), None, {}
    for line in text.splitlines():
        header = re.match(r"(\S.*):$", line)
        if header:
            section = sections.setdefault(header[1], [])
        elif line.startswith("  ") and section is not None:
            section.append(line)
        elif line.startswith("Usage: "):
            found.usage = re.sub(r"^Usage: \S*?(?=dimout\b)", "", line)
        elif line.strip() and section is None:
            found.summary = f"{found.summary} {line.strip()}".strip()
        elif line.strip():
            found.footer.append(line.strip())
    for name, lines in sections.items():
        pairs = entries(lines)
        if name == "Subcommands":
            found.commands += [(spec.split()[0], description) for spec, description in pairs]
        elif name == "Positionals":
            found.positionals += [make_entry(*pair) for pair in pairs]
        else:
            found.options += [make_entry(*pair) for pair in pairs]
    return found


# ------------------------------------------------------------------------------------------ manual page

def roff(text):
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")
    return "\\&" + text if text.startswith(".") else text


def roff_entries(found):
    for entry in found:
        names = ", ".join(f"\\fB{roff(name)}\\fR" for name in entry.names)
        argument = f" \\fI{roff(entry.argument)}\\fR" if entry.argument else ""
        choices = f" One of: {', '.join(entry.choices)}." if entry.choices else ""
        required = " Required." if entry.required else ""
        yield f".TP\n{names}{argument}\n{roff((entry.text + '.' + choices + required).lstrip('.'))}"


def manual_page(version, top, subs):
    lines = [f'.TH DIMOUT 1 "" "{roff(version)}" "User Commands"', ".SH NAME",
             "dimout \\- " + roff(re.sub(r"^dimout: ", "", top.summary)),
             ".SH SYNOPSIS", *(f"{roff(sub.usage)}\n.br" for sub in subs.values()),
             ".SH OPTIONS", *roff_entries(top.options), ".SH COMMANDS"]
    for name, sub in subs.items():
        lines += [f".SS {name}", roff(sub.summary) + "."]
        own = [o for o in sub.options if "--help" not in o.names]
        lines += roff_entries(sub.positionals + own)
    lines += [".SH NOTES", *(f"{roff(line)}\n.br" for line in top.footer),
              ".SH SEE ALSO", "\\fBbgpdump\\fR(1), \\fBbgpd\\fR(8)"]
    return "\n".join(lines) + "\n"


# ------------------------------------------------------------------------------------------ completions

def flags(found):
    return [name for option in found.options for name in option.names]


def bash_completion(top, subs):
    values, words = [], []
    for name, sub in {"": top, **subs}.items():
        own = flags(sub) + (flags(top) if name else [command for command, _ in top.commands])
        words.append(f"        '{name}') words='{' '.join(dict.fromkeys(own))}' ;;")
        for option in sub.options:
            if option.argument:
                reply = f"COMPREPLY=($(compgen -W '{' '.join(option.choices)}' -- \"$current\")); " if option.choices else ""
                pattern = "|".join(f"'{name},{flag}'" for flag in option.names)
                values.append(f"        {pattern}) {reply}return ;;")
    return "\n".join([
        "# bash completion for dimout, made from its help text",
        "_dimout() {",
        "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command='' words='' word",
        "    COMPREPLY=()",
        "    for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do",
        f"        case $word in {'|'.join(subs)}) command=$word; break ;; esac",
        "    done",
        "    case $command,$previous in", *values, "    esac",
        "    case $command in", *words, "    esac",
        "    if [[ $current == -* || -z $command ]]; then COMPREPLY=($(compgen -W \"$words\" -- \"$current\")); fi",
        "}",
        "complete -o default -F _dimout dimout"]) + "\n"


def zsh_quote(text):
    return re.sub(r"([\[\]:])", r"\\\1", text).replace("'", "'\\''")


def zsh_arguments(found):
    lines = []
    for option in found.options:
        value = f":value:({' '.join(option.choices)})" if option.choices else ":value:_files" if option.argument else ""
        star = "*" if option.repeats else ""
        lines += [f"'{star}{name}[{zsh_quote(option.text)}]{value}'" for name in option.names]
    for positional in found.positionals:
        lines.append(f"'{'*' if positional.repeats else ''}:{zsh_quote(positional.names[0])}:_files'")
    return " \\\n            ".join(lines)


def zsh_completion(top, subs):
    commands = "\n            ".join(f"'{name}:{zsh_quote(text)}'" for name, text in top.commands)
    cases = "\n".join(f"        {name})\n          _arguments \\\n            {zsh_arguments(sub)} ;;"
                      for name, sub in subs.items())
    return f"""#compdef dimout
# zsh completion for dimout, made from its help text
_dimout() {{
  local curcontext=$curcontext state line
  local -a commands
  typeset -A opt_args
  _arguments -C \\
            {zsh_arguments(top)} \\
            '1:command:->command' '*::argument:->argument'
  case $state in
    command)
      commands=(
            {commands}
      )
      _describe command commands ;;
    argument)
      case $line[1] in
{cases}
      esac ;;
  esac
}}
_dimout "$@"
"""


def fish_quote(text):
    return text.replace("\\", "\\\\").replace("'", "\\'")


def fish_options(found, condition):
    for option in found.options:
        shape = " ".join(f"-l {n[2:]}" if n.startswith("--") else f"-s {n[1:]}" for n in option.names)
        value = f" -x -a '{' '.join(option.choices)}'" if option.choices else " -r" if option.argument else ""
        yield f"complete -c dimout{condition} {shape}{value} -d '{fish_quote(option.text)}'"


def fish_completion(top, subs):
    lines = ["# fish completion for dimout, made from its help text", *fish_options(top, "")]
    lines += [f"complete -c dimout -n __fish_use_subcommand -f -a {name} -d '{fish_quote(text)}'"
              for name, text in top.commands]
    for name, sub in subs.items():
        sub.options = [o for o in sub.options if "--help" not in o.names]
        lines += fish_options(sub, f" -n '__fish_seen_subcommand_from {name}'")
    return "\n".join(lines) + "\n"


# ------------------------------------------------------------------------------------------------- run

def ask(binary, *arguments):
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "100"}
    return subprocess.run([binary, *arguments], check=True, capture_output=True, text=True, env=environment).stdout


def main():
    binary, folder = sys.argv[1], Path(sys.argv[2])
    top = parse_help(ask(binary, "--help"))
    subs = {name: parse_help(ask(binary, name, "--help")) for name, _ in top.commands}
    if not subs:
        sys.exit("help_pages: the help text names no subcommand.")
    version = ask(binary, "--version").splitlines()[0]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "dimout.1").write_text(manual_page(version, top, subs))
    (folder / "dimout.bash").write_text(bash_completion(top, subs))
    (folder / "_dimout").write_text(zsh_completion(top, subs))
    (folder / "dimout.fish").write_text(fish_completion(top, subs))


if __name__ == "__main__":
    main()

"""Writes requirements.txt: every distribution pinned and hashed, in sections (`make lock`).

One resolution for all sections, so that any selection of them fits together. A distribution stands in the first
section that needs it; later ones name it. What is pinned stays as it is, hashes included, where pyproject.toml
still allows it: `make lock ARGS=--upgrade` takes the newest of everything. Needs Python 3.11, and uv of the section
`check`.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile

try:
    import tomllib
except ImportError:  # Python 3.10: only the tests read this there
    import tomli as tomllib
from pathlib import Path

from bootstrap.sections import BORROWED, EXTRAS, SECTIONS, blocks, name_of

ROOT = Path(__file__).resolve().parent.parent
OLDEST_PYTHON = "3.10"

# What the whole project was tested against; pyproject.toml has the ranges that users may choose from.
PINS = """\
pulumi==3.272.0
pulumi-aws==7.51.1
pulumi-gcp==10.2.0
pulumi-digitalocean==4.84.1
pulumi-azure-native==3.29.0
pulumi-hcloud==1.43.3
"""

# What comes with Python may be years old, and such a one takes twice as long to find what is pinned.
INSTALLER = "pip>=26"

HEADER = """\
# Every distribution that the project runs and is tested with, pinned and hashed. Written by `make lock`.
# All of it: pip install -r requirements.txt. Any selection of sections installs alone, with base before it and with
# the pins of other sections that it names; "via" says which distributions ask for one.
"""

_PLACE = re.compile(r"(^|, )-[cr] [^,]*")


def inputs(section: str, project: dict) -> list[str]:
    """The requirements that a section stands for, as ranges.

    The installer and the build backend belong to base: the project is installed without build isolation, so that
    nothing unpinned is fetched.
    """
    if section == "base":
        return [INSTALLER, *project["project"]["dependencies"], *project["build-system"]["requires"]]
    if section in EXTRAS:
        return project["project"]["optional-dependencies"][section]
    return project["dependency-groups"][section]


def compile_with_uv(requirements: list[str], constraints: str, *options: str, kept: str = "") -> str:
    """What uv resolves; versions and hashes in the text `kept` stay where they can."""
    with tempfile.TemporaryDirectory() as folder:
        wanted, limits, result = Path(folder, "wanted.in"), Path(folder, "limits.txt"), Path(folder, "result.txt")
        wanted.write_text("\n".join(requirements) + "\n", encoding="utf-8")
        limits.write_text(constraints, encoding="utf-8")
        result.write_text(kept, encoding="utf-8")
        command = [uv(), "pip", "compile", "--quiet", "--no-header", "--universal", "--output-file", str(result)]
        command += ["--python-version", OLDEST_PYTHON, "--constraints", str(limits), *options, str(wanted)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return result.read_text(encoding="utf-8")


def uv() -> str:
    found = shutil.which("uv", path=sysconfig.get_path("scripts")) or shutil.which("uv")
    if found is None:
        sys.exit("lock: uv is missing; `make lock` installs it")
    return found


def lock(kept: str) -> str:
    """The text of requirements.txt.

    Args:
        kept: the one there is, or "" for the newest of everything.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    needed = {section: inputs(section, project) for section in SECTIONS}
    wanted = [line for lines in needed.values() for line in lines]
    annotated = ("--generate-hashes", "--annotation-style=line")
    hashed = {line: told(text) for line, text in blocks(compile_with_uv(wanted, PINS, *annotated, kept=kept)).items()}
    pinned = "\n".join(hashed)
    parts, done, base = [HEADER], set(), set()
    for section in SECTIONS:
        text = compile_with_uv([*needed["base"], *needed[section]], pinned, "--no-annotate")
        names = {name_of(line) for line in blocks(text)} - base
        base = base or names
        lines = [f"# --- {section}"]
        if names & done:
            lines.append(BORROWED + ", ".join(sorted(names & done)))
        lines += [text for line, text in hashed.items() if name_of(line) in names - done]
        parts.append("\n".join(lines) + "\n")
        done |= names
    left = sorted({name_of(line) for line in hashed} - done)
    if left:
        sys.exit(f"lock: no section needs {', '.join(left)}")
    return "\n".join(parts)


def told(block: str) -> str:
    """A requirement's lines without the places where its range is written, which are temporary files here."""
    lines = [
        f"    # via {others}"
        if (others := _PLACE.sub("", line.partition("# via ")[2]).removeprefix(", "))
        else ""
        if line.startswith("    # via ")
        else line
        for line in block.splitlines()
    ]
    return "\n".join(line for line in lines if line)


if __name__ == "__main__":
    file = ROOT / "requirements.txt"
    present = "" if "--upgrade" in sys.argv[1:] or not file.exists() else file.read_text(encoding="utf-8")
    file.write_text(lock(present), encoding="utf-8")
    print("requirements.txt written")

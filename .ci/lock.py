"""Writes requirements.txt: every distribution pinned and hashed, in sections (`make lock`).

One resolution for all sections, so that any selection of them fits together; a section then lists what its
own requirements bring and no section before it has. Needs Python 3.11, and uv of the section `check`.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import tomllib
from pathlib import Path

from bootstrap.sections import CLOUDS, SECTIONS

ROOT = Path(__file__).resolve().parent.parent
OLDEST_PYTHON = "3.10"

# What the whole project was tested against; pyproject.toml has the ranges that users may choose from.
PINS = """\
pulumi==3.272.0
pulumi-aws==7.51.1
pulumi-gcp==10.2.0
pulumi-digitalocean==4.84.1
pulumi-azure-native==3.29.0
"""

HEADER = """\
# Every distribution that the project runs and is tested with, pinned and hashed. Written by `make lock`.
# All of it: pip install -r requirements.txt. A section holds what the sections above it lack, so that
# `make up` installs base and at most one cloud.
"""

_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*")


def inputs(section: str, project: dict) -> list[str]:
    """The requirements that a section stands for, as ranges.

    The build backend belongs to base: the project is installed without build isolation, so that nothing
    unpinned is fetched.
    """
    if section == "base":
        return project["project"]["dependencies"] + project["build-system"]["requires"]
    if section in CLOUDS:
        return project["project"]["optional-dependencies"][section]
    return project["dependency-groups"][section]


def compile_with_uv(requirements: list[str], constraints: str, *options: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        wanted, limits = Path(folder, "wanted.in"), Path(folder, "limits.txt")
        wanted.write_text("\n".join(requirements) + "\n", encoding="utf-8")
        limits.write_text(constraints, encoding="utf-8")
        command = [uv(), "pip", "compile", "--quiet", "--no-header", "--no-annotate", "--universal"]
        command += ["--python-version", OLDEST_PYTHON, "--constraints", str(limits), *options, str(wanted)]
        return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def uv() -> str:
    found = shutil.which("uv", path=sysconfig.get_path("scripts")) or shutil.which("uv")
    if found is None:
        sys.exit("lock: uv is missing; `make lock` installs it")
    return found


def blocks(text: str) -> dict[str, str]:
    """Each requirement with its continuation lines, by its first line without the backslash.

    A package can appear more than once, with versions for different Pythons.
    """
    found: dict[str, str] = {}
    key = ""
    for line in text.splitlines():
        if _NAME.match(line):
            key = line.removesuffix("\\").strip()
            found[key] = line
        elif key and line.startswith("    "):
            found[key] += "\n" + line
    return found


def name_of(requirement: str) -> str:
    return _NAME.match(requirement)[0].lower()


def lock() -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [line for section in SECTIONS for line in inputs(section, project)]
    pinned = compile_with_uv(wanted, PINS)
    hashed = blocks(compile_with_uv(wanted, pinned, "--generate-hashes"))
    parts, done, so_far = [HEADER], set(), []
    for section in SECTIONS:
        so_far += inputs(section, project)
        names = {name_of(line) for line in blocks(compile_with_uv(so_far, pinned))} - done
        parts.append(f"# --- {section}\n" + "\n".join(t for line, t in hashed.items() if name_of(line) in names) + "\n")
        done |= names
    left = sorted({name_of(line) for line in hashed} - done)
    if left:
        sys.exit(f"lock: no section needs {', '.join(left)}")
    return "\n".join(parts)


if __name__ == "__main__":
    (ROOT / "requirements.txt").write_text(lock(), encoding="utf-8")
    print("requirements.txt written")

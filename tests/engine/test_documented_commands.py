"""Each command of Pulumi on a page is one that the CLI has, with these options. Most need an account to be run."""

from __future__ import annotations

import os
import re
import subprocess
from collections import defaultdict
from itertools import takewhile
from pathlib import Path

import pytest

from ..unit.docs.pages import pages
from ..unit.docs.shell import commands
from .project import GOGC

pytestmark = pytest.mark.needs("pulumi")

DOCUMENTED: dict[tuple[str, ...], set[str]] = defaultdict(set)
"""The options by the words before them, the first of their arguments included where it looks like a command's name."""

for page in pages().values():
    for block in page.blocks:
        if block.language in ("sh", "console"):
            for words in commands(block.text, is_console=block.language == "console"):
                if words[0] == "pulumi":
                    named = tuple(takewhile(re.compile("[a-z]+").fullmatch, words))
                    DOCUMENTED[named] |= {word.partition("=")[0] for word in words if word.startswith("-")}


def test_the_pages_have_some() -> None:
    assert DOCUMENTED["pulumi", "import"] == {"--stack", "-f", "--protect", "--generate-code", "--yes"}


@pytest.mark.parametrize("words", sorted(DOCUMENTED), ids=" ".join)
def test_the_cli_has_it(words: tuple[str, ...], pulumi_root: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PULUMI_HOME": str(tmp_path), "PULUMI_SKIP_UPDATE_CHECK": "true", "GOGC": GOGC}
    command = [str(pulumi_root / "pulumi"), *words[1:], "--help"]
    told = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=True).stdout
    usage = re.search(r"^Usage:\n  (pulumi(?: [a-z]+)+)", told, re.MULTILINE)
    assert usage
    path = usage[1].split()
    aliases = re.search(r"^Aliases:\n  (.*)", told, re.MULTILINE)
    assert list(words[: len(path) - 1]) == path[:-1]
    assert words[len(path) - 1] in (path[-1], *(aliases[1].split(", ") if aliases else ()))
    assert DOCUMENTED[words] - set(re.findall(r"(?<![\w-])--?[a-z][\w-]*", told)) == set()

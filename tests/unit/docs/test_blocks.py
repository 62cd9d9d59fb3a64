"""Every fenced block of every page is executed or read, or says why it cannot be."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

import reference
from livekit_firewall.deployment.derive import read_deployment
from livekit_firewall.inputs.stack_config import arguments_from

from .pages import NAMES, ROOT, Block, pages
from .shell import Shell, is_like, lines, ours

LIST = Path(__file__).with_name("not_run.txt")
PROGRAMS = ROOT / "tests" / "typing" / "programs"
COMMANDS = ("sh", "console", "bash")


def as_option(option: str) -> Callable[[str], object]:
    """A file that the command reads, and finds the ports in."""
    return lambda name: ours(["ports", option, name, *(["--https"] if option == "--livekit" else [])], "")


def as_workflow(name: str) -> None:
    read = yaml.load(Path(name).read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 (builds texts only)
    assert {"on", "jobs"} <= read.keys()


# The first that matches the end of a file's name says how it is read.
KINDS: dict[str, Callable[[str], object]] = {
    "livekit.yaml": as_option("--livekit"),
    "sip.yaml": as_option("--sip"),
    "ingress.yaml": as_option("--ingress"),
    "compose.yaml": as_option("--compose"),
    "compose.yml": as_option("--compose"),
    "values.yaml": as_option("--helm"),
    ".livekit-firewall.yaml": lambda _: ours(["lint", "--livekit", "livekit.yaml"], ""),
    ".json": lambda name: json.loads(Path(name).read_text(encoding="utf-8")),
    "requirements.txt": lambda name: [
        Requirement(line) for line in Path(name).read_text(encoding="utf-8").splitlines()
    ],
}


class Reader:
    """Somebody who does what a page says, from top to bottom.

    Attributes:
        not_run: what did not run as itself, a line each.
    """

    def __init__(self) -> None:
        self.shell = Shell()
        self.not_run: list[str] = []

    def follow(self, block: Block) -> None:
        kind, _, rest = block.mark.partition(" ")
        if kind == "not" and rest.startswith("run: "):
            self.not_run.append(f"{block.page}: {block.language}: {rest.removeprefix('run: ')}")
        elif kind in ("tested", "written"):
            assert Path(block.page).name in (ROOT / rest.removeprefix("by ")).read_text(encoding="utf-8"), rest
        elif kind == "program":
            assert (PROGRAMS / f"{rest}.py").read_text(encoding="utf-8") == block.text
        elif block.mark.startswith("part of program "):
            assert unindented(block.text) in unindented((PROGRAMS / f"{block.mark.split()[-1]}.py").read_text("utf-8"))
        elif kind == "file":
            self.write(rest, block.text)
        elif kind == "arguments":
            given = yaml.safe_load(block.text)
            read_deployment(arguments_from(given) if any(":" in key for key in given) else given, Path())
        elif kind == "output":
            if rest:
                self.shell.run(rest.removeprefix("of "))
            assert is_like(block.text, self.shell.printed), self.shell.printed
        elif block.language in COMMANDS:
            self.execute(block)
        else:
            raise AssertionError(f"{block}: a block of {block.language or 'no language'} needs a mark: {__package__}")

    def write(self, name: str, text: str) -> None:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")
        if Path(name).parent.name == "workflows":
            as_workflow(name)
        elif Path(name).name.startswith("Pulumi."):
            ours(["exposure", "--stack", Path(name).name.split(".")[1]], "")
        else:
            found = [read for end, read in KINDS.items() if name.endswith(end)]
            assert found, f"how {name} is read: say it in {Path(__file__).name}"
            found[0](name)

    def execute(self, block: Block) -> None:
        self.shell.stand_ins.clear()
        for line, output in lines(block.text, is_console=block.language == "console"):
            try:
                self.shell.run(line)
            except AssertionError as error:
                raise AssertionError(f"{block}: {line}\n{error}") from error
            assert output is None or is_like(output, self.shell.printed), f"{block}: {line}\n{self.shell.printed}"
        if self.shell.stand_ins:
            self.not_run.append(f"{block.page}: {block.language}: {', '.join(sorted(self.shell.stand_ins))}")


def unindented(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().splitlines())


LISTED = LIST.read_text(encoding="utf-8").splitlines()
FENCED = [name for name in NAMES if "```" in (ROOT / name).read_text(encoding="utf-8")]


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("name", FENCED)
def test_the_page_is_true(name: str) -> None:
    reader = Reader()
    for block in pages()[name].blocks:
        reader.follow(block)
    assert reader.not_run == [line for line in LISTED if line.startswith(f"{name}: ")], (
        f"{LIST.name} should hold:\n" + "\n".join(reader.not_run)
    )


def test_what_is_not_run_is_listed_by_page() -> None:
    assert sorted(name for name, page in pages().items() if page.blocks) == FENCED
    assert sorted(LISTED, key=lambda line: line.partition(": ")[0]) == LISTED
    assert {line.partition(": ")[0] for line in LISTED} <= pages().keys()


def test_the_configuration_reference_is_what_the_types_say() -> None:
    assert reference.PAGE.read_text(encoding="utf-8") == reference.page()

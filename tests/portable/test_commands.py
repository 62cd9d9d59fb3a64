"""Each command that needs no Linux prints the same bytes on every system, and those that do say so."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
EXPECTED = HERE / "expected"
FOLDER = ROOT / "tests" / "pictures"

PRINTS = {
    "ports": "ports --livekit livekit.yaml",
    "rules": "rules --stack tokyo",
    "rules-json": "rules --args before.yaml --json",
    "aws": "render --to aws --stack frankfurt",
    "nftables": "render --to nftables --livekit livekit.yaml --operator 203.0.113.0/24",
    "explain": "explain 203.0.113.7 tcp/22 --stack tokyo",
    "exposure": "exposure --stack oslo",
    "exposure-json": "exposure --stack oslo --json",
    "picture": "exposure --stack oslo --mermaid",
    "lint": "lint --stack tokyo",
    "diff": "diff before.yaml after.yaml",
    "diff-text": "diff before.yaml after.yaml --format text",
    "compare": "compare ../unit/firewalls/nftables-hand-made.json --livekit livekit.yaml",
    "no-file": "review gone.json",
    "no-token": "probe check 127.0.0.1 --token x --livekit livekit.yaml",
}
CODES = {"compare": 1, "no-file": 2, "no-token": 2}
PAGE = "exposure --stack frankfurt --html"
LINUX = ("host status", "host confirm", "host release")
SYSTEMS = ("here", *(("win32", "darwin") if sys.platform == "linux" else ()))


def results(system: str) -> dict[str, tuple[int, str, str]]:
    given = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    given["PYTHONPATH"] = str(ROOT / "components")
    commands = [*PRINTS.values(), PAGE, *LINUX]
    done = subprocess.run(
        [sys.executable, HERE / "other_system.py", system],
        input=json.dumps([line.split() for line in commands]), cwd=FOLDER, env=given,
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return {name: tuple(one) for name, one in zip([*PRINTS, PAGE, *LINUX], json.loads(done.stdout), strict=True)}


@pytest.fixture(scope="module", params=SYSTEMS)
def found(request: pytest.FixtureRequest) -> dict[str, tuple[int, str, str]]:
    return results(request.param) | {"system": (0, request.param, "")}


def test_each_command_prints_what_it_prints_on_linux(found: dict[str, tuple[int, str, str]]) -> None:
    for name in PRINTS:
        code, out, err = found[name]
        expected = (EXPECTED / f"{name}.txt").read_bytes().decode()
        assert (code, f"{out}{err}") == (CODES.get(name, 0), expected), name


def test_the_page_is_the_one_that_the_docs_show(found: dict[str, tuple[int, str, str]]) -> None:
    made_from = json.loads((ROOT / "docs/pictures/made-from.json").read_text(encoding="utf-8"))
    assert sha256(found[PAGE][1].encode()).hexdigest() == made_from["exposure-page"]


def test_what_needs_linux_says_so(found: dict[str, tuple[int, str, str]]) -> None:
    system = sys.platform if found["system"][1] == "here" else found["system"][1]
    if system == "linux":
        return
    for name in LINUX:
        where = f"the Linux machine that it runs on (this is {system})"
        said = f"Error: `host` is about the firewall of {where}: run it there\n"
        assert found[name] == (2, "", said)


def test_the_output_of_each_is_kept() -> None:
    assert sorted(path.stem for path in EXPECTED.iterdir()) == sorted(PRINTS)


if __name__ == "__main__":  # after a change of what is printed
    for name, (_, out, err) in results("here").items():
        if name in PRINTS:
            (EXPECTED / f"{name}.txt").write_bytes(f"{out}{err}".encode())

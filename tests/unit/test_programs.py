"""The programs of the pages: each runs as it stands, and is the one that the type checkers read (`make check`)."""

import re
import subprocess
import sys
from pathlib import Path

import pulumi
import pytest

ROOT = Path(__file__).parents[2]
CHECKED = ROOT / "tests" / "typing" / "programs"
MARKED = re.compile(r"<!-- program (\w+) -->\n```python\n(.*?)```", re.DOTALL)
PROGRAMS = {
    name: text
    for page in sorted((ROOT / "docs").glob("*.md"))
    for name, text in MARKED.findall(page.read_text(encoding="utf-8"))
}


def test_the_type_checkers_read_each_of_them():
    assert {path.stem: path.read_text(encoding="utf-8") for path in CHECKED.glob("*.py")} == PROGRAMS


@pytest.mark.parametrize("name", sorted(PROGRAMS.keys() - {"mocks"}))
def test_it_runs(name, engine, monkeypatch):
    monkeypatch.chdir(ROOT)

    @pulumi.runtime.test
    def program():
        exec(compile(PROGRAMS[name], name, "exec"), {"__name__": name})  # noqa: S102 - our own text

    program()
    assert "livekit:index:LiveKitFirewall" in {one.type for one in engine.requests}


def test_the_pattern_for_tests_of_ones_own_passes_and_can_fail():
    text = PROGRAMS["mocks"] + "\n\ntest_the_api_is_open_to_the_load_balancer_alone()\n"
    expected = '== {"10.20.0.0/24"}'
    assert text.count(expected) == 1
    assert run(text) == (0, "")
    code, error = run(text.replace(expected, '== {"0.0.0.0/0"}'))
    assert (code, error.splitlines()[-1]) == (1, "AssertionError")


def run(text):
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stderr

"""The programs of the pages: `make check` types each, and each runs on Pulumi's mocks."""

import subprocess
import sys

import pulumi
import pytest

from .pages import ROOT, pages

CHECKED = ROOT / "tests" / "typing" / "programs"
PROGRAMS = {path.stem: path.read_text(encoding="utf-8") for path in CHECKED.glob("*.py")}
ALONE = {"mocks"}
"""What brings mocks of its own."""


def test_each_of_them_is_on_a_page():
    marks = [block.mark for page in pages().values() for block in page.blocks if block.language == "python"]
    assert {mark.split()[-1] for mark in marks if "program " in mark} == PROGRAMS.keys()


@pytest.mark.parametrize("name", sorted(PROGRAMS.keys() - ALONE))
def test_it_runs(name, engine, home):
    @pulumi.runtime.test
    def program():
        exec(compile(PROGRAMS[name], name, "exec"), {"__name__": name})  # noqa: S102 - our own text

    program()
    assert "livekit:index:LiveKitFirewall" in {one.type for one in engine.requests}


def test_the_program_in_the_readme_opens_ssh_to_the_operators_alone(engine, home):
    made = engine.run(lambda: exec(PROGRAMS["readme"], {}))  # noqa: S102 - our own text
    rules = [one.inputs for (kind, _), one in made.items() if kind.endswith(":SecurityGroupIngressRule")]
    assert {rule.get("cidrIpv4") for rule in rules if rule["fromPort"] == 22} == {"203.0.113.0/24"}
    assert {rule.get("cidrIpv4") for rule in rules if rule["fromPort"] == 50000} == {"0.0.0.0/0", None}
    assert ("aws:ec2/instance:Instance", "node") in made


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

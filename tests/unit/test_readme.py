"""What the README shows is what the program does."""

import re
from pathlib import Path

import pulumi
import yaml

import reference
from livekit_firewall.deployment.derive import read_deployment
from livekit_firewall.inputs.stack_config import NAMESPACE
from livekit_firewall.reports.exposure.expose import expose

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def block(mark):
    """The fenced block that follows an HTML comment in the README."""
    return re.search(rf"<!-- {mark}[^>]*-->\n```\w+\n(.*?)```", README, re.DOTALL)[1]


def test_the_readme_shows_the_exposure_of_the_stack_local(monkeypatch):
    monkeypatch.chdir(ROOT)
    config = yaml.safe_load((ROOT / "stacks" / "Pulumi.local.yaml").read_text())["config"]
    given = {key.removeprefix(f"{NAMESPACE}:"): value for key, value in config.items()}
    deployment = read_deployment(given, ROOT, needs_target=True)
    assert block("exposure") == expose(deployment).text() + "\n"


def test_the_program_in_the_readme_runs_as_it_stands(engine, monkeypatch):
    monkeypatch.chdir(ROOT)

    @pulumi.runtime.test
    def program():
        exec(compile(block("embed"), "README.md", "exec"), {})  # noqa: S102 - our own text

    program()
    rules = [one for one in engine.requests if one.type == "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"]
    assert {one.object["cidrIpv4"] for one in rules if one.object.fields.get("cidrIpv4")} == {
        "0.0.0.0/0",
        "203.0.113.0/24",
    }
    assert [one.type for one in engine.requests].count("aws:ec2/instance:Instance") == 1


def test_the_program_in_the_readme_is_the_one_that_the_type_checkers_read():
    assert (ROOT / "tests" / "typing" / "readme_program.py").read_text() == block("embed")


def test_every_file_that_the_readme_links_to_exists():
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_configuration_reference_is_what_the_types_say():
    assert reference.PAGE.read_text() == reference.page()

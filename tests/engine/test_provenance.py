"""From what a console shows to the key behind it, on stacks that the real engine made: `explain --stack --rule`."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from livekit_firewall.deployment.derive import Deployment, read_deployment
from livekit_firewall.inputs.stack_config import arguments_from
from livekit_firewall.reports.explain.provenance import RuleStatus, trace
from livekit_firewall.reports.explain.stack_rules import read_state

from .accounts import furnish
from .project import ROOT, Deploy, Project

pytestmark = pytest.mark.needs("pulumi")


def explain(project: Project, rule: str, *more: str) -> tuple[int, str, str]:
    """The command as a user runs it, who has the same Pulumi."""
    done = subprocess.run(
        [sys.executable, "-m", "livekit_firewall.cli", "explain", "--stack", project.stack, "--rule", rule, *more],
        cwd=project.folder,
        env={**project.environment, "PYTHONPATH": str(ROOT / "components")},
        check=False,
        text=True,
        timeout=120,
        capture_output=True,
    )
    return done.returncode, done.stdout, done.stderr


def exported(project: Project) -> str:
    return project.run("stack", "export", "--stack", project.stack).output


def deployment_of(project: Project) -> Deployment:
    """As the command reads it: Pulumi has written the stack's file anew, and a switch in it is a text now."""
    return read_deployment(arguments_from(project.config()), project.folder)


def made(project: Project, token: str, part: str) -> dict[str, Any]:
    """The resource of that type whose logical name holds that."""
    (one,) = [found for found in project.resources()[token] if part in found["urn"]]
    return one


AWS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
GOOGLE = "gcp:compute/firewall:Firewall"
OCEAN = "digitalocean:index/firewall:Firewall"
AZURE = "azure-native:network:NetworkSecurityGroup"
FILE = "pulumi-python:dynamic/livekit:RulesetFile"

SHOWN = {
    # stack: type and part of the logical name, what a console shows of it, the service and key behind it
    "aws-example": (AWS, "-aws-udp-3478-any-ipv6", "{id}", [("turn-udp", "turn.udp_port")]),
    "gcp-example": (GOOGLE, "-operators-ipv4", "{name}", [("ssh", "operators.ssh_port")]),
    "digitalocean-example": (
        OCEAN,
        "-firewall",
        "{id} inbound udp 50000-60000",
        [("ice-udp", "port_range_start, port_range_end")],
    ),
    "azure-example": (
        AZURE,
        "-network-security-group",
        "{id}/securityRules/sip-rtp-udp-ipv4",
        [("sip-rtp", "sip.rtp_port")],
    ),
    "local": (FILE, "-ruleset", "TURN/UDP: turn.udp_port", [("turn-udp", "turn.udp_port")]),
}


@pytest.mark.parametrize("stack", SHOWN)
def test_a_rule_is_traced_from_its_id_to_its_key(stack: str, deploy: Deploy, amazon: Any) -> None:
    """In one test per stack, since making it is what takes long."""
    project = deploy(stack)
    furnish(project, amazon)
    project.up()
    token, part, shown, behind = SHOWN[stack]
    one = made(project, token, part)
    asked = shown.format(id=one["id"], name=one["inputs"].get("name"))

    code, out, err = explain(project, asked, "--json")
    assert code == 0, err
    (found,) = json.loads(out)["state"]
    assert (found["standing"], found["type"], found["id"]) == ("needed", token, one["id"])
    assert [(rule["service"], rule["key"]) for rule in found["rules"]] == behind

    state = read_state(exported(project), "the export")
    deployment = deployment_of(project)
    answers = [trace(deployment, state, rule.names[0]) for rule in state.rules if rule.native]
    standings = {traced.standing for answer in answers for traced in answer.found}
    assert standings == {RuleStatus.NEEDED, RuleStatus.BASELINE}
    assert {rule for answer in answers for rule in answer.rules} == set(deployment.rules.ingress)
    for traced in (traced for answer in answers for traced in answer.found if traced.held.native):
        for rule in traced.rules if token in (AWS, GOOGLE, AZURE) else ():
            told = traced.held.resource.inputs.get("description") or traced.held.native.description  # type: ignore[union-attr]
            assert rule.service.label in told
            assert all(reason.key in told for reason in rule.reasons)


def test_what_the_configuration_does_not_need_any_more_is_reported_and_what_is_not_there_is_not(
    deploy: Deploy, amazon: Any
) -> None:
    project = deploy("aws-example")
    furnish(project, amazon)
    project.up()
    media = made(project, AWS, "-aws-udp-50000-60000-any-ipv4")["id"]
    project.configure({"port_range_start": 50000, "port_range_end": 59000})

    code, out, _ = explain(project, media)
    assert code == 0
    assert out.splitlines()[0] == media
    assert out.splitlines()[-1] == "  the stack's state has it, this configuration does not need it any more"

    code, out, _ = explain(project, "sgr-ffffffffffffffffff")
    assert (code, out) == (1, "no rule of this configuration has that name; nor is one in the stack's state\n")


def test_a_stack_that_was_never_made_is_reported_in_one_message(deploy: Deploy) -> None:
    project = deploy("local")
    project.run("stack", "rm", "local", "--yes", "--preserve-config")
    code, out, err = explain(project, "sgr-0a1b2c")
    assert (code, out) == (2, "")
    (message,) = [line for line in err.splitlines() if line.startswith("livekit-firewall:")]
    assert message == (
        "livekit-firewall: the state of local: pulumi stack export: no stack named 'local' found; see pulumi stack ls "
        "for the stacks there are; pulumi up makes this one, or give the state itself: pulumi stack export > "
        "state.json, then --state state.json"
    )

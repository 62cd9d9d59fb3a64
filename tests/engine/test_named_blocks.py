"""Blocks that are outputs, on the real engine: in the first preview, changed, and refused before anything is sent.

Amazon stands for every platform: what is judged, when, and what waits for it is the same on all.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml

from livekit_firewall.model.services import Service
from livekit_firewall.reports.review import review_texts

from .admitted import by_amazon
from .fakes.ec2 import INGRESS
from .fakes.wire import UNKNOWN
from .project import Deploy, Project, Run

SECRET = "[secret]"
OFFICE = "192.0.2.0/24"
BEFORE = {
    "load_balancer": {"cidrs": {"nlb-a": {"output": "10.0.1.0/24"}, "office": OFFICE}},
    "operators": {"cidrs": {"vpn": {"secret": "198.51.100.0/24"}}},
    "cluster": {"cidrs": {"nodes": {"output": "2001:DB8:1::/48"}}},
    "host": {"path": "host.nft"},
}
AFTER = {**BEFORE, "load_balancer": {"cidrs": {"nlb-a": {"output": "10.0.2.0/24"}, "office": {"output": OFFICE}}}}


@pytest.fixture(scope="module")
def peers(amazon: Any) -> list[dict[str, Any]]:
    """The target, twice, with another group and another list under the same names."""
    words = {"AddressFamily": "IPv4", "MaxEntries": 3}
    return [
        {
            "security_groups": {
                "operators": {
                    "bastion": amazon.create_security_group(GroupName=f"bastion-{one}", Description="b")["GroupId"]
                }
            },
            "prefix_lists": {
                "operators": {
                    "vpn": {
                        "id": amazon.create_managed_prefix_list(PrefixListName=one, **words)["PrefixList"][
                            "PrefixListId"
                        ],
                        "max_entries": 3,
                    }
                }
            },
        }
        for one in ("a", "b")
    ]


WIDE = {
    "load_balancer": {
        "cidrs": {"nlb-a": {"output": "0.0.0.0/1"}, "nlb-b": {"output": "128.0.0.0/1"}, "office": OFFICE}
    },
    "operators": {"cidrs": {"vpn": {"secret": "0.0.0.0/0"}}},
    "prometheus": {"port": 6789},
    "cluster": {"cidrs": {"nodes": {"output": "::/0"}}, "services": ["redis"]},
    "host": {"path": "host.nft"},
}


def configure(project: Project, arguments: dict[str, Any]) -> None:
    file = project.stack_file
    document = yaml.safe_load(file.read_text(encoding="utf-8"))
    document["config"]["named:arguments"] = arguments
    file.write_text(yaml.safe_dump(document), encoding="utf-8")


def told(run: Run) -> list[str]:
    """What Pulumi prints at the end, the rows of the progress left out."""
    return [line.strip() for line in run.output.partition("Diagnostics:")[2].partition("Resources:")[0].splitlines()]


@pytest.fixture(scope="module")
def project(deploy: Deploy) -> Project:
    return deploy("dev", program="named")


def ids(target: dict[str, Any]) -> list[str]:
    return [target["security_groups"]["operators"]["bastion"], target["prefix_lists"]["operators"]["vpn"]["id"]]


def rules(project: Project, *methods: str) -> list[tuple[str, str]]:
    return [(one.method, one.name) for one in project.calls(*methods) if one.kind.endswith("Rule")]


def test_a_rule_is_in_the_first_preview_before_its_block_is_known(project: Project) -> None:
    configure(project, BEFORE)
    preview = project.preview_json()
    steps = {step["urn"].rpartition("::")[2]: step["newState"] for step in preview["steps"]}
    ends = {
        name.removeprefix("lk-aws-"): [one["inputs"].get(key) for key in ("cidrIpv4", "cidrIpv6", "ipProtocol")]
        for name, one in steps.items()
        if "-tcp-7880-" in name or "-tcp-22-" in name
    }
    assert ends == {
        "tcp-7880-cidrs.nlb-a": [UNKNOWN, UNKNOWN, "tcp"],
        "tcp-7880-cidrs.nodes": [UNKNOWN, UNKNOWN, "tcp"],
        "tcp-7880-192.0.2.0-24": [OFFICE, None, "tcp"],
        "tcp-22-cidrs.vpn": [SECRET, SECRET, "tcp"],
    }
    assert [steps["lk-host-ruleset"]["inputs"][key] for key in ("path", "content")] == ["host.nft", SECRET]
    review = review_texts([("preview.json", json.dumps(preview))])
    assert review.verdict == "wider"
    told_of = {(one.kind, one.service, *one.gained.names) for one in review.changes if one.gained}
    assert told_of >= {("added", Service.API, "vpc"), ("added", Service.SSH, "(a secret)"), ("may open", None)}


def test_blocks_that_may_not_be_stop_before_any_rule_on_their_ports_is_sent(deploy: Deploy) -> None:
    """One of them in two halves, one with a plain block beside it, one a secret."""
    project = deploy("dev", program="named", stays=False)  # what is printed is the language host's
    configure(project, WIDE)
    run = project.up(fails=True)
    lines = told(run)
    assert [line.partition(":")[0] for line in lines if line.startswith("- ")] == [
        "- load_balancer.cidrs", "- operators.cidrs.vpn", "- cluster.cidrs.nodes",
    ]  # fmt: skip
    title = "error: 'lk': 3 problems with blocks that are outputs, no rule on a port of theirs was written:"
    assert lines.count(title) == 1
    assert [line for line in lines if "error:" in line and "unhandled" not in line] == lines[3:4]
    assert not re.search("Traceback|<pulumi|[Oo]utput object|__str__", run.output)
    assert not re.search(r"operators\.cidrs.*0\.0\.0\.0", run.output)
    assert not [name for _, name in rules(project) if re.search("-(7880|22|6379|6789)-", name)]
    assert not (project.folder / "host.nft").exists()


def test_what_is_known_is_written_in_its_family_and_a_secret_stays_one(
    project: Project, amazon: Any, peers: list[dict[str, Any]]
) -> None:
    configure(project, {**BEFORE, "aws": peers[0]})
    run = project.up()
    assert {line for line in by_amazon(project, amazon) if re.match("in tcp (7880|22) ", line)} == {
        "in tcp 7880 10.0.1.0/24", "in tcp 7880 192.0.2.0/24", "in tcp 7880 2001:db8:1::/48",
        "in tcp 22 198.51.100.0/24", *(f"in tcp 22 {one}" for one in ids(peers[0])),
    }  # fmt: skip
    ruleset = (project.folder / "host.nft").read_text(encoding="utf-8")
    blocks = ("10.0.1.0/24", OFFICE, "2001:db8:1::/48", "198.51.100.0/24")
    assert [block in ruleset for block in blocks] == [True] * len(blocks)
    assert "198.51.100" not in run.output
    assert "198.51.100" not in str(project.resources()), "without providers: one keeps this program's configuration"
    made = {
        one["urn"].rpartition("::lk-aws-")[2]: one for one in project.resources()[INGRESS] if "-7880-" in one["urn"]
    }
    on = {name: {urn.rpartition("::")[2] for urn in one["dependencies"]} for name, one in made.items()}
    group = "lk-aws-security-group"
    assert on == {
        "tcp-7880-cidrs.nlb-a": {"vpc", group},
        "tcp-7880-cidrs.nodes": {"vpc", group},
        "tcp-7880-192.0.2.0-24": {group},
    }
    assert isinstance(made["tcp-7880-cidrs.nlb-a"]["inputs"]["cidrIpv4"], str), "another block is the secret"


def test_another_source_is_another_rule_which_is_there_before_the_old_one_goes(
    project: Project, peers: list[dict[str, Any]]
) -> None:
    project.forget_calls()
    configure(project, {**AFTER, "aws": peers[1]})
    project.up()
    names = ["lk-aws-tcp-22-operators-bastion", "lk-aws-tcp-22-pl-operators-vpn", "lk-aws-tcp-7880-cidrs.nlb-a"]
    found = rules(project)  # without that of a plain block which is an output now
    assert sorted(found[:3]) == [("Create", name) for name in names]
    assert sorted(found[3:]) == [("Delete", name) for name in names]
    assert "10.0.2.0/24" in (project.folder / "host.nft").read_text(encoding="utf-8")
    project.forget_calls()
    configure(project, WIDE)
    assert "3 problems" in project.preview(fails=True).output
    assert rules(project) == []

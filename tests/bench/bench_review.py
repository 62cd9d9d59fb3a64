"""Speed of `review`, as medians of whole processes beside the floor of any command here: `make bench`.

Nothing here can fail for being slow; what was seen stands in docs/benchmarks.md. The aim of each group is
in its name.
"""

import json
import subprocess
import sys

import pytest

ROUNDS = {"rounds": 11, "warmup_rounds": 1}
GROUP = "aws:ec2/securityGroup:SecurityGroup"
RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"


def state(urn, token, inputs, group="", **more):
    depends = {"securityGroupId": [group]} if group else {}
    return {"urn": urn, "type": token, "custom": True, "inputs": inputs, "propertyDependencies": depends, **more}


def preview(stack, groups, rules):
    """Groups of 50 rules each of which every tenth changes, one in twenty of them to more ports."""
    steps = []
    for number in range(groups):
        group = f"urn:pulumi:{stack}::media::{GROUP}::group{number}"
        old = state(group, GROUP, {"vpcId": "vpc-1"}, id=f"sg-{number}")
        steps.append({"op": "same", "urn": group, "oldState": old, "newState": state(group, GROUP, {"vpcId": "vpc-1"})})
        for rule in range(rules // groups):
            urn = f"urn:pulumi:{stack}::media::{RULE}::rule{number}-{rule}"
            inputs = {"ipProtocol": "udp", "fromPort": 10_000 + rule * 20, "toPort": 10_009 + rule * 20,
                      "cidrIpv4": f"10.{number}.{rule}.0/24", "securityGroupId": f"sg-{number}",
                      "description": "ICE/UDP: port_range_start, port_range_end"}  # fmt: skip
            new = {**inputs, "toPort": inputs["toPort"] + (rule % 20 == 0), "tags": {"a": str(rule % 10 == 0)}}
            op = "update" if rule % 10 == 0 else "same"
            steps.append({
                "op": op, "urn": urn, "oldState": state(urn, RULE, inputs, group, id=f"sgr-{number}-{rule}"),
                "newState": state(urn, RULE, new if op == "update" else inputs, group),
                "diffReasons": ["toPort", "tags"] if op == "update" else None, "detailedDiff": None,
            })  # fmt: skip
    return json.dumps({"config": {}, "steps": steps, "changeSummary": {"same": 1, "update": 1}}, indent=2)


def command(*arguments):
    return subprocess.run([sys.executable, *arguments], check=True, capture_output=True, text=True).stdout


REVIEW = ("-m", "livekit_firewall.cli", "review")


@pytest.mark.benchmark(group="a preview of 1,000 rules, whole process: under 0.5 s")
class BenchOnePreview:
    @pytest.mark.parametrize("form", ["markdown", "json"])
    def bench_review(self, benchmark, tmp_path, form):
        (tmp_path / "p.json").write_text(preview("dev", 20, 1000))
        run = lambda: command(*REVIEW, str(tmp_path / "p.json"), "--format", form)  # noqa: E731
        assert "wider" in benchmark.pedantic(run, **ROUNDS)

    def bench_four_groups(self, benchmark, tmp_path):
        (tmp_path / "p.json").write_text(preview("dev", 4, 1000))
        assert benchmark.pedantic(lambda: command(*REVIEW, str(tmp_path / "p.json")), **ROUNDS).startswith("wider")

    def bench_floor_python(self, benchmark):
        benchmark.pedantic(lambda: command("-c", "pass"), **ROUNDS)

    def bench_floor_click(self, benchmark):
        benchmark.pedantic(lambda: command("-c", "import click, msgspec, json, ipaddress"), **ROUNDS)


@pytest.mark.benchmark(group="100 stacks of 50 rules, whole process: under 2 s")
class BenchManyStacks:
    def bench_review(self, benchmark, tmp_path):
        files = [tmp_path / f"{number}.json" for number in range(100)]
        for file in files:
            file.write_text(preview(file.stem, 1, 50))
        run = lambda: command(*REVIEW, *map(str, files), "--limit", "65536")  # noqa: E731
        assert benchmark.pedantic(run, rounds=5, warmup_rounds=1).startswith("wider")

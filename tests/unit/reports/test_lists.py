"""What the reports besides `review` list, they list whole, or say how much they leave out; the JSON has all."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livekit_firewall.cli.group import main
from livekit_firewall.deployment.derive import read_deployment
from livekit_firewall.effective.wording import people
from livekit_firewall.reports.exposure.expose import expose
from livekit_firewall.reports.exposure.page import html
from livekit_firewall.reports.exposure.picture import mermaid_of
from tests.unit.strategies import few_examples

NUMBERS = st.integers(1, 60)


def told(listed: str, shape: str) -> int:
    """How many a list tells of: those that it names, and those that it counts."""
    more = re.search(r"and ([\d,]+) more", listed)
    return len(re.findall(shape, listed)) + (int(more[1].replace(",", "")) if more else 0)


def blocks(number: int) -> list[str]:
    return [f"10.0.{2 * place}.0/24" for place in range(number)]


@few_examples
@given(NUMBERS, st.booleans())
def test_sources_in_words(number: int, is_long: bool) -> None:
    given_ = tuple(f"2001:db8:1111:2222:3333:4444:{place:x}:0/112" if is_long else block
                   for place, block in enumerate(blocks(number), start=1))  # fmt: skip
    assert told(people(given_), r"[\w:.]+/\d+") == number


class TestExposure:
    @few_examples
    @given(NUMBERS)
    def test_of_who_reaches_a_service(self, number: int) -> None:
        deployment = read_deployment({"operators": {"cidrs": blocks(number)}, "livekit": False, "https": True}, Path())
        exposed = expose(deployment)
        line = next(line for line in exposed.text().splitlines() if line.startswith("  SSH "))
        assert told(line, r"10\.0\.\d+\.0/24") == number
        (ssh,) = (one for one in exposed.as_json()["reachable"] if one["service"] == "ssh")
        assert len(ssh["peers"]) == number
        source = next(line for line in mermaid_of(deployment).split("])") if "operators" in line)
        assert told(source, r"10\.0\.\d+\.0/24") == number
        page = html(exposed, deployment.rules)
        assert {block for block in blocks(number) if block in page} == set(blocks(number))


def rules_of_aws(number: int) -> dict[str, Any]:
    """Rules that all admit one packet, by blocks that hold each other."""
    return {"SecurityGroupRules": [
        {"SecurityGroupRuleId": f"sgr-{place}", "GroupId": "sg-1", "IsEgress": False, "IpProtocol": "tcp",
         "FromPort": 6379, "ToPort": 6379 + place, "CidrIpv4": "203.0.113.0/24"}
        for place in range(number)
    ]}  # fmt: skip


@few_examples
@given(NUMBERS)
def test_compare_names_some_of_the_rules_that_admit_a_packet_and_counts_the_others(number: int) -> None:
    from livekit_firewall.deployment.derive import read_deployment
    from livekit_firewall.effective.evaluate import Selection
    from livekit_firewall.platforms.aws.from_cli import read
    from livekit_firewall.reports.compare.differences import compare, required_access

    found = read(rules_of_aws(number), Selection())
    compared = compare(required_access(read_deployment({"https": True}, Path()), "aws", found), found)
    (first, *_) = (one for one in compared.superfluous if one.ports.first == 6379)
    assert len(first.by) == number
    line = next(line for line in compared.text().splitlines() if line.startswith("  tcp/6379"))
    assert told(line, r"sgr-\d+") == number


def printed(capsys: pytest.CaptureFixture[str], command: str) -> str:
    with pytest.raises(SystemExit):
        main(command.split())
    return capsys.readouterr().out


def test_commands_list_every_row(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: Any) -> None:
    """`ports`, `rules` and `lint` shorten nothing."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "livekit.yaml").write_text("".join(f"key_{place}: 1\n" for place in range(60)) + "port: 7880\n")
    named = " ".join(f"--operator {block}" for block in blocks(50))
    rules = printed(capsys, f"rules --livekit livekit.yaml {named}")
    assert set(re.findall(r"10\.0\.\d+\.0/24", rules)) == set(blocks(50))
    data = json.loads(printed(capsys, "ports --livekit livekit.yaml --json"))["ports"]
    assert len(printed(capsys, "ports --livekit livekit.yaml").splitlines()) == len(data) + 1
    for form in ("text", "json", "sarif"):
        found = set(re.findall(r"key_\d+", printed(capsys, f"lint --livekit livekit.yaml --format {form}")))
        assert len(found) == 60, form


def test_a_question_names_every_rule_of_each_platform(capsys: pytest.CaptureFixture[str]) -> None:
    named = " ".join(f"--operator {block}" for block in blocks(30))
    shown = printed(capsys, f"explain 10.0.0.0/8 22/tcp --https {named}")
    asked = json.loads(printed(capsys, f"explain 10.0.0.0/8 22/tcp --https {named} --json"))
    for platform, names in asked["platforms"].items():
        assert all(name in shown for name in names), platform
    assert len(asked["rules"]) == 30
    assert len(re.findall(r"SSH on tcp/22 from 10\.0\.\d+\.0/24", shown)) == 30

"""The page of many stacks as a text: what it says of each, nothing loaded, no foreign text as markup, and its size."""

from __future__ import annotations

import json
import re
from datetime import datetime, timezone
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from livekit_firewall.deployment.derive import read_deployment
from livekit_firewall.reports.exposure.expose import expose
from livekit_firewall.reports.exposure.fleet import FleetStack
from livekit_firewall.reports.exposure.origin import Origin
from livekit_firewall.reports.exposure.page import fleet_html

from .test_page import HOSTILE, Read

AWS: dict[str, Any] = {"aws": {"vpc_id": "vpc-1"}, "operators": {"cidrs": ["203.0.113.0/28"]}}
HOST: dict[str, Any] = {"host": {}, "https": True, "operators": {"cidrs": ["0.0.0.0/0"]}}


def stack(name: str, given: dict[str, Any]) -> FleetStack:
    deployment = read_deployment(given, Path())
    return FleetStack(name, deployment, expose(deployment, origin=Origin(f"stack {name}", ("livekit.yaml",))))


def page_of(*stacks: FleetStack) -> str:
    return fleet_html(stacks, Origin("project calls", (), datetime(2026, 1, 1, tzinfo=timezone.utc)))


def rows(page: str) -> list[list[str]]:
    """The cells of the table of stacks, as texts."""
    table = re.search(r'<table id="fleet".*?</table>', page, re.DOTALL)
    assert table
    found = re.findall(r"<tr role=\"row\" data-stack.*?</tr>", table[0], re.DOTALL)
    cells = [re.findall(r"<t[hd] .*?</t[hd]>", row, re.DOTALL) for row in found]
    return [[" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in row] for row in cells]


def test_a_row_has_platforms_services_who_is_open_to_the_world_and_findings() -> None:
    page = page_of(
        stack("aws", AWS),
        stack("both", {**HOST, **AWS}),
        stack("host", HOST),
        stack("nobody", {"livekit": False}),
        FleetStack("gone", problems=("it is gone",)),
        stack("host-alone", {"host": {}, "livekit": False}),
    )
    assert rows(page) == [
        ["aws", "AWS", "ICE/UDP, ICE/TCP, SSH", "ICE/UDP udp/50000-60000 ICE/TCP tcp/7881", "1 warning"],
        [
            "both",
            "AWS , the host",
            "HTTPS, HTTP, ICE/UDP, ICE/TCP, SSH",
            "HTTPS tcp/443 HTTP tcp/80 ICE/UDP udp/50000-60000 ICE/TCP tcp/7881",
            "none",
        ],
        [
            "host",
            "the host",
            "HTTPS, HTTP, ICE/UDP, ICE/TCP, SSH",
            "HTTPS tcp/443 HTTP tcp/80 ICE/UDP udp/50000-60000 ICE/TCP tcp/7881 SSH tcp/22",
            "1 warning",
        ],
        ["nobody", "none named", "none reached", "nothing", "none"],
        ["gone", "could not be read"],
        ["host-alone", "the host", "none reached", "SSH besides the rules", "none"],
    ]
    assert "<h1>6 stacks, 2 with errors or warnings, 1 could not be read</h1>" in page
    assert "Open to the internet: ICE/TCP in 3, ICE/UDP in 3, HTTP in 2, HTTPS in 2, SSH in 2.</p>" in page


def test_what_is_asked_is_judged_by_the_rules_of_each_stack() -> None:
    known = json.loads(
        Read(page_of(stack("aws", AWS), FleetStack("gone", problems=("x",)))).texts["script application/json"]
    )
    one, gone = known["stacks"]
    assert [one["name"], gone] == ["aws", {"at": "stack-2", "name": "gone", "known": None}]
    assert [(rule["service"], rule["peer"]) for rule in one["known"]["rules"] if rule["first"] == 22] == [
        ("SSH", "203.0.113.0/28")
    ]


def test_every_link_leads_to_something_and_every_id_is_there_once() -> None:
    tags = Read(page_of(stack("a", AWS), stack("b", HOST), FleetStack("c", problems=("x",)))).tags
    ids = [given["id"] for _, given in tags if "id" in given]
    assert len(ids) == len(set(ids))
    named = [given[key] for _, given in tags for key in ("href", "for", "aria-labelledby", "list") if key in given]
    described = [one for _, given in tags for one in (given.get("aria-describedby") or "").split()]
    assert {str(one).removeprefix("#") for one in [*named, *described]} <= set(ids)
    assert not {tag for tag, _ in tags} & {"link", "img", "iframe", "object", "embed", "base"}


def named(text: str) -> Read:
    """A page with this text as the name of a stack that can be read, of one that cannot, and as what is wrong."""
    return Read(fleet_html([stack(text, AWS), FleetStack(text, problems=(text,))], Origin(f"project {text}", (text,))))


@cache
def harmless() -> Read:
    return named("QQQ")


@pytest.mark.parametrize("text", [*HOSTILE, "</h3></summary></details>", "a" * 5000, "\x1b[31m", "#stack-1"])
def test_a_hostile_name_stays_a_name(text: str) -> None:
    found = named(text)
    assert found.tags == harmless().tags
    known = json.loads(found.texts["script application/json"])
    said = text if text.isprintable() else text.encode("unicode_escape").decode()
    assert [one["name"] for one in known["stacks"]] == [said if len(said) < 2000 else f"{said[:1997]}..."] * 2
    assert all(one.isprintable() for told in found.texts.values() for one in told.splitlines())


def test_a_page_of_200_stacks_is_of_bounded_size() -> None:
    one, many = (page_of(*(stack(f"node-{n}", AWS) for n in range(count))) for count in (1, 200))
    assert len(rows(many)) == 200
    assert (len(many) - len(one)) / 199 < 8_000

"""Firewalls under another name or parent, on all five platforms at once: what an alias keeps, and what goes without
one. And what `protect` and `retain_on_delete` keep.

Pulumi passes the aliases of a component on to children whose name begins with the component's. A cloud takes no such
name where the component's has a capital, a space, an underscore or too many characters.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from livekit_firewall.host.standalone.mark import bare
from livekit_firewall.platforms.registry import PLATFORMS
from tests import targets

from .accounts import furnish
from .admitted import by_azure, by_digitalocean, by_google, by_hetzner, of_group
from .fakes.aws import GROUP
from .fakes.ec2 import group_exists
from .project import Deploy, Project

pytestmark = pytest.mark.needs("pulumi", "moto")

TARGETS: dict[str, Any] = {cloud: targets.TARGETS[cloud] for cloud in targets.CLOUDS}
CLOUDS = {one.package for one in PLATFORMS if one.sdk}
ONE_FIREWALL = (by_digitalocean, by_azure, by_hetzner)
"""What stays as a whole, its rules inside."""

FEW = {"udp_port": 7882, "ipv6": False}
WHOLE = {**FEW, **TARGETS, "host": {"path": "host.nft"}}
WITHOUT_AWS = {**FEW, **{key: value for key, value in TARGETS.items() if key != "aws"}}
LONG = "livekit-" + "x" * 72
"""80 characters."""
DROPPED = "not for the rules, since an edit must be able to take one away: pulumi destroy removes every rule"


def give(project: Project, *firewalls: dict[str, Any], parents: tuple[dict[str, Any], ...] = ()) -> None:
    listed = {"parents": parents, "firewalls": firewalls}
    (project.folder / "components.json").write_text(json.dumps(listed), encoding="utf-8")


def refused(project: Project) -> list[str]:
    return [call.refused for call in project.calls() if call.refused]


@pytest.fixture
def project(deploy: Deploy, amazon: Any) -> Project:
    made = deploy("dev", program="renamed")
    furnish(made, amazon, TARGETS)
    return made


def changed(project: Project) -> list[tuple[str, str]]:
    """What the next `up` calls, as (method, name), but for the tag of AWS groups that is the component's name."""
    project.forget_calls()
    project.up()
    assert refused(project) == []
    return [(call.method, call.name) for call in project.calls() if (call.method, call.type) != ("Update", GROUP)]


def ids(project: Project) -> list[str]:
    return sorted(one["id"] for several in project.resources().values() for one in several if "id" in one)


ROOT = {"root": True}
LIVES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "to a lawful name": ({"name": "with space"}, {"name": "firewall", "aliases": [{"name": "with space"}]}),
    "to what the clouds made of it": ({"name": "a_b"}, {"name": "a-b", "aliases": [{"name": "a_b"}]}),
    "to a long name": ({"name": "plain"}, {"name": LONG, "aliases": [{"name": "plain"}]}),
    "under a parent": ({"name": "Capital"}, {"name": "Capital", "parent": "room_1", "aliases": [ROOT]}),
    "and renamed": ({"name": LONG[1:]}, {"name": "new", "parent": "room_1", "aliases": [{"name": LONG[1:], **ROOT}]}),
    "with its parent": ({"name": "media", "parent": "media"}, {"name": "room_1", "parent": "room_1"}),
    "with a longer name": ({"name": "media_Lk", "parent": "media"}, {"name": "room_1_Lk", "parent": "room_1"}),
}  # fmt: skip
"""What each firewall is called first and then. The parent `media` becomes `room_1`, by an alias of its own."""


def test_an_alias_keeps_every_resource(project: Project) -> None:
    args = [WHOLE, *[WITHOUT_AWS] * (len(LIVES) - 1)]
    before, after = (
        [{**names[step], "args": each} for names, each in zip(LIVES.values(), args, strict=True)] for step in (0, 1)
    )
    give(project, *before, parents=({"name": "media"},))
    project.up()
    made = ids(project)
    assert {call.cloud for call in project.calls("Create")} == CLOUDS
    give(project, *after, parents=({"name": "room_1", "aliases": [{"name": "media"}]},))
    assert (changed(project), ids(project)) == ([], made)


def test_without_one_the_new_is_there_before_the_old_goes(project: Project) -> None:
    """One firewall is renamed, one moves under a parent: all clouds create first, and the file of the host stays."""
    give(project, {"name": "Old name", "args": WHOLE}, {"name": "other", "args": WITHOUT_AWS})
    project.up()
    made = project.calls()
    text = bare((project.folder / "host.nft").read_text(encoding="utf-8"))
    admitted = by_google(project), by_digitalocean(project), by_azure(project), by_hetzner(project)
    parents = ({"name": "media"},)
    give(
        project, {"name": "new_name", "args": WHOLE}, {"name": "other", "args": WITHOUT_AWS, "parent": "media"},
        parents=parents,
    )  # fmt: skip
    project.forget_calls()
    project.up()
    calls = project.calls()
    assert refused(project) == []
    assert [call.method for call in calls] == ["Create"] * len(made) + ["Delete"] * len(made)
    assert {call.id for call in calls if call.method == "Delete"} == {call.id for call in made}
    assert {call.cloud for call in calls} == CLOUDS
    assert (by_google(project), by_digitalocean(project), by_azure(project), by_hetzner(project)) == admitted
    assert bare((project.folder / "host.nft").read_text(encoding="utf-8")) == text


def test_rules_in_a_group_that_was_there_need_an_alias(project: Project, amazon: Any) -> None:
    """AWS takes no second rule of the same ports and source: nothing is lost, and the old name is the way back."""
    group = "sg-00000000000000aaa"
    args = {**FEW, "aws": {"security_group_id": group}}
    furnish(project, amazon, args)
    give(project, {"name": "old_name", "args": args})
    project.up()
    admitted, before = of_group(amazon, group), ids(project)
    give(project, {"name": "new_name", "args": args})
    assert "InvalidPermission.Duplicate" in project.up(fails=True).output
    assert of_group(amazon, group) == admitted
    give(project, {"name": "old_name", "args": args})
    project.up()
    assert (of_group(amazon, group), ids(project)) == (admitted, before)
    give(project, {"name": "new_name", "args": args, "aliases": [{"name": "old_name"}]})
    assert (changed(project), ids(project)) == ([], before)


def test_options_that_keep_a_firewall_do_not_keep_its_rules(project: Project, amazon: Any) -> None:
    """An edit goes through under `protect`, and what it takes away is gone under `retain_on_delete`."""
    kept = {"protect": True, "retain_on_delete": True}
    give(project, {"name": "lk", "args": {**WHOLE, "operators": {"cidrs": ["203.0.113.0/24"]}}, "options": kept})
    told = [one["message"] for one in project.preview_json()["diagnostics"] if DROPPED in one["message"]]
    said = f"warning: protect and retain_on_delete: {DROPPED}"
    ends = (" (docs/removing.md)\n", ", and the security group stays without any (docs/removing.md)\n")
    assert sorted(told) == [said + end for end in ends]
    assert DROPPED not in project.up().output
    group = project.resources()[GROUP][0]["id"]

    narrower = {**WHOLE, "udp_port": None, "port_range_start": 50000, "port_range_end": 50100}
    give(project, {"name": "lk", "args": narrower, "options": kept})
    project.up()
    for lines in (of_group(amazon, group), *(admitted(project) for admitted in (*ONE_FIREWALL, by_google))):
        assert [line for line in lines if "udp 7882" in line or "tcp 22" in line] == []
        assert len([line for line in lines if "in udp 50000-50100 0.0.0.0/0" in line]) == 1

    project.forget_calls()
    assert "cannot be deleted" in project.destroy(fails=True).output
    assert {call.cloud for call in project.calls()} == {"aws", "gcp"}
    assert (of_group(amazon, group), by_google(project)) == (set(), set())
    assert all("in udp 50000-50100 0.0.0.0/0" in lines for lines in (admitted(project) for admitted in ONE_FIREWALL))

    project.run("state", "unprotect", "--all", "--yes")
    project.destroy()
    assert project.resources() == {}
    assert group_exists(amazon, group)
    assert all("in udp 50000-50100 0.0.0.0/0" in lines for lines in (admitted(project) for admitted in ONE_FIREWALL))
    assert (project.folder / "host.nft").exists()

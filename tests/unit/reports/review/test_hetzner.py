"""Hetzner Cloud's firewalls in previews: what applies them, and the updates that the provider carries out otherwise."""

from __future__ import annotations

from typing import Any

import pytest

from .plans import UNKNOWN, plan, step, urn
from .programs import HETZNER, HETZNER_ATTACHMENT, HETZNER_SERVER
from .test_updates import ids, part

BOTH = ["0.0.0.0/0", "::/0"]


def rule(port: str | None, *blocks: str, protocol: str = "tcp", **more: Any) -> dict[str, Any]:
    return {"direction": "in", "protocol": protocol, "port": port, "sourceIps": [*blocks] or BOTH, **more}


WEB, SSH = rule("443"), rule("22", "203.0.113.0/24")
APP = {"labelSelector": "app=lk"}
WALL: dict[str, Any] = {"name": "wall", "rules": [WEB, SSH], "applyTos": [APP]}
LOOSE = rule("8443", "192.0.2.7")
"""A block that is not as the provider keeps it."""


def update(before: dict[str, Any], after: dict[str, Any], *diffs: str) -> dict[str, Any]:
    return step("update", HETZNER, "wall", before, after, read=before, diffs=diffs, id_="7")


def same(token: str, name: str, inputs: dict[str, Any], id_: str) -> dict[str, Any]:
    return step("same", token, name, inputs, read=inputs, id_=id_)


def made(token: str, name: str, inputs: dict[str, Any], **more: Any) -> dict[str, Any]:
    return step("create", token, name, None, inputs, **more)


def lines(found: dict[str, Any]) -> set[str]:
    return {
        f"{one['kind']} {one['direction']} {ports} {one['firewalls'][0]}"
        for one in found["changes"]
        for ports in one["ports"]
    }


def texts(found: dict[str, Any], risk: str) -> list[str]:
    return [one["text"] for one in found["risks"] if one["id"] == risk]


class TestAnUpdate:
    def test_puts_the_whole_list_in_place(self):
        found = part(plan(update(WALL, {**WALL, "rules": [rule("80-443"), SSH]}, "rules")))
        assert found["verdict"] == "wider"
        assert ids(found) == set()

    def test_does_not_remove_the_last_rule(self):
        found = part(plan(update(WALL, {**WALL, "rules": []}, "rules")))
        assert found["verdict"] == "no change"
        assert texts(found, "kept-open") == ["in tcp 443, in tcp 22 stays, though the program no longer names it"]

    @pytest.mark.parametrize("changed", [{"name": "other"}, {"labels": {"a": "b"}}, {"applyTos": [APP, {"server": 3}]}])
    def test_of_something_else_loses_rules_with_blocks_that_are_not_canonical(self, changed):
        wall = {**WALL, "rules": [WEB, LOOSE]}
        there = {**wall, "rules": [WEB, rule("8443", "192.0.2.7/32")]}
        (field,) = changed
        one = step("update", HETZNER, "wall", wall, {**wall, **changed}, read=there, diffs=[field], id_="7")
        found = part(plan(one))
        assert any("wall loses its rules for 192.0.2.7" in note for note in found["notes"])
        assert any(one["kind"] == "removed" and "8443" in str(one) for one in found["changes"])

    def test_of_rules_may_lose_those(self):
        found = part(plan(update({**WALL, "rules": [WEB, LOOSE]}, {**WALL, "rules": [WEB, SSH, LOOSE]}, "rules")))
        assert any("the provider may lose its rules for 192.0.2.7" in one for one in found["unclear"])

    def test_keeps_what_the_program_no_longer_says_it_is_applied_to(self):
        wall = {key: value for key, value in WALL.items() if key != "applyTos"}
        found = part(plan(step("update", HETZNER, "wall", WALL, {**wall, "rules": [WEB]}, read=WALL, diffs=["rules"])))
        assert {one["firewalls"][0] for one in found["changes"]} == {"label app=lk"}
        assert "unprotected" not in ids(found)


REFUSED = {
    "a name that another has": [made(HETZNER, "b", WALL), same(HETZNER, "a", WALL, "7")],
    "a long name": [made(HETZNER, "a", {**WALL, "name": "x" * 129})],
    "no ports": [made(HETZNER, "a", {**WALL, "rules": [rule("70000")]})],
    "reversed ports": [made(HETZNER, "a", {**WALL, "rules": [rule("60000-50000")]})],
    "ports as a list": [made(HETZNER, "a", {**WALL, "rules": [rule("22,23")]})],
    "tcp without a port": [made(HETZNER, "a", {**WALL, "rules": [rule(None)]})],
    "icmp with a port": [made(HETZNER, "a", {**WALL, "rules": [rule("8", protocol="icmp")]})],
    "no source": [made(HETZNER, "a", {**WALL, "rules": [{**WEB, "sourceIps": []}]})],
    "a destination": [made(HETZNER, "a", {**WALL, "rules": [{**WEB, "destinationIps": ["10.0.0.1/32"]}]})],
    "a long description": [made(HETZNER, "a", {**WALL, "rules": [{**WEB, "description": "x" * 256}]})],
}
TAKEN = {
    "every port": [made(HETZNER, "a", {**WALL, "rules": [rule("any")]})],
    "no port for icmp": [made(HETZNER, "a", {**WALL, "rules": [rule(None, protocol="icmp")]})],
    "out": [made(HETZNER, "a", {**WALL, "rules": [
        {"direction": "out", "protocol": "udp", "port": "53", "destinationIps": BOTH}]})],
    "what is not known": [made(HETZNER, "a", {**WALL, "rules": [{**WEB, "port": UNKNOWN}]})],
    "a name that goes": [made(HETZNER, "b", {**WALL, "name": "b"}), step("delete", HETZNER, "a", WALL)],
}  # fmt: skip


@pytest.mark.parametrize("name", [*REFUSED, *TAKEN])
def test_what_the_api_refuses_is_told(name):
    found = part(plan(*(REFUSED | TAKEN)[name]))
    assert bool(texts(found, "refused-half-way")) is (name in REFUSED), found["risks"]


def test_more_than_a_firewall_and_a_server_hold():
    rules = [rule(str(port)) for port in range(1, 52)]
    many = {**WALL, "rules": [*rules, rule("99", *(f"10.0.{n}.0/24" for n in range(101)))]}
    found = part(plan(made(HETZNER, "a", many)))
    assert sorted(texts(found, "quota")) == [
        f"{count}, and the platform allows {most} by default"
        for count, most in (("101 sources of one rule", 100), ("52 rules in one firewall", 50))
    ]
    several = [made(HETZNER, f"w{n}", {**WALL, "name": f"w{n}"}) for n in range(6)]
    assert texts(part(plan(*several)), "quota") == ["6 firewalls of one server, and the platform allows 5 by default"]


class TestWhatAppliesAFirewall:
    BARE = {key: value for key, value in WALL.items() if key != "applyTos"}  # noqa: RUF012

    def attached(self, name: str = "at", **more: Any) -> dict[str, Any]:
        depends = {"firewallId": [urn(HETZNER, "wall")]}
        return made(HETZNER_ATTACHMENT, name, {"firewallId": UNKNOWN, **more}, depends=depends)

    def test_may_be_an_attachment(self):
        found = part(plan(made(HETZNER, "wall", self.BARE), self.attached(serverIds=[3], labelSelectors=["a"])))
        assert {one for change in found["changes"] for one in change["firewalls"]} == {"server 3", "label a"}
        assert ids(found) == set()

    def test_may_be_a_server(self):
        server = made(
            HETZNER_SERVER, "node", {"firewallIds": [UNKNOWN]}, depends={"firewallIds": [urn(HETZNER, "wall")]}
        )
        found = part(plan(made(HETZNER, "wall", self.BARE), server))
        assert {one for change in found["changes"] for one in change["firewalls"]} == {"server node"}
        assert [one["name"] for one in found["attached"][0]["machines"]] == ["node"]

    def test_by_two_attachments_is_a_fight(self):
        found = part(
            plan(made(HETZNER, "wall", self.BARE), self.attached(serverIds=[3]), self.attached("b", serverIds=[4]))
        )
        assert texts(found, "lists-fight") == [
            "at, b and wall apply one firewall: each update takes off what the others apply, and those servers are open"
        ]

    def test_by_its_own_list_and_an_attachment_or_a_server_is_a_fight(self):
        server = made(
            HETZNER_SERVER, "node", {"firewallIds": [UNKNOWN]}, depends={"firewallIds": [urn(HETZNER, "wall")]}
        )
        for other in (self.attached(serverIds=[3]), server):
            found = part(plan(made(HETZNER, "wall", WALL), other))
            assert len(texts(found, "lists-fight")) == 1

    @pytest.mark.parametrize(
        ("server", "told"),
        [
            ({"firewallIds": [9]}, 1),
            ({"firewallIds": [9], "ignoreRemoteFirewallIds": True}, 0),
            ({"firewallIds": [7]}, 0),
            ({"firewallIds": []}, 0),
            ({}, 0),
        ],
    )
    @pytest.mark.parametrize("does", ["create", "update"])
    def test_by_a_label_beside_a_server_that_names_others_is_a_fight(self, server, told, does):
        node = {"labels": {"app": "lk"}, **server}
        given = {
            "create": step("create", HETZNER_SERVER, "node", None, node),
            "update": step("update", HETZNER_SERVER, "node", {**node, "image": "a"}, {**node, "image": "b"}, id_="3"),
        }[does]
        (wall,) = [same(HETZNER, "wall", {**WALL, "applyTos": [APP]}, "7")]
        text = (
            "node names its firewalls, and wall is applied to it by its label: an update of node tries to take wall "
            "off, and is refused"
        )
        found = [one for one in texts(part(plan(wall, given)), "lists-fight") if "by its label" in one]
        assert found == [text] * told

    def test_to_a_server_without_a_public_interface_is_refused(self):
        nets = {"publicNets": [{"ipv4Enabled": False, "ipv6Enabled": False}]}
        by_id = {**WALL, "applyTos": [{"server": UNKNOWN}]}
        for inputs, wall, told in (
            (nets, by_id, ["wall is applied to node, which has no public interface: it can have no firewall"]),
            ({"publicNets": [{"ipv4Enabled": False}]}, by_id, []),
            ({}, by_id, []),
            ({**nets, "labels": {"app": "lk"}}, WALL, []),
        ):
            depends = {"applyTos": [urn(HETZNER_SERVER, "node")]} if wall is by_id else {}
            found = part(plan(made(HETZNER_SERVER, "node", inputs), made(HETZNER, "wall", wall, depends=depends)))
            assert texts(found, "refused-half-way") == told

    def test_that_goes_leaves_the_servers_open(self):
        for steps in (
            [step("delete", HETZNER, "wall", WALL, id_="7")],
            [same(HETZNER, "wall", self.BARE, "7"),
             step("delete", HETZNER_ATTACHMENT, "at", {"firewallId": 7, "labelSelectors": ["app=lk"]}, id_="7")],
        ):  # fmt: skip
            found = part(plan(*steps))
            assert (found["verdict"], "unprotected" in ids(found)) == ("wider", True)


class TestEgress:
    def test_is_open_until_the_first_rule(self):
        out = {"direction": "out", "protocol": "tcp", "port": "443", "destinationIps": BOTH}
        found = part(plan(update(WALL, {**WALL, "rules": [WEB, SSH, out]}, "rules")))
        assert found["verdict"] == "narrower"
        assert {one["direction"] for one in found["changes"]} == {"egress"}
        assert (
            part(plan(update({**WALL, "rules": [WEB, out]}, {**WALL, "rules": [WEB]}, "rules")))["verdict"] == "wider"
        )


SELECTED = {
    "app=lk": ({"app": "lk"}, ["node"]),
    "app==lk,env=prod": ({"app": "lk", "env": "prod"}, ["node"]),
    "app": ({"app": ""}, ["node"]),
    "app=other": ({"app": "lk"}, []),
    "env=prod,app=lk": ({"app": "lk"}, []),
}


@pytest.mark.parametrize("selector", SELECTED)
def test_a_server_is_found_by_its_labels(selector):
    labels, machines = SELECTED[selector]
    wall = {**WALL, "applyTos": [{"labelSelector": selector}]}
    server = same(HETZNER_SERVER, "node", {"labels": labels}, "3")
    found = part(plan(server, made(HETZNER, "wall", wall)))
    assert [one["name"] for every in found["attached"] for one in every["machines"]] == machines


@pytest.mark.parametrize("selector", ["app!=lk", "!app", "app in (lk,web)"])
def test_a_selector_that_is_not_read_leaves_open_which_servers_it_is_for(selector):
    wall = {**WALL, "applyTos": [{"labelSelector": selector}]}
    found = part(plan(same(HETZNER_SERVER, "node", {"labels": {"app": "lk"}}, "3"), made(HETZNER, "wall", wall)))
    assert [one["is_whole"] for one in found["attached"]] == [False]

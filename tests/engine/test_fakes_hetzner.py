"""The fake of Hetzner Cloud refuses what the API refuses, and does as the provider does where that is another thing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .fakes import hetzner
from .fakes.store import CloudError, Store

WEB = {"direction": "in", "protocol": "tcp", "port": "443", "sourceIps": ["0.0.0.0/0", "::/0"]}
WALL = {"name": "wall", "rules": [WEB], "applyTos": [{"labelSelector": "app=lk"}]}
LOOSE = {**WEB, "port": "22", "sourceIps": ["192.0.2.7"]}


@pytest.fixture
def account(tmp_path: Path) -> hetzner.Account:
    return hetzner.Account(Store(tmp_path, "hcloud"), {})


def rules(account: hetzner.Account, id_: str) -> list[dict[str, Any]]:
    kept = account.store.get(hetzner.FIREWALL, id_)
    assert kept
    found: list[dict[str, Any]] = kept["rules"]
    return found


def applied(account: hetzner.Account, id_: str) -> list[dict[str, Any]]:
    kept = account.store.get(hetzner.FIREWALL, id_)
    assert kept
    found: list[dict[str, Any]] = kept["applyTos"]
    return found


REFUSED: dict[str, dict[str, Any]] = {
    "70000": {"port": "70000"}, "reversed": {"port": "2-1"}, "zero": {"port": "0"}, "a list": {"port": "22,23"},
    "a blank": {"port": " 22"}, "no port": {"port": None}, "a port of icmp": {"protocol": "icmp"},
    "no source": {"sourceIps": []}, "a destination": {"destinationIps": ["::/0"]},
    "101 sources": {"sourceIps": [f"10.0.{n}.0/24" for n in range(101)]}, "a long text": {"description": "x" * 256},
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_rule_that_the_plan_lets_pass_is_refused_by_the_api(account: hetzner.Account, name: str) -> None:
    wall = {**WALL, "rules": [{**WEB, **REFUSED[name]}]}
    assert hetzner.refusals(hetzner.FIREWALL, wall) == []
    with pytest.raises(CloudError, match="invalid_input"):
        account.create(hetzner.FIREWALL, wall)


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ("rules[0].direction", {"direction": "IN"}), ("rules[0].protocol", {"protocol": "TCP"}),
        ("rules[0].sourceIps[0]", {"sourceIps": ["10.0.0.1/24"]}), ("rules[0].port", {"port": 443}),
    ],
)  # fmt: skip
def test_the_plan_refuses_little(path: str, rule: dict[str, Any]) -> None:
    found = hetzner.refusals(hetzner.FIREWALL, {**WALL, "rules": [{**WEB, **rule}]})
    assert [where for where, _ in found] == [path]


def test_counts_names_and_servers_are_the_apis(account: hetzner.Account) -> None:
    id_, _ = account.create(hetzner.FIREWALL, WALL)
    with pytest.raises(CloudError, match="uniqueness_error"):
        account.create(hetzner.FIREWALL, WALL)
    many = [{**WEB, "port": str(port)} for port in range(1, 52)]
    with pytest.raises(CloudError, match="at most 50"):
        account.update(hetzner.FIREWALL, id_, WALL, {**WALL, "rules": many})
    wide = [{**WEB, "port": str(port), "sourceIps": [f"10.{port}.{n}.0/24" for n in range(84)]} for port in range(1, 7)]
    with pytest.raises(CloudError, match="500 effective"):
        account.update(hetzner.FIREWALL, id_, WALL, {**WALL, "rules": wide})
    with pytest.raises(CloudError, match="firewall_resource_not_found"):
        account.update(hetzner.FIREWALL, id_, WALL, {**WALL, "applyTos": [{"server": 7}]})
    assert rules(account, id_) == [WEB]


def test_the_last_rule_stays(account: hetzner.Account) -> None:
    id_, _ = account.create(hetzner.FIREWALL, WALL)
    account.update(hetzner.FIREWALL, id_, WALL, {**WALL, "rules": []})
    assert rules(account, id_) == [WEB]


def test_a_block_that_is_not_canonical_is_lost_with_another_change(account: hetzner.Account) -> None:
    wall = {**WALL, "rules": [WEB, LOOSE]}
    id_, _ = account.create(hetzner.FIREWALL, wall)
    account.update(hetzner.FIREWALL, id_, wall, {**wall, "labels": {"a": "b"}})
    assert rules(account, id_) == [WEB]


def test_what_the_program_leaves_out_stays(account: hetzner.Account) -> None:
    labelled = {**WALL, "labels": {"a": "b"}}
    id_, _ = account.create(hetzner.FIREWALL, labelled)
    account.update(hetzner.FIREWALL, id_, labelled, {"name": "wall", "rules": [WEB, {**WEB, "port": "80"}]})
    kept = account.store.get(hetzner.FIREWALL, id_)
    assert kept
    assert (kept["labels"], kept["applyTos"]) == ({"a": "b"}, WALL["applyTos"])


def test_two_attachments_of_one_firewall_take_off_what_the_other_applies(account: hetzner.Account) -> None:
    id_, _ = account.create(hetzner.FIREWALL, {"name": "bare", "rules": [WEB]})
    for server in ("7", "8"):
        account.store.put(hetzner.SERVER, server, {})
    one = {"firewallId": int(id_), "serverIds": [7]}
    account.create(hetzner.ATTACHMENT, one)
    account.create(hetzner.ATTACHMENT, {"firewallId": int(id_), "labelSelectors": ["a"]})
    assert applied(account, id_) == [{"server": 7}, {"labelSelector": "a"}]
    account.update(hetzner.ATTACHMENT, id_, one, {**one, "serverIds": [8]})
    assert applied(account, id_) == [{"server": 8}]


def test_an_attachment_of_a_server_that_is_gone_cannot_be_destroyed(account: hetzner.Account) -> None:
    id_, _ = account.create(hetzner.FIREWALL, {"name": "bare", "rules": [WEB]})
    account.store.put(hetzner.SERVER, "7", {})
    given = {"firewallId": int(id_), "serverIds": [7]}
    account.create(hetzner.ATTACHMENT, given)
    account.store.drop(hetzner.SERVER, "7")
    with pytest.raises(CloudError, match="firewall_resource_not_found"):
        account.delete(hetzner.ATTACHMENT, id_, given)

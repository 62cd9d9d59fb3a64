"""Whoever a platform names by its own means, a group, a list, a tag or an account, has no addresses here: of an address
it is not known whether it is one of them, on every platform and for every audience.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from livekit_firewall.deployment.derive import Deployment, read_deployment
from livekit_firewall.platforms.by_audience import Audiences
from livekit_firewall.platforms.registry import TARGETS as KINDS
from livekit_firewall.reports.explain.explain import explain, question
from livekit_firewall.reports.exposure.expose import expose
from tests.targets import TARGETS

ASG = "/subscriptions/0/resourceGroups/r/providers/Microsoft.Network/applicationSecurityGroups/bastion"
VALUES: dict[tuple[str, str], Any] = {
    ("aws", "security_groups"): "sg-0b",
    ("aws", "prefix_lists"): {"id": "pl-0c", "max_entries": 3},
    ("gcp", "source_tags"): "bastion",
    ("gcp", "source_service_accounts"): "bastion@project.iam.gserviceaccount.com",
    ("digitalocean", "source_tags"): "bastion",
    ("azure", "service_tags"): "AzureCloud",
    ("azure", "application_security_groups"): ASG,
}
"""What stands for somebody, by the argument and the field of a target."""

BALANCERS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("aws", {"load_balancer_security_group_ids": {"nlb": "sg-0b"}}),
    ("digitalocean", {"load_balancer_uids": ["4de7ac8b-495b-4884-9a69-1050c6793cd6"]}),
)
ACCOUNTS = {"target_tags": None, "target_service_accounts": ["livekit@project.iam.gserviceaccount.com"]}
"""Google takes no tag beside an account."""

ASKED = {
    "clients": ("udp/50008", "ice-udp"),
    "load_balancer": ("tcp/7880", "api"),
    "trunks": ("udp/5060", "sip"),
    "operators": ("tcp/22", "ssh"),
    "cluster": ("tcp/6379", "redis"),
}
"""Of each audience, a port that it alone reaches, and what is there."""


def test_each_field_of_each_target_has_a_row() -> None:
    fields = {
        (argument, field)
        for argument, kind in KINDS.items()
        for field in kind.__struct_fields__
        if isinstance(getattr(kind(), field), Audiences)
    }
    assert fields == set(VALUES)


def rows() -> Iterator[Any]:
    for (argument, field), value in VALUES.items():
        for audience in ASKED:
            more = {field: {audience: {"one": value}}} | (ACCOUNTS if field == "source_service_accounts" else {})
            yield pytest.param(argument, audience, more, {}, id=f"{argument}-{field}-{audience}")
    for argument, more in BALANCERS:
        yield pytest.param(argument, "load_balancer", more, {}, id=f"{argument}-{next(iter(more))}")
    for argument in ("aws", "gcp", "digitalocean"):
        yield pytest.param(argument, "cluster", {}, {"same_group": True}, id=f"{argument}-same_group")


def deployed(argument: str, audience: str, more: dict[str, Any], cluster: dict[str, Any]) -> Deployment:
    """On one platform, with nobody else of the audience."""
    target = {key: one for key, one in {**TARGETS[argument], **more}.items() if one is not None}
    given: dict[str, Any] = {argument: target, "sip": {}}
    if audience == "cluster":
        given["cluster"] = {"services": ["redis"], **cluster}
    return read_deployment(given, Path())


@pytest.mark.parametrize("peer", ["203.0.113.7", "10.0.0.7", "2001:db8::7", "198.51.100.0/24", "anywhere"])
@pytest.mark.parametrize(("argument", "audience", "more", "cluster"), [*rows()])
def test_an_address_is_neither_let_in_nor_kept_out(
    argument: str, audience: str, more: dict[str, Any], cluster: dict[str, Any], peer: str
) -> None:
    ports, service = ASKED[audience]
    deployment = deployed(argument, audience, more, cluster)
    found = explain(deployment, question(peer, ports))
    assert (found.verdict, len(found.denied), len(found.rules)) == ("not known", 0, 0)
    assert found.because
    for line in found.because:
        assert line.endswith("whom a target names by its own means, and to this peer only if it is one of them")
    assert found.as_json()["verdict"] == "not known"
    reached = [one for one in expose(deployment).as_json()["reachable"] if one["service"] == service]
    assert reached
    assert {one["public"] for one in reached} == {False if is_no_internet(audience, more, cluster) else None}


def is_no_internet(audience: str, more: dict[str, Any], cluster: dict[str, Any]) -> bool:
    """A load balancer and the group itself are machines; lists and service tags may hold anything."""
    return bool(cluster) or (audience == "load_balancer" and not more.keys() & {"prefix_lists", "service_tags"})

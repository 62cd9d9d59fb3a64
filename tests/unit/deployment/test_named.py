"""Deployments whose blocks are outputs: what is derived before they are known, and what is judged once they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import pytest

from livekit_firewall.deployment.derive import Deployment, read_deployment
from livekit_firewall.deployment.named import UnfitBlocksError, about_blocks, refuse_unfit
from livekit_firewall.model.addresses import Cidr, Identity, Peer
from livekit_firewall.model.errors import ConfigurationError

from ..reports.test_not_known import Later

HERE = Path()
BALANCED = {"load_balancer": {"cidrs": {"nlb": Later()}}}


def both(given: dict[str, Any], known: dict[str, object]) -> tuple[Deployment, Deployment]:
    return read_deployment(given, HERE), read_deployment(given, HERE, known=known)


def unfit(given: dict[str, Any], known: dict[str, object]) -> list[str]:
    before, after = both(given, known)
    with pytest.raises(ConfigurationError) as caught:
        refuse_unfit(before, after, known)
    return [str(problem) for problem in caught.value.problems]


def peers(deployment: Deployment, port: int) -> list[str]:
    return [str(rule.peer) for rule in deployment.rules if port in rule.ports]


EVERYWHERE: dict[str, Any] = {
    "clients": {"cidrs": {"c": Later()}},
    "operators": {"cidrs": {"o": Later()}},
    "load_balancer": {"cidrs": {"l": Later()}},
    "cluster": {"cidrs": {"n": Later()}, "services": ["redis"]},
    "sip": {},
    "trunks": [{"name": "t", "signaling": {"s": Later()}, "media": {"m": Later()}}],
    "extra_rules": [{"name": "x", "protocol": "tcp", "ports": 9100, "cidrs": {"e": Later()}}],
}


def test_every_place_of_blocks_takes_them() -> None:
    before = read_deployment(EVERYWHERE, HERE)
    assert list(before.access.named) == [
        "clients.cidrs.c", "trunks[0].signaling.s", "trunks[0].media.m", "cluster.cidrs.n", "load_balancer.cidrs.l",
        "operators.cidrs.o", "extra_rules[0].cidrs.e",
    ]  # fmt: skip
    expected = {7881: "c", 22: "o", 7880: "l", 6379: "n", 5060: "s", 15000: "m", 9100: "e"}
    for port, name in expected.items():
        assert f"cidrs.{name}" in peers(before, port)


def test_once_known_it_is_the_deployment_of_plain_blocks() -> None:
    known = {
        place: f"10.0.{number}.0/24" for number, place in enumerate(read_deployment(EVERYWHERE, HERE).access.named)
    }
    before, after = both(EVERYWHERE, known)
    refuse_unfit(before, after, known)
    assert after.access.named == {}
    named = {block: known[place] for place, block in before.access.named.items()}
    assert before.rules.with_blocks({block: Cidr.parse(text) for block, text in named.items()}) == after.rules


def test_those_that_are_known_are_judged_with_the_others_names() -> None:
    given = {"operators": {"cidrs": {"a": Later(), "b": Later()}}}
    _, after = both(given, {"operators.cidrs.a": "198.51.100.0/24"})
    assert peers(after, 22) == ["198.51.100.0/24", "cidrs.b"]
    assert list(after.access.named) == ["operators.cidrs.b"]


@pytest.mark.parametrize(
    ("given", "place", "message"),
    [
        ({"cluster": {"cidrs": {"n": Later()}, "services": ["redis"]}}, "cluster.cidrs.n",
         "cluster.cidrs: must not open Redis on tcp/6379 to the internet (got 0.0.0.0/0)"),
        (BALANCED, "load_balancer.cidrs.nlb", "load_balancer.cidrs: must not open API on tcp/7880 to the internet"),
        ({"extra_rules": [{"name": "x", "protocol": "tcp", "ports": 6789, "cidrs": {"e": Later()}}]},
         "extra_rules[0].cidrs.e", "extra_rules[0].cidrs: must not open tcp/6789 to the internet"),
    ],
)  # fmt: skip
def test_everybody_is_refused_when_it_is_known(given: dict[str, Any], place: str, message: str) -> None:
    assert read_deployment(given, HERE).rules.named
    with pytest.raises(ConfigurationError) as caught:
        read_deployment(given, HERE, known={place: "0.0.0.0/0"})
    assert any(str(problem).startswith(message) for problem in caught.value.problems)


class TestABlockOfTheOtherFamily:
    RELAY: ClassVar[dict[str, Any]] = {  # relay sockets listen on IPv4 alone (reference of ports)
        "turn": {"enabled": True, "domain": "t.example.com", "udp_port": 3478},
        "cluster": {"cidrs": {"nodes": Later()}},
    }

    def test_would_be_a_rule_that_a_plain_block_has_not(self) -> None:
        known: dict[str, object] = {"cluster.cidrs.nodes": "2001:db8::/32"}
        assert unfit(self.RELAY, known) == [
            (
                "cluster.cidrs.nodes: must be a block of the other family, in which TURN relay listens on "
                "udp/30000-40000 (turn.relay_range_start, turn.relay_range_end) (got 2001:db8::/32); "
                "give a block of IPv6 as a plain value, which makes rules only where something listens"
            )
        ]

    def test_that_it_listens_in_is_fine(self) -> None:
        known: dict[str, object] = {"cluster.cidrs.nodes": "10.0.0.0/8"}
        refuse_unfit(*both(self.RELAY, known), known)


class TestProblemsOfOutputs:
    def raised(self, known: str, *, is_secret: bool = False) -> UnfitBlocksError:
        values = {"load_balancer.cidrs.nlb": known}
        with pytest.raises(UnfitBlocksError) as caught, about_blocks(values, values if is_secret else {}):
            read_deployment(BALANCED, HERE, known=values)
        return caught.value

    def test_say_that_they_are(self) -> None:
        assert str(self.raised("subnet-1")).splitlines() == [
            "1 problem with blocks that are outputs, no rule on a port of theirs was written:",
            "  - load_balancer.cidrs.nlb: must be a text such as 203.0.113.0/24 or 2001:db8::/32 (got 'subnet-1')",
        ]

    def test_name_the_block_that_makes_them_alone(self) -> None:
        (problem,) = self.raised("0.0.0.0/0").problems
        assert str(problem).startswith("load_balancer.cidrs.nlb: must not open API on tcp/7880 to the internet")

    @pytest.mark.parametrize("secret", ["10.0.0.1", "10.0.0.1/8", "hunter2", "0.0.0.0/0", "11.0.0.0/7"])
    def test_show_no_secret(self, secret: str) -> None:
        text = str(self.raised(secret, is_secret=True))
        assert secret not in text
        assert "a secret" in text

    def test_leave_other_errors_alone(self) -> None:
        with pytest.raises(ZeroDivisionError), about_blocks({}, {}):
            _ = 1 / 0


class TestTwoTargets:
    """One of them names an audience by its own means, the other knows addresses only."""

    GIVEN: ClassVar[dict[str, Any]] = {
        "aws": {"vpc_id": "v", "load_balancer_security_group_ids": {"nlb": "sg-1"}},
        "host": {},
        "load_balancer": {},
    }

    def test_the_other_is_refused_without_addresses(self) -> None:
        deployment = read_deployment(self.GIVEN, HERE)
        assert deployment.rules_for(deployment.targets["aws"]).identities == {Identity.LOAD_BALANCER}
        with pytest.raises(ConfigurationError) as caught:
            deployment.rules_for(deployment.targets["host"])
        assert [str(problem) for problem in caught.value.problems] == [
            (
                "load_balancer.cidrs: must name the load-balancer by address for host, which cannot name it otherwise; "
                "add load_balancer.cidrs"
            )
        ]

    @pytest.mark.parametrize("cidrs", [["10.0.0.0/24"], {"a": "10.0.0.0/24"}, {"a": Later()}])
    def test_the_other_uses_the_addresses(self, cidrs: Any) -> None:
        deployment = read_deployment({**self.GIVEN, "load_balancer": {"cidrs": cidrs}}, HERE)
        host = deployment.rules_for(deployment.targets["host"])
        assert host.identities == set()
        (rule,) = (one for one in host if 7880 in one.ports)
        assert str(rule.peer) in ("10.0.0.0/24", "cidrs.a")
        assert Peer.of(Identity.LOAD_BALANCER) in {one.peer for one in deployment.rules_for(deployment.targets["aws"])}


class TestAudiencesByIdentity:
    """What a target names is in place of the default, and beside the addresses that are given."""

    def aws(self, audience: str, **given: Any) -> Deployment:
        return read_deployment({"aws": {"vpc_id": "v", "security_groups": {audience: {"a": "sg-1"}}}, **given}, HERE)

    def test_clients_are_not_anywhere(self) -> None:
        found = self.aws("clients")
        assert not found.access.clients.is_anywhere
        assert peers(found, 7881) == ["clients"]
        assert peers(self.aws("clients", clients={"cidrs": ["10.0.0.0/8"]}), 7881) == ["10.0.0.0/8", "clients"]

    def test_trunks_are_not_anywhere(self) -> None:
        found = self.aws("trunks", sip={})
        assert (peers(found, 5060), peers(found, 15000)) == (["trunks", "trunks"], ["trunks"])
        assert found.access.trunks_named
        assert [one.id for one in found.findings if one.id.startswith("sip")] == []
        both = self.aws("trunks", sip={}, trunks=["198.51.100.0/24"])
        assert peers(both, 15000) == ["198.51.100.0/24", "trunks"]

    def test_trunks_that_are_anywhere_are_not_named_besides(self) -> None:
        with pytest.raises(ConfigurationError) as caught:
            self.aws("trunks", sip={}, trunks="anywhere")
        assert [str(problem) for problem in caught.value.problems] == [
            'trunks: must be left out where a target names the trunks (got "anywhere"); remove one of the two'
        ]

    def test_operators_and_the_cluster_have_their_ports(self) -> None:
        assert peers(self.aws("operators"), 22) == ["operators"]
        nodes = self.aws("cluster", cluster={"services": ["redis"], "same_group": True})
        assert peers(nodes, 6379) == ["cluster", "same-group"]

    def test_another_target_uses_the_addresses_or_is_refused(self) -> None:
        given = {"host": {}, "operators": {"cidrs": ["198.51.100.0/24"]}}
        found = self.aws("operators", **given)
        assert [str(rule.peer) for rule in found.rules_for(found.targets["host"]) if 22 in rule.ports] == [
            "198.51.100.0/24"
        ]
        bare = self.aws("operators", host={})
        with pytest.raises(ConfigurationError, match=r"operators\.cidrs: must name the operators by address for host"):
            bare.rules_for(bare.targets["host"])
        calls = self.aws("trunks", sip={}, host={})
        with pytest.raises(ConfigurationError, match=r"trunks: must name the trunks by address for host"):
            calls.rules_for(calls.targets["host"])

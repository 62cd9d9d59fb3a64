"""The host's ruleset where blocks are outputs: all of it once they are known, and before that none of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pulumi
import pytest

from livekit_firewall.firewall import LiveKitFirewall
from livekit_firewall.host.component import HostFirewall
from livekit_firewall.host.ruleset_file import RulesetFileProvider
from livekit_firewall.host.standalone.provider import AppliedRulesetProvider
from livekit_firewall.model.addresses import Cidr, Identity, NamedBlock, Peer
from livekit_firewall.model.errors import RenderError
from livekit_firewall.model.ports import PortRange
from livekit_firewall.model.rules import Rule, RuleSet
from livekit_firewall.model.services import Service
from livekit_firewall.platforms.nftables.record import NFTABLES
from livekit_firewall.platforms.nftables.render import render
from livekit_firewall.platforms.nftables.target import HostTarget
from livekit_firewall.platforms.platform import Options
from livekit_firewall.platforms.running import InvalidArguments

from ..engine_mocks import UNKNOWN, unknown

FILE = "pulumi-python:dynamic/livekit:RulesetFile"
LOADED = "pulumi-python:dynamic/livekit:AppliedRuleset"
HOST = "livekit:index:HostFirewall"
EVERYWHERE = {"path": "host.nft", "apply": True}


def rules(*peers: Peer, service: Service = Service.SSH, port: int = 22) -> RuleSet:
    return RuleSet.of(Rule(PortRange.tcp(port), peer, service) for peer in peers)


def office(value: object) -> Peer:
    return Peer.of(NamedBlock("office", value))


def given(value: object) -> dict[str, Any]:
    return {"host": EVERYWHERE, "operators": {"cidrs": {"office": value}}}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


class TestWhereTheyAreKnown:
    def test_it_is_the_ruleset_of_the_blocks_themselves(self, engine: Any) -> None:
        kept: list[LiveKitFirewall] = []
        made = engine.run(
            lambda: kept.append(LiveKitFirewall("lk", given(pulumi.Output.from_input("198.51.100.0/24"))))
        )
        plain: list[LiveKitFirewall] = []
        engine.run(lambda: plain.append(LiveKitFirewall("lk2", {**given("198.51.100.0/24"), "host": {}})))
        outputs = engine.outputs
        expected = outputs["livekit:index:LiveKitFirewall", "lk2"]
        found = outputs["livekit:index:LiveKitFirewall", "lk"]
        assert found["host_ruleset"] == expected["host_ruleset"]
        assert found["user_data"] == expected["user_data"]
        assert "198.51.100.0/24" in found["host_ruleset"]
        assert made[FILE, "lk-host-ruleset"].inputs["content"] == expected["host_ruleset"]
        loaded = made[LOADED, "lk-host-applied"].inputs
        assert loaded["ruleset"] == expected["host_ruleset"]
        assert {"cidr": "198.51.100.0/24", "first": 22, "last": 22} in loaded["ssh_admits"]

    def test_a_secret_makes_a_secret_of_all_that_holds_it(self, engine: Any) -> None:
        made = engine.run(lambda: LiveKitFirewall("lk", given(pulumi.Output.secret("198.51.100.0/24"))))
        for kind, name, key in (
            (FILE, "lk-host-ruleset", "content"),
            (LOADED, "lk-host-applied", "ruleset"),
        ):
            assert made[kind, name].inputs[key]["4dabf18193072939515e22adb298388d"]

    def test_two_of_which_one_is_everybody_stop_the_whole(self, engine: Any) -> None:
        two = {"a": pulumi.Output.from_input("198.51.100.0/24"), "b": pulumi.Output.from_input("0.0.0.0/0")}
        metrics = {"host": EVERYWHERE, "prometheus": {"port": 6789}, "operators": {"cidrs": two}}
        with pytest.raises(InvalidArguments, match=r"operators\.cidrs\.b: must not open Metrics on tcp/6789"):
            engine.run(lambda: LiveKitFirewall("lk", metrics))
        assert not {FILE, LOADED} & {request.type for request in engine.requests}

    def test_the_component_alone_takes_only_blocks(self, engine: Any) -> None:
        some = rules(office(pulumi.Output.secret("hunter2")))
        with pytest.raises(InvalidArguments) as caught:
            engine.run(lambda: HostFirewall("lk", some, HostTarget(path="host.nft")))
        assert [str(problem) for problem in caught.value.problems] == [
            "cidrs.office: must be a block such as 203.0.113.0/24 (got an output with another value)"
        ]


class TestAtAPreviewOfWhatIsNotKnown:
    def test_nothing_of_the_ruleset_is_known(self, preview_engine: Any) -> None:
        made = preview_engine.run(lambda: LiveKitFirewall("lk", given(unknown())))
        file, loaded = made[FILE, "lk-host-ruleset"].inputs, made[LOADED, "lk-host-applied"].inputs
        assert file["content"] == loaded["ruleset"] == loaded["ssh_admits"] == UNKNOWN
        assert file["path"] == "host.nft"
        outputs = preview_engine.outputs["livekit:index:LiveKitFirewall", "lk"]
        assert outputs["host_ruleset"] == outputs["user_data"] == UNKNOWN
        assert "cidrs.office (not known yet)" in outputs["exposure"]
        assert [rule["peer"] for rule in outputs["rules"] if rule["service"] == "ssh"] == ["cidrs.office"]

    def test_one_that_is_known_changes_nothing_of_that(self, preview_engine: Any) -> None:
        two = {"a": pulumi.Output.from_input("198.51.100.0/24"), "b": unknown()}
        made = preview_engine.run(lambda: LiveKitFirewall("lk", {"host": EVERYWHERE, "operators": {"cidrs": two}}))
        assert made[FILE, "lk-host-ruleset"].inputs["content"] == UNKNOWN

    def test_the_file_is_not_judged_and_its_place_is(self) -> None:
        provider, later = RulesetFileProvider(), pulumi.output.Unknown()
        news = {"path": "host.nft", "content": later, "check": None}
        found = provider.check({}, news)
        assert (found.inputs, found.failures) == ({**news, "check": later}, [])
        Path("taken").mkdir()
        assert provider.check({}, {**news, "path": "taken"}).failures[0].reason.startswith("is a directory")
        old = {"path": "host.nft", "content": "x", "check": "accepted by nft -c"}
        assert provider.diff("host.nft", old, {**news, "check": later}).changes is True

    def test_what_is_loaded_is_judged_by_its_machine_alone(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from livekit_firewall.host.standalone import provider as live

        provider, later = AppliedRulesetProvider({}, ""), pulumi.output.Unknown()
        news = {"ruleset": later, "ssh_admits": later, "confirm": "manual", "timeout": 60.0, "owner": None}
        monkeypatch.setattr(live.steps.boot, "problems", lambda _: ["no systemd"])
        monkeypatch.setattr(live.steps.Machine, "lacks", lambda _: [])
        monkeypatch.setattr(live.steps.Machine, "in_force", lambda _: "")
        asked: list[Any] = []
        monkeypatch.setattr(live.steps.Machine, "refusal", lambda _, text: asked.append(text))
        assert [one.reason for one in provider.check({}, news).failures] == ["no systemd"]
        assert asked == []
        assert provider.diff("inet livekit", {**news, "ruleset": "x", "ssh_admits": []}, news).changes is True


class TestBeforeTheyAreKnown:
    """What is refused then is refused at once, before anything is registered."""

    @pytest.mark.parametrize("identity", Identity)
    def test_an_identity(self, engine: Any, identity: Identity) -> None:
        def program() -> None:
            with pytest.raises(InvalidArguments, match="which are all that a host knows of a peer"):
                HostFirewall("lk", rules(office(unknown()), Peer.of(identity)), HostTarget())

        assert engine.run(program) == {}

    def test_a_block_of_ipv6_though_ipv6_is_false(self, engine: Any) -> None:
        some = rules(office(None), Peer.of(Cidr.parse("2001:db8::/32")))

        def program() -> None:
            with pytest.raises(InvalidArguments, match="no rule for IPv6 where ipv6 is false"):
                HostFirewall("lk", some, HostTarget(), ipv6=False)

        assert engine.run(program) == {}

    def test_ssh_for_anybody_on_the_port_of_an_internal_service(self, engine: Any) -> None:
        some = rules(office(None), service=Service.REDIS, port=6379)

        def program() -> None:
            with pytest.raises(InvalidArguments, match="must not share its port"):
                HostFirewall("lk", some, HostTarget(), ssh_port=6379)

        assert engine.run(program) == {}

    def test_operators_that_are_not_known_leave_ssh_open_to_nobody_else(self) -> None:
        baseline = NFTABLES.baseline(rules(office(None)), HostTarget(), Options())
        assert [item.ports for item in baseline if item.service is Service.SSH] == []

    def test_no_text_is_rendered(self) -> None:
        some = RuleSet.of([*rules(office(None)), *rules(Peer.anywhere(), service=Service.ICE_TCP, port=7881)])
        with pytest.raises(RenderError) as caught:
            render(some)
        told = "(got the block cidrs.office, which is not known yet); render it once it is known"
        only = "host: addresses, which are all that a host knows of a peer"
        assert [str(problem) for problem in caught.value.problems] == [f"{only} {told}"]
        native = NFTABLES.render(some, HostTarget(), Options())
        assert str(native) == "# not known before cidrs.office\n"


@pytest.mark.parametrize(
    ("identity", "text"),
    [
        (Identity.LOAD_BALANCER, "the identity of a load balancer); give the load balancer's addresses as load_balancer.cidrs"),  # noqa: E501
        (Identity.SAME_GROUP, "nodes of the same group); give the nodes' addresses as cluster.cidrs"),
        (Identity.CLIENTS, "the clients by identity); give their addresses as clients.cidrs"),
        (Identity.TRUNKS, "the trunks by identity); give their addresses as trunks"),
        (Identity.OPERATORS, "the operators by identity); give their addresses as operators.cidrs"),
        (Identity.CLUSTER, "the cluster by identity); give their addresses as cluster.cidrs"),
    ],
)  # fmt: skip
def test_every_identity_is_refused_with_the_argument_that_names_it_by_address(identity: Identity, text: str) -> None:
    with pytest.raises(RenderError) as caught:
        render(rules(Peer.of(identity)))
    assert [str(problem) for problem in caught.value.problems] == [
        f"host: addresses, which are all that a host knows of a peer (got {text}"
    ]

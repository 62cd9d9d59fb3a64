"""Reports of sources whose addresses are not known: blocks that are outputs, and audiences that a platform names by its
own means. Not known is neither closed nor public.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from msgspec.structs import replace

from livekit_firewall import cli
from livekit_firewall.deployment.access import Access, Sources
from livekit_firewall.deployment.audiences import audiences_of
from livekit_firewall.deployment.authorise import authorise, settle
from livekit_firewall.deployment.derive import Deployment, read_deployment
from livekit_firewall.deployment.listeners import listen
from livekit_firewall.model.addresses import Identity
from livekit_firewall.model.errors import ConfigurationError, Report
from livekit_firewall.reports.explain.explain import explain, question
from livekit_firewall.reports.explain.explanation import Explanation
from livekit_firewall.reports.exposure.expose import expose
from livekit_firewall.reports.exposure.page import html
from livekit_firewall.reports.exposure.picture import mermaid_of

HERE = Path()


class Later:
    """An output of another resource, as the core sees one."""

    def apply(self, _: object) -> Later:
        return self


def office(*plain: str, **more: Any) -> Deployment:
    named = {f"plain-{place}": one for place, one in enumerate(plain)} | {"office": Later()}
    return read_deployment({"operators": {"cidrs": named}, **more}, HERE)


def by_identity(given: dict[str, Any], **audiences: tuple[Identity, ...]) -> Deployment:
    """The deployment with these audiences known by identity, as where a target names them."""
    made = read_deployment(given, HERE)
    sources = {role: replace(getattr(made.access, role), identities=found) for role, found in audiences.items()}
    access = replace(made.access, **sources)
    listeners = listen(made.settings)
    return replace(
        made, access=access, listeners=settle(listeners, access), rules=authorise(listeners, access, Report())
    )


def answer(deployment: Deployment, peer: str, ports: str) -> Explanation:
    return explain(deployment, question(peer, ports))


def peers_text(peer: str) -> str:
    return f"{peer}/32" if peer == "203.0.113.7" else peer


def reach(deployment: Deployment, service: str) -> dict[str, Any]:
    (found,) = (one for one in expose(deployment).as_json()["reachable"] if one["service"] == service)
    return found


BASTION = {"operators": (Identity.OPERATORS,)}


class TestTheExposure:
    def test_says_that_a_block_is_not_known_yet(self) -> None:
        assert "SSH      tcp/22           cidrs.office (not known yet)" in expose(office()).text()
        assert reach(office(), "ssh")["peers"] == ["cidrs.office"]

    @pytest.mark.parametrize(
        ("deployment", "public"),
        [
            (office(), None),
            (office("198.51.100.0/24"), None),
            (office("0.0.0.0/0"), True),
            (by_identity({}, **BASTION), None),
            (by_identity({"operators": {"cidrs": ["10.0.0.0/8"]}}, **BASTION), None),
            (by_identity({"operators": {"cidrs": ["0.0.0.0/0"]}}, **BASTION), True),
            (read_deployment({"operators": {"cidrs": {"office": "198.51.100.0/24"}}}, HERE), False),
        ],
    )
    def test_knows_whether_the_internet_gets_in_or_says_that_it_does_not(
        self, deployment: Deployment, public: bool | None
    ) -> None:
        assert reach(deployment, "ssh")["public"] is public

    def test_the_load_balancers_identity_is_not_the_internet(self) -> None:
        given = {"aws": {"vpc_id": "v", "load_balancer_security_group_ids": {"nlb": "sg-1"}}}
        assert reach(read_deployment(given, HERE), "api")["public"] is False

    def test_of_clients_by_identity_media_is_open_to_them_alone(self) -> None:
        found = by_identity({}, clients=(Identity.CLIENTS,))
        found = replace(found, access=replace(found.access, clients=Sources((), "clients.cidrs", (Identity.CLIENTS,))))
        found = replace(found, rules=authorise(found.listeners, found.access, Report()))
        assert reach(found, "ice-udp")["peers"] == ["clients"]
        assert reach(found, "ice-udp")["public"] is None
        assert not found.access.clients.is_anywhere

    def test_its_page_counts_what_is_not_known(self) -> None:
        page = html(expose(office()), office().rules)
        assert "3 ways in, 2 open to the internet, not known of 1" in page
        assert '<tr role="row" data-public="unknown" data-service="SSH"' in page
        assert "<code>cidrs.office (not known yet)</code>" in page
        one = read_deployment({"livekit": False, "operators": {"cidrs": {"office": Later()}}}, HERE)
        assert "1 way in, not known whether open to the internet" in html(expose(one), one.rules)

    def test_its_picture_has_the_roles(self) -> None:
        assert "operators\ncidrs#46;office #40;not known yet#41;" in mermaid_of(office())
        every = {
            "operators": (Identity.OPERATORS,),
            "cluster": (Identity.CLUSTER,),
            "load_balancer": (Identity.LOAD_BALANCER,),
        }
        made = mermaid_of(
            by_identity({"turn": {"enabled": True, "domain": "t.example.com", "udp_port": 3478}}, **every)
        )
        for role in ("operators", "cluster", "load balancer"):
            assert f'"{role}"' in made


class TestExplain:
    @pytest.mark.parametrize(
        ("given", "peer", "ports", "verdict"),
        [
            ({"operators": {"cidrs": ["198.51.100.0/24"]}}, "operators", "tcp/22", "allowed"),
            ({"operators": {"cidrs": ["198.51.100.0/24"]}}, "operators", "tcp/7880", "denied"),
            ({}, "operators", "tcp/22", "denied"),
            ({}, "clients", "udp/50008", "allowed"),
            ({"clients": {"cidrs": ["10.0.0.0/8"]}}, "clients", "udp/50008", "allowed"),
            ({"load_balancer": {"cidrs": ["10.0.0.0/24"]}}, "load-balancer", "tcp/7880", "allowed"),
            ({"cluster": {"cidrs": ["10.0.0.0/24"]}}, "cluster", "tcp/7880", "allowed"),
            ({"cluster": {"cidrs": ["10.0.0.0/24"], "same_group": True}}, "cluster", "tcp/7880", "allowed"),
            ({"cluster": {"cidrs": ["10.0.0.0/24"], "same_group": True}}, "same-group", "tcp/7880", "allowed"),
            ({"sip": {}}, "trunks", "udp/5060", "allowed"),
            ({"sip": {}, "ipv6": False}, "trunks", "udp/5060", "partly allowed"),
            ({"sip": {}, "trunks": ["198.51.100.0/24"]}, "trunks", "udp/10000-20000", "allowed"),
        ],
    )
    def test_an_audience_is_whom_the_arguments_name(
        self, given: dict[str, Any], peer: str, ports: str, verdict: str
    ) -> None:
        assert answer(read_deployment(given, HERE), peer, ports).verdict == verdict

    def test_trunks_signal_from_some_addresses_and_send_audio_from_others(self) -> None:
        trunk = {"name": "a", "signaling": ["198.51.100.0/24"], "media": ["203.0.113.0/24"]}
        deployment = read_deployment({"sip": {}, "trunks": [trunk]}, HERE)
        for ports, peer in (("udp/5060", "198.51.100.0/24"), ("udp/10000-20000", "203.0.113.0/24")):
            found = answer(deployment, "trunks", ports)
            assert (found.verdict, [str(rule.peer) for rule in found.rules]) == ("allowed", [peer])

    def test_an_audience_by_identity_is_allowed_by_name(self) -> None:
        found = answer(by_identity({}, **BASTION), "operators", "tcp/22")
        assert found.verdict == "allowed"
        assert [line.partition(":")[0] for line in found.because] == ["SSH on tcp/22 from operators"]

    @pytest.mark.parametrize("peer", ["203.0.113.7", "10.0.0.0/8", "anywhere"])
    def test_an_address_may_be_one_of_those_whom_a_platform_knows(self, peer: str) -> None:
        found = answer(by_identity({}, **BASTION), peer, "tcp/22")
        who = "operators, whom a target names by its own means"
        because = f"SSH on tcp/22 is open to {who}, and to this peer only if it is one of them"
        assert (found.verdict, found.because, found.platforms) == ("not known", (because,), {})
        assert found.text() == f"not known: tcp/22 from {peers_text(peer)}\n  {because}"
        assert [str(one.ports) for one in found.not_known] == ["tcp/22"]
        assert not len(found.denied)

    def test_only_the_ports_that_such_a_rule_has_are_not_known(self) -> None:
        found = answer(by_identity({}, **BASTION), "203.0.113.7", "tcp/21-22")
        assert found.text().splitlines()[::2] == [
            "not known: tcp/21-22 from 203.0.113.7/32",
            "  denied: tcp/21 from 203.0.113.7/32",
        ]
        assert found.as_json()["denied"] == [{"ports": "tcp/21", "peer": "203.0.113.7/32"}]
        assert found.as_json()["not_known"] == [{"ports": "tcp/22", "peer": "203.0.113.7/32"}]

    @pytest.mark.parametrize(
        ("given", "ports", "verdict"),
        [
            ({}, "udp/50008", "allowed"),
            ({"clients": {"cidrs": ["198.51.100.0/24"]}}, "udp/50008", "not known"),
            ({"operators": {"cidrs": ["198.51.100.0/24"]}}, "tcp/22", "not known"),
            ({}, "tcp/22", "denied"),
            ({}, "tcp/7880", "allowed"),
            ({"host": {}}, "tcp/22", "allowed"),
        ],
    )
    def test_somebody_whose_addresses_are_not_known_may_be_at_any(
        self, given: dict[str, Any], ports: str, verdict: str
    ) -> None:
        assert answer(by_identity(given, cluster=(Identity.CLUSTER,)), "cluster", ports).verdict == verdict

    def test_every_target_has_to_let_a_packet_pass(self) -> None:
        """Azure lets its probes in on every port, the host does not."""
        targets = {"azure": {"resource_group_name": "r", "load_balancer_probes": True}, "host": {}}
        assert answer(by_identity(targets, **BASTION), "168.63.129.16", "tcp/80").verdict == "denied"
        assert answer(by_identity(targets, **BASTION), "168.63.129.16", "tcp/22").verdict == "not known"

    def test_the_native_rules_are_those_for_everybody(self) -> None:
        given = {"aws": {"vpc_id": "v", "security_groups": {"operators": {"bastion": "sg-1"}}}}
        found = answer(read_deployment(given, HERE), "operators", "udp/50008")
        assert found.platforms["aws"] == ("udp-50000-60000-any-ipv4", "udp-50000-60000-any-ipv6")

    def test_the_exit_code_is_that_of_what_is_not_allowed(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        given = {"aws": {"vpc_id": "v", "security_groups": {"operators": {"bastion": "sg-1"}}}}
        (tmp_path / "args.yaml").write_text(json.dumps(given))
        with pytest.raises(SystemExit) as ended:
            cli.main(["explain", "203.0.113.7", "tcp/22", "--args", str(tmp_path / "args.yaml"), "--json"])
        said = json.loads(capsys.readouterr().out)
        assert (ended.value.code, said["verdict"]) == (1, "not known")
        schema = json.loads((Path(__file__).resolve().parents[3] / "docs/schemas/explain.json").read_text())
        jsonschema.validate(said, schema)

    def test_what_else_runs_there_is_open_to_others(self) -> None:
        extra = {"name": "node-exporter", "protocol": "tcp", "ports": 9100, "cidrs": ["198.51.100.0/24"]}
        found = answer(read_deployment({"extra_rules": [extra]}, HERE), "203.0.113.9", "tcp/9100")
        assert found.because == ("Extra on tcp/9100 (extra_rules.node-exporter) is open, and not to this peer",)

    def test_each_of_its_native_rules_is_named(self) -> None:
        given = {
            "aws": {"vpc_id": "v", "security_groups": {"operators": {"bastion": "sg-1"}}},
            "operators": {"cidrs": ["198.51.100.0/24"]},
        }
        found = answer(read_deployment(given, HERE), "operators", "tcp/22")
        assert found.platforms["aws"] == ("tcp-22-198.51.100.0-24", "tcp-22-operators-bastion")
        assert len(found.platforms["gcp"]) == 1

    def test_an_address_may_be_in_a_block_that_is_not_known(self) -> None:
        found = answer(office("10.0.0.0/8"), "10.0.0.0/7", "tcp/22")
        assert found.verdict == "partly allowed"
        who = "cidrs.office (not known yet), whose addresses are not known here"
        assert found.because[1:] == (f"SSH on tcp/22 is open to {who}, and to this peer only if it is one of them",)
        assert answer(office(), "operators", "tcp/22").verdict == "allowed"

    def test_a_block_cannot_be_asked_for_by_a_name(self) -> None:
        with pytest.raises(ConfigurationError, match="must be an address, a block, anywhere or an audience"):
            question("cidrs.office", "tcp/22")


def test_every_audience_is_somebody_at_every_port() -> None:
    deployment = read_deployment({"sip": {}}, HERE)
    found = [(one.identity, list(map(str, one.peers))) for one in audiences_of(deployment)]
    assert found == [
        (Identity.LOAD_BALANCER, ["load-balancer"]),
        (Identity.SAME_GROUP, ["same-group"]),
        (Identity.CLIENTS, ["0.0.0.0/0", "::/0"]),
        (Identity.TRUNKS, ["0.0.0.0/0", "::/0"]),
        (Identity.TRUNKS, ["0.0.0.0/0", "::/0"]),
        (Identity.OPERATORS, ["operators"]),
        (Identity.CLUSTER, ["cluster"]),
    ]
    assert Access().audience(Identity.SAME_GROUP).identities == (Identity.SAME_GROUP,)

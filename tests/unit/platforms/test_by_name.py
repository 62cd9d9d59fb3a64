"""Sources that are known by a name on Google Cloud, DigitalOcean and Azure: blocks that are outputs, and audiences by
tags, accounts and groups. What arbitrary ones admit is proved in each platform's own tests, updates in `test_orders`.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pulumi
import pytest
from msgspec.structs import replace

from livekit_firewall import LiveKitFirewall
from livekit_firewall.deployment.derive import read_deployment
from livekit_firewall.deployment.rendering import render_for
from livekit_firewall.model.addresses import Identity, NamedBlock, Peer
from livekit_firewall.model.errors import ProblemsError
from livekit_firewall.model.ports import PortRange
from livekit_firewall.model.rules import Reason, Rule, RuleSet
from livekit_firewall.model.services import Service
from livekit_firewall.platforms.by_audience import ByAudience
from livekit_firewall.platforms.gcp import render as gcp
from livekit_firewall.platforms.gcp.names import LAWFUL, LONGEST, stem
from livekit_firewall.platforms.gcp.record import GCP
from livekit_firewall.platforms.platform import Options
from livekit_firewall.platforms.registry import BY_ARGUMENT
from livekit_firewall.platforms.running import InvalidArguments
from livekit_firewall.reports.explain.explain import explain, question

from .. import audiences
from ..engine_mocks import UNKNOWN, unknown

# SDKs warn of themselves when they are imported.
pytestmark = pytest.mark.filterwarnings(r"ignore:\w+\..* has been deprecated:DeprecationWarning")

TARGETS: dict[str, dict[str, Any]] = {
    "gcp": {"network": "default", "target_tags": ["livekit"]},
    "digitalocean": {"tags": ["livekit"]},
    "azure": {"resource_group_name": "media"},
}
NSG = "/subscriptions/0/resourceGroups/media/providers/Microsoft.Network/networkSecurityGroups/existing"
FIREWALL = "gcp:compute/firewall:Firewall"
HOLDERS = {
    "digitalocean": "digitalocean:index/firewall:Firewall",
    "azure": "azure-native:network:NetworkSecurityGroup",
}


def rule(ports: PortRange, peer: Identity | NamedBlock, service: Service) -> Rule:
    return Rule(ports, Peer.of(peer), service, (Reason("a.key", "a reason"),))


def later(engine: Any, value: object, after: str) -> pulumi.Output[Any]:
    """An output that is known once a resource is sent whose name begins so, which does not wait for it."""

    async def waited() -> object:
        while not any(one.name.startswith(after) for one in engine.requests):  # noqa: ASYNC110 - which tells nobody
            await asyncio.sleep(0.01)
        return value

    return pulumi.Output.from_input(waited())


def made(engine: Any, platform: str, **arguments: Any) -> dict[str, dict[str, Any]]:
    """The inputs of a component's resources, by their names."""
    resources = engine.run(lambda: LiveKitFirewall("lk", {platform: TARGETS[platform], **arguments}))
    return {name: one.inputs for (kind, name), one in resources.items() if not kind.startswith("livekit:")}


def to_port(inputs: dict[str, Any], port: str) -> dict[str, Any]:
    """The one entry or rule for a port."""
    entries = inputs.get("inboundRules") or inputs["securityRules"]
    (found,) = (one for one in entries if port in (one.get("portRange"), one.get("destinationPortRange")))
    return dict(found)


class TestABlockThatIsAnOutput:
    def test_has_its_rule_in_the_first_preview_on_google_cloud(self, preview_engine):
        found = made(preview_engine, "gcp", load_balancer={"cidrs": {"nlb-a": unknown(), "office": "192.0.2.0/24"}})
        named = {name: one for name, one in found.items() if "cidrs" in name}
        assert {name: (one["sourceRanges"], one["allows"]) for name, one in named.items()} == {
            "lk-gcp-backend-cidrs-nlb-a-ea90f1eb": ([UNKNOWN], [{"protocol": "tcp", "ports": ["7880"]}]),
        }
        # what shares its port waits for the judgement, and is known all the same
        (office,) = (one for one in found.values() if one["sourceRanges"] == ["192.0.2.0/24"])
        assert office["allows"] == [{"protocol": "tcp", "ports": ["7880"]}]

    def test_is_one_source_of_its_entry_on_digitalocean(self, preview_engine):
        found = made(
            preview_engine, "digitalocean", load_balancer={"cidrs": {"nlb-a": unknown(), "office": "192.0.2.0/24"}}
        )
        (firewall,) = found.values()
        assert to_port(firewall, "7880")["sourceAddresses"] == ["192.0.2.0/24", UNKNOWN]

    def test_has_a_rule_of_its_own_on_azure_beside_plain_blocks(self, preview_engine):
        cidrs = {"nlb-a": unknown(), "office": "192.0.2.0/24", "six": "2001:db8::/48"}
        (found,) = made(preview_engine, "azure", load_balancer={"cidrs": cidrs}).values()
        own = {one["name"]: one for one in found["securityRules"] if one.get("destinationPortRange") == "7880"}
        assert {name: one["sourceAddressPrefix"] for name, one in own.items()} == {
            "api-tcp-ipv4": "192.0.2.0/24",
            "api-tcp-ipv6": "2001:db8::/48",
            "api-tcp-cidrs.nlb-a": UNKNOWN,
        }
        assert own["api-tcp-ipv4"]["priority"] == 1400
        assert own["api-tcp-ipv6"]["priority"] == 1425
        assert 1400 <= own["api-tcp-cidrs.nlb-a"]["priority"] < 1450

    @pytest.mark.parametrize("platform", TARGETS)
    def test_is_exactly_what_was_asked_once_it_is_known(self, engine, platform):
        value = pulumi.Output.from_input("2001:DB8:0::/48")
        found = made(engine, platform, operators={"cidrs": {"office": value}})
        assert "2001:db8::/48" in str(found)
        assert "DB8" not in str(found)

    @pytest.mark.matrix
    @pytest.mark.parametrize("platform", TARGETS)
    @pytest.mark.parametrize("value", ["0.0.0.0/0", "", None, "10.0.0.1", "*", ["10.0.0.0/8"]])
    def test_that_may_not_be_stops_every_rule_of_its_port(self, engine, platform, value):
        output = later(engine, value, "lk-gcp-public-ipv6" if platform == "gcp" else f"lk-{platform}")
        with pytest.raises(InvalidArguments) as caught:
            made(engine, platform, load_balancer={"cidrs": {"nlb-a": output, "office": "192.0.2.0/24"}})
        assert "load_balancer.cidrs.nlb-a" in str(caught.value) or "API" in str(caught.value)
        sent = [one for one in engine.requests if one.type in (FIREWALL, *HOLDERS.values())]
        assert bool(sent) is (platform == "gcp"), "elsewhere all rules are one resource"
        assert not any("7880" in str(one.object) for one in sent)

    def test_in_an_existing_group_of_azure_stops_the_rules_of_its_port_alone(self, engine):
        output = later(engine, "0.0.0.0/0", "lk-azure-ice-tcp-500")
        arguments = {
            "azure": {"network_security_group_id": NSG},
            "load_balancer": {"cidrs": {"nlb-a": output, "office": "192.0.2.0/24"}},
        }
        with pytest.raises(InvalidArguments, match=r"load_balancer\.cidrs"):
            engine.run(lambda: LiveKitFirewall("lk", arguments))
        names = [one.name for one in engine.requests if one.type == "azure-native:network:SecurityRule"]
        assert "lk-azure-ice-tcp-500" in names
        assert not [name for name in names if "-api-tcp-" in name or "deny-all" in name]

    def test_in_an_existing_group_of_azure_is_a_rule_at_a_place_that_its_name_gives_it(self, preview_engine):
        arguments = {
            "azure": {
                "network_security_group_id": NSG,
                "application_security_groups": {"load_balancer": {"proxy": f"{audiences.GROUPS}/proxy"}},
            },
            "load_balancer": {"cidrs": {"nlb-a": unknown(), "office": "192.0.2.0/24"}},
        }
        made = preview_engine.run(lambda: LiveKitFirewall("lk", arguments))
        found = {name: one.inputs for (_, name), one in made.items() if name.startswith("lk-azure-api-")}
        prefixes = {name: one.get("sourceAddressPrefix") for name, one in found.items()}
        assert prefixes.pop("lk-azure-api-tcp-1400") == "192.0.2.0/24"
        assert sorted(map(str, prefixes.values())) == [UNKNOWN, "None"]
        assert {one["protocol"] for one in found.values()} == {"Tcp"}

    @pytest.mark.parametrize("platform", TARGETS)
    def test_that_is_given_to_a_platform_alone_is_no_less_judged(self, engine, platform):
        """A component of a platform has no deployment to judge it by."""
        record = BY_ARGUMENT[platform]
        from importlib import import_module

        component = getattr(import_module(record.component.module, "livekit_firewall"), record.component.name)
        some = RuleSet.of([rule(PortRange.tcp(7880), NamedBlock("a", pulumi.Output.from_input("")), Service.API)])
        with pytest.raises(InvalidArguments, match=r"cidrs\.a: must be a block such as 203\.0\.113\.0/24"):
            engine.run(lambda: component("lk", some, audiences.TARGETS[platform]))
        six = RuleSet.of([rule(PortRange.tcp(7880), NamedBlock("a", pulumi.Output.from_input("::/64")), Service.API)])
        with pytest.raises(InvalidArguments, match=r"cidrs\.a: must be an IPv4 block while ipv6 is false"):
            engine.run(lambda: component("other", six, audiences.TARGETS[platform], ipv6=False))

    def test_that_is_everybody_stops_on_google_cloud_which_would_keep_it(self, engine):
        output = pulumi.Output.from_input("0.0.0.0/0")
        with pytest.raises(InvalidArguments, match="which would keep it when the output changes"):
            made(engine, "gcp", clients={"cidrs": {"all": output}})


class TestNamesOnGoogleCloud:
    def test_keys_and_names_hold_the_users_own(self):
        some = RuleSet.of(
            [
                rule(PortRange.udp(5060), NamedBlock("Carrier_1"), Service.SIP),
                rule(PortRange.udp(10000, 20000), NamedBlock("Carrier_1"), Service.SIP_RTP),
                rule(PortRange.tcp(22), NamedBlock("Carrier_1"), Service.SSH),
                rule(PortRange.tcp(22), Identity.OPERATORS, Service.SSH),
            ]
        )
        found = {one.key: one for one in gcp.render(some, audiences.GCP) if one.peer}
        assert {key: one.name.rpartition("-")[0] for key, one in found.items()} == {
            "operators-cidrs.Carrier_1": "livekit-operators-cidrs-carrier-baafc2",
            "operators-tag.one": "livekit-operators-tag-one",
            "trunk-cidrs.Carrier_1": "livekit-trunk-cidrs-carrier-1-63a286",
        }
        for key, one in found.items():
            assert GCP.is_called(one.name, "livekit", key)
            assert not any(GCP.is_called(one.name, "livekit", other) for other in found if other != key)

    @pytest.mark.parametrize("name", ["a" * 63, "A" * 63, "1", "a_b", "a--b-", "x.y.", "Z_9"])
    def test_are_lawful_whatever_the_user_chooses(self, name):
        import re

        for part in ("load-balancer-account", "sip-metrics-tcp-10000-20000-cidrs", "extra-cidrs"):
            key = f"{part}.{name}"
            assert re.fullmatch(LAWFUL, stem(key))
            assert stem(key) != stem(f"{part}.{name}x")
        target = replace(audiences.GCP, source_tags=ByAudience(operators={name: "bastion"}))
        some = RuleSet.of([rule(PortRange.tcp(22), Identity.OPERATORS, Service.SSH)])
        names = [one.name for one in gcp.render(some, target, name="A Name_" * 20)]
        assert all(re.fullmatch(LAWFUL, one) and len(one) <= LONGEST for one in names)

    def test_a_tag_changes_in_place_unless_another_rule_has_its_ports(self):
        def names(**tags: str) -> list[str]:
            target = replace(audiences.GCP, source_tags=ByAudience(operators=tags))
            some = RuleSet.of([rule(PortRange.tcp(22), Identity.OPERATORS, Service.SSH)])
            return sorted(one.name for one in gcp.render(some, target) if one.peer)

        assert names(a="x") == names(a="y")
        assert not {*names(a="x", b="y")} & {*names(a="y", b="x")}, "exchanged, both would be shut for a moment"


class TestAudiences:
    def test_one_rule_for_each_name(self):
        arguments = {
            "operators": {"cidrs": ["203.0.113.0/24"]},
            "gcp": {
                **TARGETS["gcp"],
                "source_tags": {"operators": {"bastion": "bastion", "ci": "ci"}, "load_balancer": {"proxy": "haproxy"}},
            },
            "digitalocean": {
                **TARGETS["digitalocean"], "source_tags": {"operators": {"bastion": "bastion", "again": "Bastion"}},
                "load_balancer_uids": ["lb-1"],
            },
            "azure": {
                **TARGETS["azure"],
                "service_tags": {"load_balancer": {"door": "AzureFrontDoor.Backend"}},
                "application_security_groups": {"operators": {"bastion": f"{audiences.GROUPS}/bastion"}},
            },
        }  # fmt: skip
        deployment = read_deployment(arguments, Path())
        google: Any = render_for(deployment, BY_ARGUMENT["gcp"])
        assert {one.key: (one.source_tags, one.allows[0].ports) for one in google if one.source_tags} == {
            "load-balancer-tag.proxy": (("haproxy",), ("7880",)),
            "operators-tag.bastion": (("bastion",), ("22",)),
            "operators-tag.ci": (("ci",), ("22",)),
        }
        ocean: Any = render_for(deployment, BY_ARGUMENT["digitalocean"])
        entries = {one.port_range: (one.source_addresses, one.source_tags) for one in ocean.inbound}
        assert entries["22"] == (("203.0.113.0/24",), ("bastion",))
        azure: Any = render_for(deployment, BY_ARGUMENT["azure"])
        own = {one.name: one for one in azure.security_rules if one.peer}
        assert {
            name: (one.source_address_prefix, one.source_application_security_groups) for name, one in own.items()
        } == {
            "api-tcp-load-balancer-tag.door": ("AzureFrontDoor.Backend", ()),
            "ssh-tcp-operators-group.bastion": (None, (f"{audiences.GROUPS}/bastion",)),
        }
        (group,) = (one for one in azure.arguments()["security_rules"] if one["name"].endswith("group.bastion"))
        assert "source_address_prefix" not in group
        assert group["source_application_security_groups"] == [{"id": f"{audiences.GROUPS}/bastion"}]

    @pytest.mark.parametrize(("platform", "given", "name"), [
        ("gcp", {"source_tags": {"operators": {"bastion": "bastion"}}}, "operators-tag.bastion"),
        ("digitalocean", {"source_tags": {"operators": {"bastion": "Bastion"}}}, "inbound tcp 22"),
        ("azure", {"service_tags": {"operators": {"net": "VirtualNetwork"}}}, "ssh-tcp-operators-tag.net"),
    ])  # fmt: skip
    def test_are_explained(self, platform, given, name):
        deployment = read_deployment({platform: {**TARGETS[platform], **given}}, Path())
        said = explain(deployment, question("operators", "tcp/22"))
        assert said.verdict == "allowed"
        assert name in said.text()
        assert explain(deployment, question("cluster", "tcp/22")).verdict != "allowed"

    def test_outputs_are_taken_and_judged(self, preview_engine):
        (found,) = (
            one
            for name, one in made_with(preview_engine, "gcp", source_tags={"operators": {"bastion": unknown()}}).items()
            if "operators-tag" in name
        )
        assert found["sourceTags"] == [UNKNOWN]

    @pytest.mark.parametrize(("platform", "argument", "value"), [
        ("gcp", "source_tags", "Not lawful"),
        ("digitalocean", "source_tags", "not lawful"),
        ("azure", "application_security_groups", "bastion"),
    ])  # fmt: skip
    def test_outputs_stop_what_waits_for_them_where_they_are_unlawful(self, engine, platform, argument, value):
        with pytest.raises(InvalidArguments, match="an output with another value"):
            made_with(engine, platform, **{argument: {"operators": {"bastion": pulumi.Output.from_input(value)}}})


def made_with(engine: Any, platform: str, **more: Any) -> dict[str, dict[str, Any]]:
    resources = engine.run(lambda: LiveKitFirewall("lk", {platform: {**TARGETS[platform], **more}}))
    return {name: one.inputs for (kind, name), one in resources.items() if not kind.startswith("livekit:")}


RELAY = {"enabled": True, "domain": "t.example.com", "udp_port": 3478, "relay_range_start": 1, "relay_range_end": 9}


@pytest.mark.parametrize(("given", "is_told"), [
    ({"gcp": {"source_tags": {"cluster": {"a": "b"}}}}, True),
    ({"gcp": {"source_tags": {"cluster": {"a": "b"}}}, "cluster": {"cidrs": ["203.0.113.0/24"]}}, False),
    ({"gcp": {"source_tags": {"operators": {"a": "b"}}}, "cluster": {"cidrs": ["203.0.113.0/24"]}}, False),
    ({"azure": {"application_security_groups": {"cluster": {"a": f"{audiences.GROUPS}/a"}}}}, True),
    ({"azure": {"service_tags": {"cluster": {"a": "Storage"}}}}, False),
])  # fmt: skip
def test_says_that_relays_use_public_addresses(given, is_told):
    platforms = {key: {**TARGETS[key], **value} for key, value in given.items() if key in TARGETS}
    deployment = read_deployment({"turn": RELAY, **given, **platforms}, Path())
    told = [one.message for one in deployment.findings if one.id == "same-group-relay"]
    assert bool(told) is is_told
    assert all("what a target names the cluster by matches private addresses" in one for one in told)


ASKED = {"cluster": {"services": ["redis"], "cidrs": ["10.0.0.0/24"]}, "prometheus": {"port": 6789}}
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a list": (
        {"gcp": {"source_tags": {"operators": ["bastion"]}}},
        "gcp.source_tags.operators: must be a mapping from names of your own to ids",
    ),
    "nobody": ({"gcp": {"source_tags": {"operators": {}}}}, "gcp.source_tags.operators: must be a mapping"),
    "an audience that is none": (
        {"gcp": {"source_tags": {"operator": {"a": "b"}}}},
        "gcp.source_tags.operator: unknown",
    ),
    "an unlawful tag": (
        {"gcp": {"source_tags": {"operators": {"a": "A_b"}}}},
        "gcp.source_tags.operators.a: 1 to 63 of a-z, 0-9 and hyphens",
    ),
    "accounts beside tags of targets": (
        {"gcp": {"source_service_accounts": {"operators": {"a": "a@b"}}}},
        "gcp.source_service_accounts: must not stand beside gcp.target_tags",
    ),
    "tags beside accounts of targets": (
        {"gcp": {"target_tags": None, "target_service_accounts": ["a@b"], "source_tags": {"operators": {"a": "a"}}}},
        "gcp.source_tags: must not stand beside gcp.target_service_accounts",
    ),
    "a tag that DigitalOcean does not take": (
        {"digitalocean": {"source_tags": {"operators": {"a": "no spaces"}}}},
        "digitalocean.source_tags.operators.a: a tag of 1 to 255 letters",
    ),
    **{
        f"the internet as {tag}": (
            {"azure": {"service_tags": {"clients": {"all": tag}}}},
            "azure.service_tags.clients.all: must be a service tag that is not the internet, and no block",
        )
        for tag in ("Internet", "INTERNET", "*", "Any", "0.0.0.0/0", "10.0.0.0/8", "::/0")
    },
    "an unlawful service tag": (
        {"azure": {"service_tags": {"clients": {"a": "Azure Cloud"}}}},
        "azure.service_tags.clients.a: must be a service tag as Azure writes it",
    ),
    "a service tag that is an output": (
        {"azure": {"service_tags": {"clients": {"a": pulumi.Output}}}},
        "azure.service_tags.clients",
    ),
    "everybody who rents, for an internal port": (
        {"azure": {"service_tags": {"cluster": {"a": "AzureCloud.WestEurope"}}}},
        "azure.service_tags.cluster.a: must not open API on tcp/7880, Redis on tcp/6379 to everybody who rents in",
    ),
    "no id of a group": (
        {"azure": {"application_security_groups": {"operators": {"a": "bastion"}}}},
        "azure.application_security_groups.operators.a: must be the id of an application security group",
    ),
    "names that differ in their case": (
        {"azure": {"service_tags": {"operators": {"a": "VirtualNetwork", "A": "Storage"}}}},
        "azure: must differ in more than the case of their letters",
    ),
    "trunks twice": (
        {"gcp": {"source_tags": {"trunks": {"a": "b"}}}, "trunks": "anywhere"},
        "trunks: must be left out where a target names the trunks",
    ),
    "whom another platform alone can name": (
        {"gcp": {"source_tags": {"operators": {"a": "b"}}}, "azure": {}},
        "operators.cidrs: must name the operators by address for azure",
    ),
}


@pytest.mark.parametrize(("given", "message"), REFUSED.values(), ids=REFUSED)
def test_refuses(given, message):
    platforms = {key: {**TARGETS[key], **value} for key, value in given.items() if key in TARGETS}

    def read_and_render() -> None:
        deployment = read_deployment({**ASKED, **given, **platforms}, Path())
        for key, target in deployment.targets.items():
            BY_ARGUMENT[key].render(deployment.rules_for(target), target, Options())

    with pytest.raises(ProblemsError) as caught:
        read_and_render()
    assert f"- {message}" in str(caught.value)


@pytest.mark.parametrize("argument", BY_ARGUMENT)
def test_a_rule_set_with_an_audience_that_the_target_does_not_name_is_refused(argument):
    """Whoever uses a platform's component alone may have such a rule; it is never left out."""
    some = RuleSet.of([rule(PortRange.tcp(22), Identity.OPERATORS, Service.SSH)])
    with pytest.raises(ProblemsError) as caught:
        BY_ARGUMENT[argument].render(some, BY_ARGUMENT[argument].placeholder, Options())
    (problem,) = caught.value.problems
    assert problem.path.startswith(argument)
    assert "operators" in str(problem)
    assert "operators.cidrs" in problem.hint

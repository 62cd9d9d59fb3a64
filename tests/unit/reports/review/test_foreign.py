"""Foreign resources: what each field of them opens, and fields that make no sense."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from livekit_firewall.effective.property_values import SIGNATURE, UNKNOWN
from livekit_firewall.model.rules import RuleSet
from livekit_firewall.platforms.registry import PLATFORMS
from tests.sampling import sample

from .programs import (
    AWS_DEFAULT,
    AWS_EGRESS,
    AWS_GROUP,
    AWS_INGRESS,
    AWS_RULE,
    AZURE_CLASSIC,
    AZURE_CLASSIC_RULE,
    AZURE_GROUP,
    AZURE_RULE,
    FILE,
    GCP,
    HETZNER,
    HETZNER_ATTACHMENT,
    OCEAN,
    Thing,
    changed,
    digest,
    group,
    ingress,
    preview,
    stream,
)
from .test_meaning import page
from .writers import SSH, our_nftables

GROUP = group("g")
AZURE = Thing(AZURE_GROUP, "g")
TCP = {"protocol": "tcp", "fromPort": 443, "toPort": 443}
WEB = {"name": "web", "priority": 200, "access": "Allow", "direction": "Inbound", "protocol": "Tcp",
       "sourceAddressPrefix": "10.0.0.0/8", "sourcePortRange": "*", "destinationAddressPrefix": "*",
       "destinationPortRange": "443"}  # fmt: skip
GOOGLE = {"network": "n", "allows": [{"protocol": "tcp", "ports": ["443"]}], "sourceRanges": ["10.0.0.0/8"]}


def inline(*rules: dict[str, Any], way: str = "ingress", token: str = AWS_GROUP) -> list[Thing]:
    return [Thing(token, "g", {way: list(rules)})]


def older(**inputs: Any) -> list[Thing]:
    return [GROUP, Thing(AWS_RULE, "r", {"type": "ingress", **TCP, **inputs}, {"securityGroupId": GROUP})]


def newer(**inputs: Any) -> list[Thing]:
    return [GROUP, ingress(GROUP, "r", **inputs)]


def google(*rules: dict[str, Any]) -> list[Thing]:
    return [Thing(GCP, f"f{number}", {**GOOGLE, **rule}) for number, rule in enumerate(rules)]


def ocean(*rules: dict[str, Any], **inputs: Any) -> list[Thing]:
    given = [{"protocol": "tcp", "portRange": "443", **rule} for rule in rules]
    return [Thing(OCEAN, "f", {"tags": ["t"], "inboundRules": given, **inputs})]


OPEN_WITHOUT = {token for one in PLATFORMS if one.is_open_without and not one.is_on_node for token in one.made}
"""Firewalls whose machines are open to everybody once they are gone."""


def cloud(*rules: dict[str, Any], **inputs: Any) -> list[Thing]:
    given = [{"direction": "in", "protocol": "tcp", "port": "443", **rule} for rule in rules]
    return [Thing(HETZNER, "f", {"applyTos": [{"labelSelector": "app=lk"}], "rules": given, **inputs})]


(ALONE_WALL,) = cloud({"sourceIps": ["10.0.0.0/8"]}, applyTos=None)


def azure(*rules: dict[str, Any], token: str = AZURE_GROUP) -> list[Thing]:
    return [Thing(token, "g", {"securityRules": [{**WEB, **rule} for rule in rules]})]


def alone(*rules: dict[str, Any], owner: Thing = AZURE, token: str = AZURE_RULE) -> list[Thing]:
    own = (Thing(token, f"r{n}", {**WEB, **rule}, {"networkSecurityGroupName": owner}) for n, rule in enumerate(rules))
    return [owner, *own]


EVERY = "tcp/1-65535 udp/1-65535"
DENY = {"access": "Deny", "protocol": "*", "sourceAddressPrefix": "10.0.0.0/7", "destinationPortRange": "*"}
"""Of less than everybody, since that would take from the virtual network too."""

# what is there, and what it lets in (or out, where that is said): ports and who
CASES: dict[str, tuple[list[Thing], set[str]]] = {
    "aws inline": (inline({**TCP, "cidrBlocks": ["10.0.0.0/8"]}), {"tcp/443 10.0.0.0/8"}),
    "aws inline, both families": (
        inline({**TCP, "cidrBlocks": ["0.0.0.0/0"], "ipv6CidrBlocks": ["::/0"]}), {"tcp/443 0.0.0.0/0 ::/0"}),
    "aws inline, host bits": (inline({**TCP, "cidrBlocks": ["10.1.2.3/8"]}), {"tcp/443 10.0.0.0/8"}),
    "aws inline, itself": (inline({**TCP, "self": True}), {"tcp/443 members of the same group"}),
    "aws inline, itself not": (inline({**TCP, "self": False, "cidrBlocks": []}), set()),
    "aws inline, named": (
        inline({**TCP, "securityGroups": ["sg-1"], "prefixListIds": ["pl-1"]}),
        {"tcp/443 sg-1", "tcp/443 prefix list pl-1"}),
    "aws inline, everything": (
        inline({"protocol": "-1", "fromPort": 0, "toPort": 0, "cidrBlocks": ["10.0.0.0/8"]}),
        {f"{EVERY} 10.0.0.0/8", "every other protocol 10.0.0.0/8"}),
    "aws inline, out": (
        inline({**TCP, "cidrBlocks": ["10.0.0.0/8"]}, way="egress"), {"egress tcp/443 10.0.0.0/8"}),
    "aws default group": (
        inline({**TCP, "ipv6CidrBlocks": ["fd00::/8"]}, token=AWS_DEFAULT), {"tcp/443 fd00::/8"}),
    "aws older, in": (older(cidrBlocks=["10.0.0.0/8"]), {"tcp/443 10.0.0.0/8"}),
    "aws older, out": (older(type="egress", cidrBlocks=["10.0.0.0/8"]), {"egress tcp/443 10.0.0.0/8"}),
    "aws older, a group": (older(sourceSecurityGroupId="sg-7"), {"tcp/443 sg-7"}),
    "aws older, itself": (older(self=True), {"tcp/443 members of the same group"}),
    "aws older, floats and texts": (
        older(fromPort="443", toPort=443.0, cidrBlocks=["10.0.0.0/8"]), {"tcp/443 10.0.0.0/8"}),
    "aws older, number of a protocol": (older(protocol="17", cidrBlocks=["10.0.0.0/8"]), {"udp/443 10.0.0.0/8"}),
    "aws older, another protocol": (older(protocol="50", cidrBlocks=["10.0.0.0/8"]), {"50 10.0.0.0/8"}),
    "aws newer, no ports": (
        newer(ipProtocol="-1", fromPort=None, toPort=None, cidrIpv4="10.0.0.0/8"),
        {f"{EVERY} 10.0.0.0/8", "every other protocol 10.0.0.0/8"}),
    "aws newer, its own group": (
        [GROUP, Thing(AWS_INGRESS, "r", {"ipProtocol": "tcp", "fromPort": 1, "toPort": 2},
                      {"securityGroupId": GROUP, "referencedSecurityGroupId": GROUP})],
        {"tcp/1-2 members of the same group"}),
    "aws newer, out": (
        [GROUP, Thing(AWS_EGRESS, "r", {"ipProtocol": "udp", "fromPort": 53, "toPort": 53, "prefixListId": "pl-2"},
                      {"securityGroupId": GROUP})],
        {"egress udp/53 prefix list pl-2"}),
    "aws newer, port 0": (newer(fromPort=0, toPort=2, cidrIpv4="10.0.0.0/8"), {"tcp/1-2 10.0.0.0/8"}),
    "gcp": (google({}), {"tcp/443 10.0.0.0/8"}),
    "gcp, no sources": (google({"sourceRanges": None}), {"tcp/443 0.0.0.0/0"}),
    "gcp, no ports": (google({"allows": [{"protocol": "udp"}]}), {"udp/1-65535 10.0.0.0/8"}),
    "gcp, all": (
        google({"allows": [{"protocol": "all"}]}),
        {f"{EVERY} 10.0.0.0/8", "every other protocol 10.0.0.0/8"}),
    "gcp, a number": (google({"allows": [{"protocol": "6", "ports": [80.0, "443-444"]}]}), None),
    "gcp, switched off": (google({"disabled": True}), set()),
    "gcp, a deny first": (
        google({}, {"allows": None, "denies": [{"protocol": "all"}], "priority": 999}), set()),
    "gcp, a deny at the same priority": (
        google({}, {"allows": None, "denies": [{"protocol": "tcp"}], "priority": 1000}), set()),
    "gcp, a deny at the default priority": (
        google({"priority": 1000}, {"allows": None, "denies": [{"protocol": "tcp"}], "priority": None}), set()),
    "gcp, a deny later": (
        google({}, {"allows": None, "denies": [{"protocol": "tcp"}], "priority": 1001.0}), {"tcp/443 10.0.0.0/8"}),
    "gcp, a deny that is off": (
        google({}, {"allows": None, "denies": [{"protocol": "tcp"}], "priority": 1, "disabled": True}),
        {"tcp/443 10.0.0.0/8"}),
    "gcp, named": (
        google({"sourceRanges": None, "sourceTags": ["web"], "sourceServiceAccounts": ["a@b"]}),
        {"tcp/443 tag web", "tcp/443 account a@b"}),
    "gcp, out is open": (google({"direction": "EGRESS", "destinationRanges": ["10.0.0.0/8"]}), set()),
    "digitalocean": (ocean({"sourceAddresses": ["10.0.0.0/8", "fd00::/8"]}), {"tcp/443 10.0.0.0/8 fd00::/8"}),
    "digitalocean, named": (
        ocean({"sourceTags": ["w"], "sourceDropletIds": [5.0, "6"], "sourceLoadBalancerUids": ["lb"],
               "sourceKubernetesIds": ["k"]}),
        {f"tcp/443 {who}" for who in ("tag w", "Droplet 5", "Droplet 6", "load balancer lb", "kubernetes k")}),
    "digitalocean, every port": (
        ocean({"portRange": "all", "sourceAddresses": ["10.0.0.0/8"]}), {"tcp/1-65535 10.0.0.0/8"}),
    "digitalocean, port 0 is all": (
        ocean({"portRange": "0", "sourceAddresses": ["10.0.0.0/8"]}), {"tcp/1-65535 10.0.0.0/8"}),
    "digitalocean, out": (
        ocean(outboundRules=[{"protocol": "udp", "portRange": 53.0, "destinationAddresses": ["10.0.0.0/8"]}]),
        {"egress udp/53 10.0.0.0/8"}),
    "digitalocean, two for one tag": (
        [*ocean({"sourceAddresses": ["10.0.0.0/8"]}),
         Thing(OCEAN, "other", {"tags": ["t"], "inboundRules": [
             {"protocol": "udp", "portRange": "53", "sourceAddresses": ["10.0.0.0/8"]}]})],
        {"tcp/443 10.0.0.0/8", "udp/53 10.0.0.0/8"}),
    "digitalocean, a deny": (
        ocean({"sourceAddresses": ["10.0.0.0/8"]}, {"sourceAddresses": ["10.0.0.0/9"], "action": "deny"}),
        {"tcp/443 10.128.0.0/9"}),
    "hetzner": (cloud({"sourceIps": ["10.0.0.0/8", "fd00::/8"]}), {"tcp/443 10.0.0.0/8 fd00::/8"}),
    "hetzner, every port": (cloud({"port": "any", "sourceIps": ["10.0.0.0/8"]}), {"tcp/1-65535 10.0.0.0/8"}),
    "hetzner, a port as a number": (cloud({"port": 80.0, "sourceIps": ["10.0.0.0/8"]}), {"tcp/80 10.0.0.0/8"}),
    "hetzner, without ports": (
        cloud({"protocol": "gre", "port": None, "sourceIps": ["10.0.0.0/8"]}), {"gre 10.0.0.0/8"}),
    "hetzner, two for one label": (
        [*cloud({"sourceIps": ["10.0.0.0/8"]}),
         Thing(HETZNER, "other", {"applyTos": [{"labelSelector": "app=lk"}], "rules": [
             {"direction": "in", "protocol": "udp", "port": "53", "sourceIps": ["10.0.0.0/8"]}]})],
        {"tcp/443 10.0.0.0/8", "udp/53 10.0.0.0/8"}),
    "hetzner, by an attachment": (
        [ALONE_WALL, Thing(HETZNER_ATTACHMENT, "a", {"labelSelectors": ["app=lk"]}, {"firewallId": ALONE_WALL})],
        {"tcp/443 10.0.0.0/8"}),
    "azure inside": (azure({}), {"tcp/443 10.0.0.0/8"}),
    "azure alone": (alone({}), {"tcp/443 10.0.0.0/8"}),
    "azure of a version": (
        azure({}, token="azure-native:network/v20230901:NetworkSecurityGroup"), {"tcp/443 10.0.0.0/8"}),
    "azure classic": (azure({}, token=AZURE_CLASSIC), {"tcp/443 10.0.0.0/8"}),
    "azure classic alone": (
        alone({}, owner=Thing(AZURE_CLASSIC, "g"), token=AZURE_CLASSIC_RULE), {"tcp/443 10.0.0.0/8"}),
    "azure, any": (azure({"sourceAddressPrefix": "*"}), {"tcp/443 0.0.0.0/0 ::/0"}),
    "azure, the internet": (azure({"sourceAddressPrefix": "Internet"}), {"tcp/443 0.0.0.0/0 ::/0"}),
    "azure, a service tag": (
        azure({"sourceAddressPrefix": "Storage.WestEurope"}), {"tcp/443 service tag Storage.WestEurope"}),
    "azure, a group of machines": (
        azure({"sourceAddressPrefix": None, "sourceApplicationSecurityGroups": [{"id": "/x/asg"}]}),
        {"tcp/443 application security group /x/asg"}),
    "azure, several": (
        azure({"sourceAddressPrefix": "", "sourceAddressPrefixes": ["10.0.0.0/9", "10.128.0.0/9"],
               "destinationPortRange": None, "destinationPortRanges": ["9001", 9002.0]}), {"tcp/9001-9002 10.0.0.0/8"}),
    "azure, a deny first": (azure({}, {**DENY, "priority": 100}), set()),
    "azure, a deny last": (azure({}, {**DENY, "priority": 4096.0}), {"tcp/443 10.0.0.0/8"}),
    "azure, a deny for some destination": (
        azure({}, {**DENY, "priority": 100, "destinationAddressPrefix": "10.9.9.9/32"}), None),
    "azure, an allow for some destination": (
        azure({"destinationAddressPrefix": "10.9.9.9/32"}), {"tcp/443 10.0.0.0/8"}),
    "azure, for some source ports": (azure({"sourcePortRange": "5060"}), {"tcp/443 10.0.0.0/8"}),
    "azure, out is open": (
        azure({"direction": "Outbound", "destinationAddressPrefix": "10.0.0.0/8", "sourceAddressPrefix": "*"}), set()),
}  # fmt: skip


def lines(found: dict[str, Any], side: str = "gained") -> set[str]:
    """`egress tcp/443 10.0.0.0/8`: what a review says, without its order."""
    told = set()
    for change in (change for part in found["stacks"] for change in part["changes"] if change[side]):
        reach, way = change[side], "egress " if change["direction"] == "egress" else ""
        ports = [f"{one['protocol']}/{_range(one)}" for one in reach["ports"]] or [reach["protocol"]]
        told |= {f"{way}{' '.join(ports)} {who}" for who in [" ".join(reach["blocks"]), *reach["names"]] if who}
    return told


def _range(one: dict[str, int]) -> str:
    return str(one["first"]) if one["first"] == one["last"] else f"{one['first']}-{one['last']}"


def stays(things: list[Thing]) -> list[Thing]:
    """The same firewall with nothing in it, so that only its rules are the change."""
    return [
        Thing(
            one.type, one.name, {field: [] for field in ("ingress", "egress", "securityRules") if field in one.inputs}
        )
        for one in things
        if one.type.endswith("ecurityGroup")
    ]


@pytest.mark.parametrize("case", sorted(CASES))
class TestWhatAResourceOpens:
    def test_is_what_its_platform_says(self, case):
        things, expected = CASES[case]
        found = page(preview(stays(things), things))
        if expected is None:  # it is told that it cannot be read
            assert found["stacks"][0]["unclear"]
            assert found["verdict"] in ("wider", "moved")
            return
        assert lines(found) == expected
        assert found["stacks"][0]["unclear"] == []
        assert found["verdict"] == ("wider" if expected else "no change")

    def test_and_what_its_end_closes(self, case):
        things, expected = CASES[case]
        found = page(preview(things, stays(things)))
        if expected is not None and any(one.type in OPEN_WITHOUT for one in things):
            # the machine has no firewall any more
            assert (found["verdict"], lines(found, "lost")) == ("wider", set())
        elif expected is not None:
            assert (lines(found, "lost"), lines(found)) == (expected, set())

    def test_and_the_event_stream_gives_the_same(self, case):
        things, _ = CASES[case]
        told = digest(stays(things), things)
        assert page(stream(told))["verdict"] == page(preview(stays(things), things))["verdict"]


HIDDEN: dict[str, Any] = {
    **{f"unknown {number}": text for number, text in enumerate(sorted(UNKNOWN))},
    "secret": "[secret]",
    "secret of the stream": {SIGNATURE: "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "[secret]"},
    "list of unknowns": [min(UNKNOWN)],
}
WRONG: dict[str, Any] = {
    "text": "junk", "number": 7, "fraction": 1.5, "huge": 10**40, "beyond": 1e308, "negative": -1, "list": ["x"],
    "object": {"a": 1}, "deep list": [[["x"]]], "list of objects": [{"a": 1}], "list of null": [None],
    "marks": "\u202e",
}  # fmt: skip
EMPTY: dict[str, Any] = {"null": None, "no text": "", "no list": []}

WHOLE = {
    "aws newer": newer(cidrIpv4="10.0.0.0/8", description="x"),
    "aws newer, a group": newer(referencedSecurityGroupId="sg-9"),
    "aws newer, a list": newer(prefixListId="pl-9"),
    "aws older": older(cidrBlocks=["10.0.0.0/8"]),
    "aws older, itself": older(self=True),
    "aws inline": inline(
        {**TCP, "cidrBlocks": ["10.0.0.0/8"], "ipv6CidrBlocks": ["fd00::/8"], "securityGroups": ["sg-4"],
         "prefixListIds": ["pl-1"], "self": True}),
    "gcp": google({"direction": "INGRESS", "priority": 1000, "disabled": False, "targetTags": ["t"]}),
    "gcp named": google({"sourceRanges": ["10.0.0.0/8"], "sourceTags": ["x"], "targetServiceAccounts": ["t@x"],
                         "sourceServiceAccounts": ["u@x"]}),
    "digitalocean": ocean({"sourceAddresses": ["10.0.0.0/8"], "sourceTags": ["u"], "sourceDropletIds": [3],
                           "sourceLoadBalancerUids": ["lb"], "sourceKubernetesIds": ["k"]}, dropletIds=[5]),
    "hetzner": [*cloud({"sourceIps": ["10.0.0.0/8"], "description": "x"},
                       applyTos=[{"server": 5}, {"labelSelector": "a"}]),
                Thing(HETZNER_ATTACHMENT, "a", {"firewallId": 7, "serverIds": [5], "labelSelectors": ["a"]})],
    "azure": azure({}),
    "azure plural": azure({"sourceAddressPrefix": None, "sourceAddressPrefixes": ["10.0.0.0/8"],
                           "sourceApplicationSecurityGroups": [{"id": "asg"}], "sourcePortRange": None,
                           "sourcePortRanges": ["*"], "destinationAddressPrefixes": ["*"],
                           "destinationPortRange": None, "destinationPortRanges": ["443"]}),
    "azure alone": alone({}),
    "nftables": [Thing(FILE, "r", {"content": "x"})],
}  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inside:
        if one is not None:
            yield (*path, key)
            yield from places(one, (*path, key))


def put(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    value = found = copy.deepcopy(value)
    for key in path[:-1]:
        found = found[key]
    found[path[-1]] = new
    return value


@pytest.mark.parametrize("name", sorted(WHOLE))
class TestAFieldThatCannotBeRead:
    def broken(self, name, values):
        """Each field hidden and wrong, and each value; all of them with each other in `make soak`."""
        *rest, last = WHOLE[name]
        rows = product(places(dict(last.inputs)), values)
        for path, why in sample(rows, lambda row: (*row, (row[0], row[1] in HIDDEN))):
            broken = put(dict(last.inputs), path, values[why])
            yield f"{path} {why}", [*rest, Thing(last.type, last.name, broken, last.refers)]

    def test_is_never_taken_for_nothing(self, name):
        for where, things in self.broken(name, HIDDEN | WRONG):
            assert page(preview(stays(things), things))["verdict"] in ("wider", "moved"), where

    def test_is_never_narrower_than_what_was_there(self, name):
        for where, things in self.broken(name, HIDDEN | WRONG):
            # the destination was everything, and the access an allow: whatever else they are, nothing is more
            if "destinationAddress" not in where and "access" not in where:
                assert page(preview(WHOLE[name], things))["verdict"] != "narrower", where

    def test_is_more_than_a_part_that_was_known(self, name):
        """Some of the machine's addresses: which ones is not known any more."""
        if name == "azure":
            some = azure({"destinationAddressPrefix": "10.9.9.9/32"})
            for why, value in (HIDDEN | WRONG).items():
                found = page(preview(some, azure({"destinationAddressPrefix": value})))
                assert found["verdict"] in ("wider", "moved"), why

    def test_never_ends_the_review_where_it_is_empty(self, name):
        for _, things in self.broken(name, EMPTY):
            page(preview([], things))
            page(preview(WHOLE[name], things))


def test_what_is_for_some_of_a_machines_addresses_is_reported_as_if_for_all():
    found = page(preview(azure(), azure({"destinationAddressPrefix": "10.9.9.9/32"})))
    assert lines(found) == {"tcp/443 10.0.0.0/8"}
    assert found["verdict"] in ("wider", "moved")


def test_rules_of_which_the_program_says_nothing_any_more_stay():
    """Amazon's provider computes them then; an empty list takes them away."""
    before, silent = inline({**TCP, "cidrBlocks": ["10.0.0.0/8"]}), [Thing(AWS_GROUP, "g", {"tags": {}})]
    assert page(preview(before, silent))["verdict"] == "no change"
    assert page(preview(before, [changed(silent[0], ingress=[])]))["verdict"] == "narrower"


class TestWhatCannotBeReadBeforeNorAfter:
    """Whether it is the same is not known, unless the resource is unchanged."""

    SECRET = older(fromPort="[secret]", cidrBlocks=["10.0.0.0/8"])

    def test_is_no_change_where_the_resource_is_none(self):
        assert page(preview(self.SECRET, self.SECRET))["verdict"] == "no change"

    def test_is_a_doubt_where_the_secret_is_another(self):
        told = digest(self.SECRET, self.SECRET)
        told["steps"][2] |= {"op": "update", "diffReasons": ["fromPort"]}
        assert review_of(told)["verdict"] in ("wider", "moved")

    def test_is_no_doubt_where_only_words_are_others(self):
        before = self.SECRET
        after = [before[0], changed(before[1], description="other")]
        assert page(preview(before, after))["verdict"] == "no change"

    def test_is_a_doubt_where_a_foreign_ruleset_is_another(self):
        one, other = (Thing(FILE, "r", {"content": f"table ip {name} {{}}"}) for name in "ab")
        found = page(preview([one], [other]))
        assert found["verdict"] in ("wider", "moved")
        assert page(preview([one], [one]))["verdict"] == "no change"


def review_of(told: dict[str, Any]) -> dict[str, Any]:
    import json

    return page(json.dumps(told))


class TestRulesetsOfHosts:
    TEXT = our_nftables(RuleSet.of([SSH]))[0].inputs["content"]

    def test_a_text_that_is_cut_anywhere_is_not_understood(self):
        for at in range(0, len(self.TEXT) - 1, 7):
            found = page(preview([], [Thing(FILE, "r", {"content": self.TEXT[:at]})]))
            assert found["verdict"] == "wider", at
            assert found["stacks"][0]["unclear"], at

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("policy drop;", "policy accept;"),
            ("tcp", "sctp"),
            ("192.0.2.1/32", "192.0.2.1, ssh-host"),
            ("\t\tct state invalid drop", "\t\tct state invalid drop\n\t\ttcp dport 22 accept"),
            ("\tchain input {", "\tchain forward {"),
            ("table inet livekit {", "table inet other {"),
        ],
    )
    def test_what_we_did_not_write_is_reported(self, old, new):
        assert old in self.TEXT
        found = page(preview([Thing(FILE, "r", {"content": self.TEXT})],
                             [Thing(FILE, "r", {"content": self.TEXT.replace(old, new)})]))  # fmt: skip
        assert found["stacks"][0]["unclear"]
        assert found["verdict"] in ("wider", "moved")


@pytest.mark.parametrize("priority", ["inf", "nan", "1e999", 10**400, [], True])
@pytest.mark.parametrize("token", ["gcp", "azure"])
def test_a_priority_that_is_no_number_is_reported_and_never_a_crash(token, priority):
    if token == "gcp":
        things = google({"allows": [{"protocol": "tcp", "ports": ["443"]}], "priority": priority})
    else:
        things = azure({"priority": priority})
    found = page(preview([], things))
    assert (found["verdict"], bool(found["stacks"][0]["unclear"])) == ("wider", True)

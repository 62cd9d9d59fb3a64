"""Identity of firewalls: a rename is no change, a move from one machine to another is."""

from __future__ import annotations

import json

import pytest

from .programs import (
    AWS_GROUP,
    AWS_RULE,
    AZURE_GROUP,
    AZURE_RULE,
    GCP,
    OCEAN,
    UNKNOWN,
    Thing,
    changed,
    digest,
    group,
    ingress,
    preview,
    stream,
)
from .test_meaning import page

REDIS = {"fromPort": 6379, "toPort": 6379, "cidrIpv4": "10.0.0.0/24"}


def lines(found, side="gained"):
    return [
        (change["firewalls"][0], one["first"], *change[side]["blocks"], *change[side]["names"])
        for part in found["stacks"]
        for change in part["changes"]
        if change[side]
        for one in change[side]["ports"]
    ]


@pytest.mark.parametrize("sames", [True, False])
class TestWhatMovesBetweenFirewallsThatStayIsAChange:
    """The same rules for other machines are no renaming, whether the preview shows what stays or not."""

    def test_a_rule_between_two_groups_of_amazons(self, sames):
        web, database = group("web"), group("database")
        before = [web, database, ingress(web, "redis", **REDIS)]
        after = [web, database, ingress(database, "cache", **REDIS)]
        found = page(preview(before, after, sames=sames))
        assert found["verdict"] == "moved"
        assert (lines(found), lines(found, "lost")) == (
            [("database", 6379, "10.0.0.0/24")],
            [("web", 6379, "10.0.0.0/24")],
        )

    def test_a_rule_between_groups_of_another_stack(self, sames):
        rule = Thing(AWS_RULE, "r", {"type": "ingress", "protocol": "tcp", "fromPort": 443, "toPort": 443,
                                     "cidrBlocks": ["0.0.0.0/0"], "securityGroupId": "sg-1"})  # fmt: skip
        found = page(preview([rule], [changed(rule, securityGroupId="sg-2")], sames=sames))
        assert found["verdict"] == "moved"

    def test_a_rule_between_two_groups_of_azures(self, sames):
        web, database = Thing(AZURE_GROUP, "web"), Thing(AZURE_GROUP, "database")
        rule = {"priority": 200, "access": "Allow", "direction": "Inbound", "protocol": "Tcp", "sourcePortRange": "*",
                "sourceAddressPrefix": "10.0.0.0/24", "destinationAddressPrefix": "*",
                "destinationPortRange": "6379"}  # fmt: skip
        before = [web, database, Thing(AZURE_RULE, "a", rule, {"networkSecurityGroupName": web})]
        after = [web, database, Thing(AZURE_RULE, "b", rule, {"networkSecurityGroupName": database})]
        assert page(preview(before, after, sames=sames))["verdict"] == "moved"

    def test_another_tag_of_googles_and_of_digitaloceans(self, sames):
        google = Thing(GCP, "f", {"network": "n", "allows": [{"protocol": "tcp"}], "targetTags": ["a"]})
        ocean = Thing(OCEAN, "f", {"tags": ["a"], "inboundRules": [{"protocol": "tcp", "sourceTags": ["x"]}]})
        assert page(preview([google], [changed(google, targetTags=["b"])], sames=sames))["verdict"] == "moved"
        # what has no firewall any more is open to everybody there
        found = page(preview([ocean], [changed(ocean, tags=["b"])], sames=sames))
        assert (found["verdict"], [risk["id"] for risk in found["stacks"][0]["risks"]]) == ("wider", ["unprotected"])


class TestWhatIsRenamedIsNoChange:
    @pytest.mark.parametrize("told", [json.dumps, stream])
    def test_a_group_with_its_rules_replaced_by_another(self, told):
        old, new = group("old"), group("new")
        before, after = [old, ingress(old, "r", **REDIS)], [new, ingress(new, "r2", **REDIS)]
        assert page(told(digest(before, after)))["verdict"] == "no change"

    def test_two_groups_at_once_each_by_what_it_admits(self):
        a, b, c, d = map(group, "abcd")
        wide = {"cidrIpv4": "0.0.0.0/0"}
        before = [a, b, ingress(a, "one", **REDIS), ingress(b, "two", **wide)]
        after = [c, d, ingress(c, "three", **wide), ingress(d, "four", **REDIS)]
        assert page(preview(before, after))["verdict"] == "no change"


class TestAnIdInAListIsResolved:
    """Dependencies of a list are given for the whole list, not for each value."""

    def test_a_droplet_by_its_number_is_not_the_droplet_that_another_rule_is_of(self):
        droplet = Thing("digitalocean:index/droplet:Droplet", "api", id="77")
        rule = {"protocol": "tcp", "portRange": "6379"}
        inside = [{**rule, "sourceDropletIds": ["77"]}]
        wall = Thing(OCEAN, "wall", {"tags": ["t"], "inboundRules": inside})
        wider = changed(wall, inboundRules=[*inside, {**rule, "sourceDropletIds": [5]}])
        told = digest([droplet, wall], [droplet, wider])
        for step in told["steps"]:
            for state in ("oldState", "newState"):
                if "inboundRules" in step.get(state, {}).get("inputs", {}):
                    step[state]["propertyDependencies"]["inboundRules"] = [droplet.urn()]
        found = page(json.dumps(told))
        assert (found["verdict"], lines(found)) == ("wider", [("tag t", 6379, "Droplet 5")])

    def test_a_group_that_is_not_known_yet_is_not_taken_for_the_one_that_asks(self):
        """Event streams hold no dependencies; a source must not be guessed."""
        inside = {"protocol": "tcp", "fromPort": 6379, "toPort": 6379}
        before = Thing(AWS_GROUP, "g", {"ingress": [{**inside, "self": True}]})
        after = changed(before, ingress=[{**inside, "self": True}, {**inside, "securityGroups": [UNKNOWN]}])
        for text in (preview([before], [after]), stream(digest([before], [after]))):
            found = page(text)
            assert (found["verdict"], lines(found)) == ("wider", [("g", 6379, "(known after the update)")])

    def test_a_load_balancers_group_that_is_not_known_yet_in_an_event_stream(self):
        owner, balancer = group("nodes"), group("balancer")
        own = ingress(owner, "own", fromPort=7880, toPort=7880, referencedSecurityGroupId="nodes-id")
        theirs = ingress(owner, "theirs", fromPort=7880, toPort=7880, referencedSecurityGroupId=UNKNOWN)
        found = page(stream(digest([owner, own], [owner, own, balancer, theirs])))
        assert (found["verdict"], [line[:2] for line in lines(found)]) == ("wider", [("nodes", 7880)])


class TestTheAddressesThatARuleIsFor:
    """An allow for some of a machine's addresses is taken to be for all; that they change is reported."""

    @pytest.mark.parametrize(
        ("old", "new", "verdict"),
        [
            ("10.0.0.4/32", "*", "wider"),
            ("*", "10.0.0.4/32", "narrower"),
            ("10.0.0.4/32", "10.0.0.5/32", "moved"),
            ("10.0.0.4/32", "10.0.0.4/32", "no change"),
        ],
    )
    def test_of_azures(self, old, new, verdict):
        rule = {"name": "a", "priority": 200, "access": "Allow", "direction": "Inbound", "protocol": "Tcp",
                "sourcePortRange": "*", "sourceAddressPrefix": "10.0.0.0/24",
                "destinationPortRange": "443"}  # fmt: skip
        sides = [
            [Thing(AZURE_GROUP, "web", {"securityRules": [{**rule, "destinationAddressPrefix": to}]})]
            for to in (old, new)
        ]
        found = page(preview(*sides))
        assert (found["verdict"], bool(found["stacks"][0]["unclear"])) == (verdict, verdict != "no change")

    def test_of_googles(self):
        allows = [{"protocol": "tcp", "ports": ["443"]}]
        old = Thing(GCP, "f", {"allows": allows, "destinationRanges": ["10.0.0.4/32"]})
        found = page(preview([old], [changed(old, destinationRanges=["10.0.0.0/8"])]))
        assert found["verdict"] == "moved"


def test_networks_of_two_projects_are_two() -> None:
    deny = {"network": "default", "project": "a", "denies": [{"protocol": "tcp"}], "priority": 1}
    allow = {"network": "default", "project": "b", "allows": [{"protocol": "tcp", "ports": ["22"]}]}
    found = page(preview([Thing(GCP, "no", deny)], [Thing(GCP, "no", deny), Thing(GCP, "yes", allow)]))
    assert (found["verdict"], [risk["id"] for risk in found["stacks"][0]["risks"]]) == ("wider", ["ssh-public"])


def test_groups_of_one_name_in_two_resource_groups_are_two() -> None:
    def rule(name: str, near: str, **more: object) -> Thing:
        given = {"priority": 200, "access": "Allow", "direction": "Inbound", "protocol": "Tcp", "sourcePortRange": "*",
                 "sourceAddressPrefix": "*", "destinationAddressPrefix": "*", "destinationPortRange": "22",
                 "networkSecurityGroupName": "web", "resourceGroupName": near, **more}  # fmt: skip
        return Thing(AZURE_RULE, name, given)

    deny = rule("no", "one", access="Deny", priority=100)
    assert page(preview([deny], [deny, rule("yes", "two")]))["verdict"] == "wider"


def test_two_firewalls_of_one_name_are_distinguished() -> None:
    groups = [group("web"), Thing(AWS_GROUP, "web", {"vpcId": "vpc-1"}, parent=("app:index:Other",), id="sg-other")]
    rules = [ingress(one, name) for one, name in zip(groups, "ab", strict=True)]
    found = page(preview([], [*groups, *rules]))
    assert len({name for change in found["stacks"][0]["changes"] for name in change["firewalls"]}) == 2


def test_a_firewall_that_is_taken_for_another_is_reported() -> None:
    old, new = group("<b>old"), group("new")
    found = page(preview([old, ingress(old, "a")], [new, ingress(new, "b")]))
    assert (found["verdict"], found["stacks"][0]["notes"]) == (
        "no change",
        ["`\\x3cb\\x3eold` is removed and `new` is added with the same or nearly the same rules: treated as a rename."],
    )


def test_a_deny_of_the_internet_above_an_allow_of_everybody_leaves_private_addresses() -> None:
    deny = {"name": "no", "priority": 100, "access": "Deny", "direction": "Inbound", "protocol": "*",
            "sourcePortRange": "*", "sourceAddressPrefix": "Internet", "destinationAddressPrefix": "*",
            "destinationPortRange": "*"}  # fmt: skip
    allow = {**deny, "name": "ssh", "priority": 200, "access": "Allow", "sourceAddressPrefix": "*",
             "destinationPortRange": "22"}  # fmt: skip
    found = page(preview([], [Thing(AZURE_GROUP, "web", {"securityRules": [deny, allow]})]))
    blocks = found["stacks"][0]["changes"][0]["gained"]["blocks"]
    assert (found["verdict"], found["stacks"][0]["risks"], "10.0.0.0/8" in blocks) == ("wider", [], True)
    without = page(preview([], [Thing(AZURE_GROUP, "web", {"securityRules": [allow]})]))
    assert [risk["id"] for risk in without["stacks"][0]["risks"]] == ["ssh-public"]


WEB = {"protocol": "tcp", "portRange": "8443", "sourceAddresses": ["10.0.0.0/8"]}


class TestADropletAddsUpItsFirewalls:
    """By its id and by its tags, as far as the stack says which tags it has."""

    def droplet(self, *tags):
        return Thing("digitalocean:index/droplet:Droplet", "node", {"tags": list(tags)}, id="77")

    def wall(self, name, **to):
        return Thing(OCEAN, name, {"inboundRules": [WEB], **to})

    def test_one_that_moves_from_the_droplet_to_its_tag_is_no_change(self):
        node = self.droplet("web")
        before, after = self.wall("w", dropletIds=[77]), self.wall("w", tags=["web"])
        assert page(preview([node, before], [node, after]))["stacks"][0]["changes"][0]["firewalls"] == ["tag web"]
        found = page(preview([node, before], [node, after]))
        assert (found["verdict"], found["stacks"][0]["risks"]) == ("wider", [])  # what else has the tag is not known

    def test_one_of_two_that_admit_the_same_goes(self):
        node, kept = self.droplet("web"), self.wall("by-tag", tags=["web"])
        found = page(preview([node, kept, self.wall("by-id", dropletIds=[77])], [node, kept]))
        assert (found["verdict"], found["stacks"][0]["risks"]) == ("no change", [])

    def test_another_tag_is_not_the_droplets(self):
        node, kept = self.droplet("other"), self.wall("by-tag", tags=["web"])
        found = page(preview([node, kept, self.wall("by-id", dropletIds=[77])], [node, kept]))
        assert (found["verdict"], [one["id"] for one in found["stacks"][0]["risks"]]) == ("wider", ["unprotected"])

    def test_two_of_one_tag_of_which_one_goes(self):
        other = {**WEB, "portRange": "9443"}
        kept, goes = (
            self.wall("a", tags=["web"]),
            Thing(OCEAN, "b", {"inboundRules": [WEB, other], "tags": ["web"]}),
        )
        found = page(preview([kept, goes], [kept]))
        assert (found["verdict"], lines(found, "lost")) == ("narrower", [("tag web", 9443, "10.0.0.0/8")])

"""The side of before is what was really there, and the side of after what an update really leaves."""

from __future__ import annotations

import json
from typing import Any

import pytest

from livekit_firewall.reports.review import Review, review_texts
from livekit_firewall.reports.review.preview import NotAPreview

URN = "urn:pulumi:prod::project::"
GOOGLE = "gcp:compute/firewall:Firewall"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
OCEAN = "digitalocean:index/firewall:Firewall"
DROPLET = "digitalocean:index/droplet:Droplet"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"

Step = dict[str, Any]


def step(
    op: str,
    token: str,
    old: dict[str, Any] | None,
    new: dict[str, Any] | None,
    *,
    there: dict[str, Any] | None = None,
    named: list[str] | None = None,
    name: str = "one",
    id_: str = "id-1",
    **state: Any,
) -> Step:
    """One step; `there` is what outputs have otherwise than inputs, `named` the differences that the provider names."""
    urn = f"{URN}{token}::{name}"
    found: Step = {"op": op, "urn": urn, "diffReasons": named, "detailedDiff": {key: {} for key in named or ()}}
    if old is not None:
        outputs = {**old, **(there or {})}
        found["oldState"] = {"urn": urn, "type": token, "id": id_, "inputs": old, "outputs": outputs, **state}
    if new is not None:
        found["newState"] = {"urn": urn, "type": token, "inputs": new}
    return found


def review(*steps: Step) -> Review:
    counted = {one["op"]: 1 for one in steps}
    return review_texts([("preview.json", json.dumps({"steps": list(steps), "changeSummary": counted}))])


def ids(found: Review) -> list[str]:
    return [risk.id for risk in found.risks]


def told(found: Review) -> list[tuple[str, str, str]]:
    """What is gained and lost: `+` or `-`, ports, sources."""
    return [
        (sign, ", ".join(map(str, reach.ports)), ", ".join([*map(str, reach.blocks), *reach.names]))
        for change in found.parts[0].changes
        for sign, reach in (("+", change.gained), ("-", change.lost))
        if reach
    ]


def google(*blocks: str, **more: Any) -> dict[str, Any]:
    return {
        "network": "default",
        "allows": [{"protocol": "tcp", "ports": ["22"]}],
        "sourceRanges": list(blocks),
        **more,
    }


def inline(*ports: int) -> dict[str, Any]:
    entries = [{"protocol": "tcp", "fromPort": one, "toPort": one, "cidrBlocks": ["0.0.0.0/0"]} for one in ports]
    return {"vpcId": "vpc-1", "ingress": entries}


OFFICE, ANY = "203.0.113.7/32", "0.0.0.0/0"


class TestBefore:
    def test_what_stands_in_outputs_only_is_lost(self) -> None:
        found = review(step("update", GROUP, inline(7881), inline(7881), there=inline(7881, 22), named=["ingress"]))
        assert (found.verdict, told(found)) == ("narrower", [("-", "tcp/22", ANY)])

    def test_of_a_firewall_that_is_deleted_too(self) -> None:
        found = review(step("delete", GROUP, inline(7881), None, there=inline(7881, 22)))
        assert told(found) == [("-", "tcp/7881", ANY), ("-", "tcp/22", ANY)]

    def test_what_is_the_same_is_no_change_whatever_the_program_writes(self) -> None:
        old, new = google("2001:db8::/32", network="default"), google("2001:DB8:0::/32", network="default")
        there = {
            "sourceRanges": ["2001:db8:0:0:0:0:0:0/32"],
            "network": "https://www/projects/p/global/networks/default",
        }
        assert review(step("same", GOOGLE, old, new, there=there)).verdict == "no change"

    def test_what_the_provider_names_no_difference_of_stays(self) -> None:
        """A block was added by hand to a rule that names tags only: no update takes it away."""
        old = {key: value for key, value in google(sourceTags=["a"]).items() if key != "sourceRanges"}
        found = review(step("update", GOOGLE, old, {**old, "description": "x"},
                            there={"sourceRanges": [ANY]}, named=["description"]))  # fmt: skip
        assert (found.verdict, ids(found)) == (
            "no change",
            ["kept-open", "ssh-public"],
        )

    def test_a_rule_that_is_disabled_by_hand_opens_again(self) -> None:
        found = review(step("update", GOOGLE, google(ANY), google(ANY), there={"disabled": True}, named=["disabled"]))
        assert told(found) == [("+", "tcp/22", ANY)]

    def test_rules_of_their_own_in_the_outputs_of_their_group_are_not_told_twice(self) -> None:
        """A refresh puts them there, and an update of the group does not touch them."""
        group, rule = {"vpcId": "vpc-1"}, {"securityGroupId": "sg-1", "ipProtocol": "tcp", "fromPort": 443,
                                           "toPort": 443, "cidrIpv4": ANY}  # fmt: skip
        found = review(
            step("update", GROUP, group, {**group, "tags": {"a": "b"}}, there=inline(443), named=["tags"], id_="sg-1"),
            step("delete", RULE, rule, None, name="two", id_="sgr-1"),
        )
        assert told(found) == [("-", "tcp/443", ANY)]

    def test_an_inline_list_that_the_program_leaves_out_stays(self) -> None:
        found = review(step("update", GROUP, inline(443), {"vpcId": "vpc-1"}, named=["ingress"]))
        assert found.verdict == "no change"


REFUSED: dict[str, Any] = {"initErrors": ["updating: Error 403"]}


class TestAfterARefusedUpdate:
    def test_before_is_what_the_update_before_it_made(self) -> None:
        asked = google(OFFICE)
        found = review(step("update", GOOGLE, google(ANY), asked, there=asked, **REFUSED))
        assert (told(found)[0][0], ids(found)) == ("-", ["refused-update-behind"])
        assert "pulumi up --refresh" in found.risks[0].fix

    def test_a_refresh_heals_it(self) -> None:
        asked = google(OFFICE)
        steps = [step("refresh", GOOGLE, google(ANY), google(ANY), there=asked, **REFUSED),
                 step("update", GOOGLE, google(ANY, OFFICE), asked, named=["sourceRanges"])]  # fmt: skip
        assert ids(review(*steps)) == []

    def test_a_rule_that_is_deleted_needs_no_word(self) -> None:
        assert ids(review(step("delete", GOOGLE, google(ANY), None, **REFUSED))) == []

    def test_other_resources_are_not_about_reach(self) -> None:
        assert ids(review(step("update", DROPLET, {}, {"size": "s"}, named=["size"], **REFUSED))) == []


class TestGoogleKeepsAnywhere:
    def test_beside_the_one_block_that_takes_its_place(self) -> None:
        found = review(step("update", GOOGLE, google(ANY), google(OFFICE), named=["sourceRanges"]))
        assert (found.verdict, ids(found)) == ("no change", ["kept-open", "ssh-public"])

    def test_so_that_new_ports_open_to_anywhere(self) -> None:
        new = {**google(OFFICE), "allows": [{"protocol": "tcp", "ports": ["3306"]}]}
        found = review(step("update", GOOGLE, google(ANY), new, named=["sourceRanges", "allows"]))
        assert found.verdict == "moved"
        assert "internal-public" in ids(found)

    def test_when_the_rule_moves_to_tags(self) -> None:
        new = {key: value for key, value in google(sourceTags=["a"]).items() if key != "sourceRanges"}
        found = review(step("update", GOOGLE, google(ANY), new, named=["sourceTags"]))
        assert "kept-open" in ids(found)

    @pytest.mark.parametrize(("old", "new"), [((ANY, OFFICE), (OFFICE,)), (("10.0.0.0/8",), (OFFICE,))])
    def test_but_no_other_block(self, old: tuple[str, ...], new: tuple[str, ...]) -> None:
        found = review(step("update", GOOGLE, google(*old), google(*new), named=["sourceRanges"]))
        assert "kept-open" not in ids(found)
        assert "-" in [sign for sign, *_ in told(found)]

    def test_a_rule_that_is_replaced_is_a_new_one(self) -> None:
        found = review(step("replace", GOOGLE, google(ANY), google(OFFICE), named=["sourceRanges", "name"]))
        assert "kept-open" not in ids(found)


def ocean(*droplets: object, **more: Any) -> dict[str, Any]:
    rules = [{"protocol": "tcp", "portRange": "443", "sourceAddresses": [ANY]}]
    return {"inboundRules": rules, "dropletIds": list(droplets), **more}


def replaced(number: int) -> Step:
    named = {"name": f"d{number}", "id_": str(1000 + number), "named": ["image"]}
    return step("replace", DROPLET, {"image": "a"}, {"image": "b"}, **named)  # type: ignore[arg-type]


class TestMachinesUnderUnknownIds:
    @pytest.mark.parametrize("listed", [[UNKNOWN, UNKNOWN], UNKNOWN])
    def test_those_that_come_take_the_places_of_those_that_go(self, listed: object) -> None:
        new = {**ocean(), "dropletIds": listed}
        update = step("update", OCEAN, ocean(1001, 1002), new, named=["dropletIds"])
        urns = [f"{URN}{DROPLET}::d{number}" for number in (2, 1)]
        update["newState"]["propertyDependencies"] = {"dropletIds": urns}
        assert review(replaced(1), replaced(2), update).verdict == "no change"

    def test_without_dependencies_as_event_streams_have_none(self) -> None:
        update = step("update", OCEAN, ocean(1001, 1002), ocean(UNKNOWN, UNKNOWN), named=["dropletIds"])
        found = review(replaced(1), replaced(2), update)
        assert (found.verdict, ids(found)) == ("no change", [])

    def test_one_of_two_that_is_left_out_is_unprotected(self) -> None:
        update = step("update", OCEAN, ocean(1001, 1002), ocean(UNKNOWN), named=["dropletIds"])
        update["newState"]["propertyDependencies"] = {"dropletIds": [f"{URN}{DROPLET}::d1"]}
        found = review(replaced(1), replaced(2), update)
        assert [(risk.id, risk.where) for risk in found.risks] == [("unprotected", "Droplet d2")]


class TestTags:
    @pytest.mark.parametrize("op", ["same", "update"])
    def test_their_case_is_no_difference(self, op: str) -> None:
        old, new = ocean(tags=["Media"]), ocean(tags=["media"])
        for side in (old, new):
            side["inboundRules"] = [{"protocol": "tcp", "portRange": "22", "sourceTags": [side["tags"][0]]}]
        assert review(step(op, OCEAN, old, new, named=["tags"] if op == "update" else None)).verdict == "no change"

    def test_a_firewall_that_was_attached_to_nothing_closes_what_was_open(self) -> None:
        found = review(step("update", OCEAN, ocean(), ocean(tags=["media"]), there={"tags": []}, named=["tags"]))
        assert (found.verdict, ids(found)) == ("narrower", [])

    @pytest.mark.parametrize(
        ("program", "there"),
        [(ocean(1, 2), {"dropletIds": [1]}), (ocean(tags=["a", "b"]), {"tags": ["a"]})],
        ids=["a Droplet", "a tag"],
    )
    def test_what_was_taken_off_one_by_hand_was_open(self, program: dict[str, Any], there: dict[str, Any]) -> None:
        found = review(step("update", OCEAN, program, program, there=there, named=[*there]))
        assert (found.verdict, ids(found)) == ("narrower", [])
        assert {name for change in found.parts[0].changes for name in change.firewalls} == {
            "Droplet 2" if "dropletIds" in there else "tag b"
        }

    def test_what_another_firewall_has_was_not(self) -> None:
        other = step("same", OCEAN, ocean(2), ocean(2), name="other", id_="id-2")
        update = step("update", OCEAN, ocean(1, 2), ocean(1, 2), there={"dropletIds": [1]}, named=["dropletIds"])
        assert review(other, update).verdict == "no change"

    def test_but_not_of_a_machine_that_comes_with_it(self) -> None:
        new = step("create", DROPLET, None, {"image": "a"}, name="d1")
        update = step("update", OCEAN, ocean(), ocean(UNKNOWN), named=["dropletIds"])
        update["newState"]["propertyDependencies"] = {"dropletIds": [new["urn"]]}
        assert ("+", "tcp/443", ANY) in told(review(new, update))

    def test_one_whose_tags_are_taken_away_leaves_them_open(self) -> None:
        found = review(step("update", OCEAN, ocean(tags=["media"]), ocean(), named=["tags"]))
        assert ids(found) == ["unprotected"]


AZURE = "azure-native:network:NetworkSecurityGroup"


def azure(*ports: str) -> dict[str, Any]:
    rules = [
        {"name": f"r{port}", "priority": 100 + place, "access": "Allow", "direction": "Inbound", "protocol": "Tcp",
         "sourceAddressPrefix": "203.0.113.0/24", "sourcePortRange": "*", "destinationAddressPrefix": "*",
         "destinationPortRange": port}
        for place, port in enumerate(ports)
    ]  # fmt: skip
    return {"resourceGroupName": "rg", "networkSecurityGroupName": "nsg", "securityRules": rules}


class TestAzure:
    """The native provider puts what it found into inputs too; where a state has it in outputs only, they count."""

    def test_a_rule_that_is_in_outputs_only_goes(self) -> None:
        program, there = azure("443"), {"securityRules": azure("443", "22")["securityRules"]}
        found = review(step("update", AZURE, program, program, there=there, named=["securityRules[1]"]))
        assert told(found) == [("-", "tcp/22", "203.0.113.0/24")]

    def test_outputs_do_not_count_for_what_the_program_changes(self) -> None:
        there = {"securityRules": azure("22")["securityRules"]}
        found = review(step("update", AZURE, azure("443"), azure("443", "80"), there=there, named=["securityRules"]))
        assert told(found) == [("+", "tcp/80", "203.0.113.0/24")]

    def test_nor_for_what_the_provider_does_not_name(self) -> None:
        there = {"securityRules": azure("22")["securityRules"]}
        update = step("update", AZURE, azure("443"), {**azure("443"), "tags": {}}, there=there, named=["tags"])
        assert review(update).verdict == "no change"


class TestInputsThatAreNotThere:
    """A filter over an event stream may leave states without their inputs, which are then not empty."""

    def without(self, op: str, side: str, *, outputs: bool) -> Step:
        found = step(op, GOOGLE, google(ANY), google(OFFICE), named=["sourceRanges"])
        found["newState"]["outputs"] = google(OFFICE)
        del found[side]["inputs"]
        if not outputs:
            del found[side]["outputs"]
        return found

    @pytest.mark.parametrize(("side", "outputs"), [("oldState", False), ("newState", False), ("newState", True)])
    def test_are_refused_with_what_to_give(self, side: str, outputs: bool) -> None:
        with pytest.raises(NotAPreview, match=r"no inputs of gcp:compute/firewall:Firewall one.*whole"):
            review(self.without("update", side, outputs=outputs))

    def test_a_step_that_creates_something_is_refused_too(self) -> None:
        with pytest.raises(NotAPreview, match="no inputs"):
            review({**self.without("create", "newState", outputs=False), "oldState": None})

    def test_in_an_event_stream(self) -> None:
        made = step("create", GOOGLE, None, google(ANY))
        state = {key: value for key, value in made["newState"].items() if key != "inputs"}
        metadata = {"op": "create", "urn": made["urn"], "type": GOOGLE, "old": None, "new": state}
        events = [{"resourcePreEvent": {"metadata": metadata}}, {"summaryEvent": {"resourceChanges": {"create": 1}}}]
        text = "\n".join(json.dumps({"sequence": number, **event}) for number, event in enumerate(events))
        with pytest.raises(NotAPreview, match="no inputs"):
            review_texts([("stream.json", text)])

    def test_the_outputs_of_what_was_there_suffice(self) -> None:
        old = {"network": "default", "allows": [{"protocol": "tcp", "ports": ["22"]}], "sourceRanges": ["10.0.0.0/8"]}
        given = step("update", GOOGLE, old, google(OFFICE), named=["sourceRanges"])
        del given["oldState"]["inputs"]
        assert review(given).verdict == "moved"

    def test_what_is_only_read_has_outputs(self) -> None:
        read = step("read", GOOGLE, None, google(ANY))
        read["newState"] = {**read["newState"], "outputs": google(ANY)}
        del read["newState"]["inputs"]
        assert (review(read).verdict, ids(review(read))) == ("no change", ["ssh-public"])

    def test_other_kinds_of_resources_may_lack_them(self) -> None:
        made = step("create", DROPLET, None, {})
        del made["newState"]["inputs"]
        assert review(made).verdict == "no change"


class TestMachines:
    INSTANCE = "aws:ec2/instance:Instance"

    def test_what_the_provider_adds_to_one_that_is_replaced_is_no_other_group(self) -> None:
        old, new = ({"ami": ami, "vpcSecurityGroupIds": ["sg-1"]} for ami in ("a", "b"))
        found = review(step("replace", self.INSTANCE, old, new, there={"securityGroups": ["web"]}, named=["ami"]))
        assert (found.verdict, found.parts[0].unclear) == ("no change", ())

    def test_a_group_that_one_was_given_by_hand_goes(self) -> None:
        given = {"vpcSecurityGroupIds": ["sg-1"]}
        there = {"vpcSecurityGroupIds": ["sg-1", "sg-2"], "securityGroups": ["web"]}
        found = review(step("update", self.INSTANCE, given, given, there=there, named=["vpcSecurityGroupIds"]))
        assert ["its groups or tags change" in text for text in found.parts[0].unclear] == [True]
        other = review(step("update", self.INSTANCE, given, {**given, "ami": "b"}, there=there, named=["ami"]))
        assert other.parts[0].unclear == ()

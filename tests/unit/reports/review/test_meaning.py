"""A review reports exactly what changes, for our rules and foreign ones, on every kind of packet."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livekit_firewall.model.addresses import Packet
from livekit_firewall.model.rules import RuleSet
from livekit_firewall.reports.review import review_texts
from tests.unit.strategies import fewest_examples, packets, rule_sets, rules

from .judge import admits, assert_exact, box, said, verdict
from .programs import digest, preview, stream
from .writers import OURS, SSH, THEIRS, grants_of, written

PLATFORMS = sorted(THEIRS)
each_platform = pytest.mark.parametrize("platform", PLATFORMS)
dice = st.integers(0, 2**32 - 1).map(Random)


def page(*texts: str) -> dict[str, Any]:
    return json.loads(json.dumps(review_texts([(f"{n}.json", text) for n, text in enumerate(texts)]).as_json()))


def boxes(rule_set: RuleSet) -> list[Any]:
    return [box(ports, block) for ports, block in grants_of(rule_set)]


def with_ssh(rule_set: RuleSet) -> RuleSet:
    return RuleSet.of([*rule_set.ingress, SSH])


@st.composite
def pairs(draw: st.DrawFn) -> tuple[RuleSet, RuleSet]:
    """Two rule sets that have much in common."""
    common, left, right = (draw(st.lists(rules(), max_size=size)) for size in (4, 2, 2))
    return with_ssh(RuleSet.of([*common, *left])), with_ssh(RuleSet.of([*common, *right]))


@each_platform
class TestAnyTwoWritingsOfOneRuleSetAreNoChange:
    @fewest_examples
    @given(rule_sets(), dice)
    def test_ours_and_a_foreign_one(self, platform, rule_set, dice):
        rule_set = with_ssh(rule_set)
        ours, other = OURS[platform](rule_set, "lk"), written(platform, rule_set, dice, "other")
        for before, after in ((ours, other), (other, ours), (ours, OURS[platform](rule_set, "called-otherwise"))):
            found = page(preview(before, after))
            assert (found["verdict"], found["stacks"][0]["changes"]) == ("no change", [])

    @fewest_examples
    @given(rule_sets(), dice, dice)
    def test_two_foreign_ones(self, platform, rule_set, one, other):
        rule_set = with_ssh(rule_set)
        before, after = (written(platform, rule_set, some, name) for some, name in ((one, "one"), (other, "other")))
        told = digest(before, after, sames=bool(one.randrange(2)), hides=bool(one.randrange(2)))
        assert page(json.dumps(told))["verdict"] == "no change"
        assert page(stream(told))["verdict"] == "no change"

    def test_nothing_at_all(self, platform):
        things = OURS[platform](RuleSet.of([SSH]), "lk")
        assert page(preview(things, things))["verdict"] == page(preview(things, things, sames=False))["verdict"]
        assert page(preview(things, things))["verdict"] == "no change"


@each_platform
class TestWhatIsGainedAndLostIsExact:
    @fewest_examples
    @given(pairs(), dice)
    def test_between_any_two_rule_sets(self, platform, case, dice):
        before, after = case
        told = digest(written(platform, before, dice), written(platform, after, dice), hides=bool(dice.randrange(2)))
        found = page(json.dumps(told))
        assert found["verdict"] == verdict(*assert_exact(found, boxes(before), boxes(after)))
        assert page(stream(told))["verdict"] == found["verdict"]

    @fewest_examples
    @given(rule_sets(), rules(), dice)
    def test_a_rule_more_is_wider_and_a_rule_less_is_narrower(self, platform, few, rule, dice):
        few = with_ssh(few)
        more = RuleSet.of([*few, rule])
        if not more.subtract(few).ingress:
            return
        smaller, larger = written(platform, few, dice, "lk"), written(platform, more, dice, "lk")
        assert page(preview(smaller, larger))["verdict"] == "wider"
        assert page(preview(larger, smaller))["verdict"] == "narrower"
        assert page(preview([], larger))["verdict"] == "wider"

    @fewest_examples
    @given(st.data(), pairs())
    def test_for_a_packet_as_the_rule_sets_themselves_judge_it(self, platform, data, case):
        before, after = case
        found = page(preview(OURS[platform](before, "lk"), OURS[platform](after, "lk")))
        packet: Packet = data.draw(packets(data.draw(st.sampled_from([before, after]))))
        was, is_ = before.admits(packet), after.admits(packet)
        held = (str(packet.protocol), packet.port, packet.source.version, int(packet.source))
        assert admits(said(found["stacks"], "gained"), *held) == (is_ and not was)
        assert admits(said(found["stacks"], "lost"), *held) == (was and not is_)

"""What is gained and lost of one firewall, where one side is not known."""

from __future__ import annotations

from livekit_firewall.effective.evaluate import EffectiveRules
from livekit_firewall.effective.snapshot import Snapshot
from livekit_firewall.model.addresses import Direction
from livekit_firewall.model.packets import EVERYBODY, PacketSet
from livekit_firewall.model.ports import PortRange
from livekit_firewall.reports.review.difference import Pair, StackContext, changes_of

HTTPS = PacketSet.box([PortRange.tcp(443)], EVERYBODY)


def pair(before: EffectiveRules, after: EffectiveRules, *, hidden: bool = False) -> Pair:
    ways = {Direction.INGRESS: before}, {Direction.INGRESS: after}
    old, new = (Snapshot("sg", "sg", "aws", way) for way in ways)
    if hidden:
        new = Snapshot("sg", "sg", "aws", ways[1], has_hidden_rules=True)
    return Pair(old, new, *ways)


def test_what_a_name_gains_is_not_sure_where_it_may_have_been_open_to_all():
    named = EffectiveRules("sg", PacketSet(), named={"sg-1": HTTPS})
    found = pair(EffectiveRules("sg", PacketSet(), unknown=HTTPS), named)
    kinds = {one.kind for one in changes_of(found, StackContext()) if one.gained and one.gained.names == ("sg-1",)}
    assert kinds == {"may open"}
    sure = list(changes_of(pair(EffectiveRules("sg", PacketSet()), named), StackContext()))
    assert [(one.kind, one.gained and one.gained.names) for one in sure] == [("added", ("sg-1",))]


def test_rules_that_are_a_secret_on_one_side_only_are_no_change_that_could_be_named():
    open_, shut = EffectiveRules("sg", HTTPS), EffectiveRules("sg", PacketSet())
    assert list(changes_of(pair(open_, shut, hidden=True), StackContext())) == []
    assert [one.kind for one in changes_of(pair(open_, shut), StackContext())] == ["removed"]

"""What rules surely admit, and what they may admit: some peers are known by a name here, and not by their addresses.

To `RuleSet.subtract` a name and an address have nothing in common, as in the rules. Whether a peer gets in is another
question, since the addresses behind a name may be any.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from ...model.rules import Rule, RuleSet


def not_admitted(wanted: RuleSet, rules: Iterable[Rule]) -> RuleSet:
    """What no rule surely admits. A rule from anywhere admits whoever is known by a name, too."""
    given = tuple(rules)
    names = {one.peer for one in wanted if not one.peer.blocks}
    by_name = (replace(rule, peer=peer) for rule in given if rule.peer.is_anywhere for peer in names)
    return wanted.subtract(RuleSet.of((*given, *by_name)))


def closed(wanted: RuleSet, rules: Iterable[Rule]) -> RuleSet:
    """What surely no rule admits."""
    given = tuple(rules)
    left = not_admitted(wanted, given)
    possible = (replace(rule, peer=one.peer) for one in left for rule in given if may_admit(rule, one))
    return left.subtract(RuleSet.of(possible))


def may_admit(rule: Rule, wanted: Rule) -> bool:
    """Whether the two have ports in common, and one of them a peer whose addresses are not known here."""
    return rule.ports.overlaps(wanted.ports) and not (rule.peer.blocks and wanted.peer.blocks)


def overlap(rule: Rule, wanted: RuleSet) -> bool:
    """Whether the rule surely admits a part of what is wanted."""
    return not_admitted(wanted, [rule]) != wanted

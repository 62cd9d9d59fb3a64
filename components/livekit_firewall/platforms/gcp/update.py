"""What Google Cloud refuses in the middle of an update, though the provider's preview lets it pass: a name that another
rule of the project still has, both families in one rule, and unlawful names, also those that Pulumi makes of a
resource's (`names.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ...effective.property_values import is_hidden, listed
from ...effective.resource_names import ResourceNames
from ...effective.resources import Resource
from ...effective.syntax import has_both_families
from ...effective.update import Claim, Operation, Outcome, Told, clashes
from ...model.text import printable
from .names import LAWFUL

RANGES = ("sourceRanges", "destinationRanges")
"""Blocks of one rule are all of one family ("Use VPC firewall rules")."""


def outcome(operations: Sequence[Operation], names: ResourceNames) -> Outcome:  # noqa: ARG001
    refused, claims = [], []
    for one in operations:
        is_made = one.writes and not one.updates
        if is_made and one.after and (name := _name(one.after)) and not re.fullmatch(LAWFUL, name):
            text = (
                f"{one.name} is called {printable(name, 70)}, and a name is a lowercase label of at most 63 characters"
            )
            refused.append(Told(one.name, text))
        refused += [Told(one.name, text) for text in _mixed(one)]
        old, new = (frozenset(_key(side)) for side in (one.before, one.after))
        # of a replacement that keeps its name, the old one goes first (`nameRequiresDeleteBeforeReplace` of the bridge)
        first = Operation(one.urn, one.before, one.after, one.writes, one.replaces, one.deletes_first is not False)
        claims.append(Claim(first, old, new, new if is_made else frozenset()))
    for clash in clashes(claims):
        text = f"{clash.asking.by.name} has the name of {clash.holding.by.name}, and a project holds one rule of a name"
        refused.append(Told(clash.asking.by.name, text))
    return Outcome(refused=tuple(refused))


def _mixed(one: Operation) -> Iterator[str]:
    for field in RANGES:
        if one.writes and one.after and has_both_families(listed(one.after.inputs.get(field))):
            yield f"{one.name} has IPv4 and IPv6 in its {field}, and a rule of Google Cloud is for one of them"


def _name(one: Resource | None) -> str:
    name = one.inputs.get("name") if one else None
    return name if isinstance(name, str) and not is_hidden(name) else ""


def _key(one: Resource | None) -> tuple[tuple[str, str], ...]:
    """Names are equal in one project; the provider's own is that of all that name none."""
    project = one.inputs.get("project") if one else None
    if one is None or is_hidden(project) or not _name(one):
        return ()
    return ((str(project or ""), _name(one)),)

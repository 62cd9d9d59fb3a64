"""Associations of the classic provider: a subnet, or an interface, has one group at a time.

The provider refuses to make an association where there is a group already, whichever ("needs to be imported": azurerm's
subnet_network_security_group_association_resource.go and network_interface_security_group_association_resource.go). In
azure-native the group is a property, which is put in place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from ...effective.resource_names import ResourceNames
from ...effective.resources import Resource
from ...effective.update import Claim, Operation, Told, clashes
from ...effective.urns import is_urn, name_of
from ...model.text import printable
from .attachments import attachments


def associated_twice(associations: Iterable[Operation], names: ResourceNames) -> Iterator[Told]:
    """Associations that are made while the subnet or the interface still has a group."""
    claims = []
    for one in associations:
        old, new = (frozenset(_bearers(side, names)) for side in (one.before, one.after))
        is_made = one.writes and not one.updates
        first = replace(one, deletes_first=one.deletes_first is not False)
        claims.append(Claim(first, old, new, new if is_made else frozenset()))
    for clash in clashes(claims):
        asking, holding = clash.asking.by, clash.holding.by
        where = printable(name_of(str(clash.key)), 60)
        if asking is holding:
            text = f"{asking.name} is made before its old one is gone, and {where} still has a group then"
        else:
            text = f"{asking.name} gives {where} a group, which has that of {holding.name}"
            text += "" if clash.is_sure else f": refused if it comes before {holding.name} is changed"
        yield Told(asking.name, text)


def _bearers(one: Resource | None, names: ResourceNames) -> Iterator[str]:
    """What the association gives a group, if that is known. A subnet that is replaced is another one, and has none."""
    kept = {own.urn for own in names.kept}
    for step in attachments([one] if one else [], names):
        if step.what and step.by == step.what and (step.bearer in kept or not is_urn(step.bearer)):
            yield step.bearer

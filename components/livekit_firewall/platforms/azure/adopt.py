"""A network security group as `pulumi import` needs it: by its resource id, its rules inside.

Source: azure-native, `resources.ParseResourceID`, which holds the id part by part against the path of the REST API,
`/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Network/
networkSecurityGroups/{networkSecurityGroupName}`, and takes names from it, as `provider.Read` does on import.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from shlex import quote

from ...effective.evaluate import ImportEntry
from ..target_values import known
from .listing import LAST_OWN, Group
from .names import group_name
from .native import Native
from .record import AZURE, SECURITY_RULE
from .target import AzureTarget

ID_PARTS = 9
"""Between the slashes of such an id, nothing before the first one included."""


def in_place(resource_group: object, location: object) -> dict[str, str]:
    """Where a group is. Case is nothing there, nor are spaces in a location (azure-native, `normalizedLocation`)."""
    home = known(**{"resource group": resource_group, "location": location})
    return {name: value.lower().replace(" ", "") for name, value in home.items()}


def expected(native: Native, component: str, target: AzureTarget) -> Iterator[ImportEntry]:
    """What `AzureFirewall` makes: a group, or rules in an existing one."""
    if native.group_id is not None:
        home = known(**{IN_GROUP: target.network_security_group_id})
        for rule in native.security_rules:
            yield ImportEntry(type=SECURITY_RULE, name=rule.name, content=_named(rule.name), home=_lower(home))
        return
    home = in_place(target.resource_group_name, target.location)
    yield ImportEntry(type=AZURE.made[0], name=group_name(component), home=home)


IN_GROUP = "network security group"


def _named(rule: str) -> tuple[object, ...]:
    """What makes a rule of a group the same one: its name, which Azure compares ignoring case."""
    return (rule.lower(),)


def _lower(home: Mapping[str, str]) -> dict[str, str]:
    return {kind: place.lower() for kind, place in home.items()}


def listed_rules(group: Group) -> Iterator[ImportEntry]:
    """The rules of a listed group, without Azure's own."""
    for rule in group.rules:
        one = rule.listed
        if one.priority > LAST_OWN:
            continue
        id_ = one.id or (f"{group.id}/securityRules/{one.name}" if group.id else "")
        yield ImportEntry(
            type=SECURITY_RULE,
            name=one.name,
            id=id_,
            content=_named(one.name),
            home=_lower(known(**{IN_GROUP: group.id})),
            shown=f"{one.direction.lower()} {one.access.lower()} {one.priority}",
            removal=f"az network nsg rule delete --ids {quote(id_)}",
        )


def listed_resource(group: Group) -> ImportEntry:
    """The group of a listing. Its resource group stands in its id, whose case Azure leaves to the caller ("Naming rules
    and restrictions for Azure resources").
    """
    parts = group.id.split("/")
    home = in_place(parts[4] if len(parts) == ID_PARTS else None, group.location)
    own = [one for one in group.rules if one.listed.priority <= LAST_OWN]
    return ImportEntry(
        type=AZURE.made[0],
        name=group.name,
        id=group.id,
        home=home,
        shown=f"{len(own)} rules",
        removal=f"az network nsg delete --ids {quote(group.id)}",
    )

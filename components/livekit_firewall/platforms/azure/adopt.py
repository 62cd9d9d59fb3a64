"""A network security group as `pulumi import` needs it: by its resource id, its rules inside.

Source: azure-native, `resources.ParseResourceID`, which holds the id part by part against the path of the REST API,
`/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Network/
networkSecurityGroups/{networkSecurityGroupName}`, and takes names from it, as `provider.Read` does on import.
"""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from ...effective.evaluate import ImportEntry
from ..platform import known
from .listing import LAST_OWN, Group
from .names import group_name
from .record import AZURE
from .target import AzureTarget

ID_PARTS = 9
"""Between the slashes of such an id, nothing before the first one included."""


def in_place(resource_group: object, location: object) -> dict[str, str]:
    """Where a group is. Case is nothing there, nor are spaces in a location (azure-native, `normalizedLocation`)."""
    home = known(**{"resource group": resource_group, "location": location})
    return {name: value.lower().replace(" ", "") for name, value in home.items()}


def expected(component: str, target: AzureTarget) -> Iterator[ImportEntry]:
    """What `AzureFirewall` makes."""
    home = in_place(target.resource_group_name, target.location)
    yield ImportEntry(type=AZURE.made[0], name=group_name(component), home=home)


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

"""Sources that a platform names by its own means, for each audience: `{operators: {bastion: ID}}`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from ..inputs.field_types import IdsByName
from ..model.addresses import Identity
from ..model.errors import Place, Problem
from ..model.rules import RuleSet

ARGUMENTS: Mapping[Identity, str] = {
    one: one.value.replace("-", "_") for one in Identity if one is not Identity.SAME_GROUP
}
"""The key of an audience's identity, in a target and among the arguments."""


def addresses_of(identity: Identity) -> str:
    """The argument that names an identity's addresses."""
    if identity is Identity.TRUNKS:
        return "trunks"
    return "cluster.cidrs" if identity is Identity.SAME_GROUP else f"{ARGUMENTS[identity]}.cidrs"


class Audiences(Struct, frozen=True, kw_only=True):
    """What a target says for each audience, by names of the user's own, by which its rules are known. The fields are
    called as the audiences' arguments are.
    """

    def of(self, identity: Identity) -> Mapping[str, Any]:
        """What is given for an audience, by name."""
        given = getattr(self, ARGUMENTS[identity], None) if identity in ARGUMENTS else None
        return given if isinstance(given, Mapping) else {}

    @property
    def names(self) -> frozenset[Identity]:
        """The audiences that have any."""
        return frozenset(identity for identity in ARGUMENTS if self.of(identity))


class ByAudience(Audiences, frozen=True, kw_only=True):
    """Ids of machines of the cloud by audience and name: of their groups, tags or accounts, which stand for what they
    send from their private addresses.
    """

    clients: IdsByName | None = None
    load_balancer: IdsByName | None = None
    trunks: IdsByName | None = None
    operators: IdsByName | None = None
    cluster: IdsByName | None = None


def by_members(target: object) -> frozenset[Identity]:
    """The audiences that a target names by machines of its cloud."""
    fields = [getattr(target, name) for name in getattr(target, "__struct_fields__", ())]
    return frozenset[Identity]().union(*(one.names for one in fields if isinstance(one, ByAudience)))


def given_in(by: Audiences, argument: str) -> Iterator[tuple[str, Any]]:
    """What is given for each audience under each name, with its argument: "gcp.source_tags.operators.bastion"."""
    for identity, audience in ARGUMENTS.items():
        yield from ((f"{argument}.{audience}.{name}", one) for name, one in sorted(by.of(identity).items()))


def unnamed_identities(rules: RuleSet, names: frozenset[Identity], argument: str) -> Iterator[Problem]:
    """A problem for each audience that the rules admit by identity, and the target does not name.

    Args:
        argument: of the platform.
    """
    for identity in sorted(rules.identities - names):
        if identity in ARGUMENTS:
            services = dict.fromkeys(rule.service.label for rule in rules.ingress if rule.peer.identity is identity)
            expected = f"must name the {identity}, who may reach {', '.join(services)}"
            yield Problem(Place(argument), "", expected, f"or give their addresses as {addresses_of(identity)}")

"""The argument `aws`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from msgspec import Struct

from ...inputs.field_types import Id, NamedIds, Tags, TextOrOutput, expects
from ...model.addresses import Identity
from ..by_audience import Audiences, ByAudience


class PrefixList(Struct, frozen=True, kw_only=True):
    """A prefix list of EC2: the account's own, or one of AWS.

    Attributes:
        max_entries: what it counts as towards the quota: the most entries of the account's own, the weight of one of
            AWS (VPC guide, "Prefix lists" and "Available AWS-managed prefix lists").
    """

    id: Id | None = None
    max_entries: Annotated[int, expects("a number of entries, 1 to 1000", shown=True, ge=1, le=1000)] | None = None


ListsByName = Annotated[
    dict[str, PrefixList], expects("a mapping from names of your own to mappings with id and max_entries")
]


class PrefixLists(Audiences, frozen=True, kw_only=True):
    """Prefix lists by audience and name."""

    clients: ListsByName | None = None
    load_balancer: ListsByName | None = None
    trunks: ListsByName | None = None
    operators: ListsByName | None = None
    cluster: ListsByName | None = None


class AwsTarget(Struct, frozen=True, kw_only=True):
    """An EC2 security group: a new one in `vpc_id`, or rules added to `security_group_id`.

    Attributes:
        as the keys of their names in `firewall_args.AwsArgs`, which describes each, and further:
        load_balancer_security_group_ids: by names of the user's own, which become the names of their rules: whatever
            the order and whenever an id is known, each stays the same rule. A list holds plain ids only, which are
            their own names.
        security_groups: groups of each audience, by names of the user's own. A group stands for the private addresses
            of its interfaces.
        prefix_lists: prefix lists of each audience, likewise. What they hold is for whoever keeps them to say.
        rules_quota: what the account's quota is (VPC quotas, "Inbound or outbound rules per security group").
        groups: how many new groups the rules are spread over; see `spread.py`.
        merge_rules: see `merge.py`.
        baseline: false leaves ICMP and egress of an existing group to whoever writes them there: a group holds a rule
            once, so that of several components on one group all but one say so.
        rule_tags: of each rule; another one is `CreateTags`, which modifies no rule and cuts no flow.
        exclusive: every rule of the group that the component does not write is removed.
    """

    vpc_id: Id | None = None
    security_group_id: Id | None = None
    load_balancer_security_group_ids: NamedIds | None = None
    security_groups: ByAudience = ByAudience()
    prefix_lists: PrefixLists = PrefixLists()
    egress: bool | None = None
    baseline: bool = True
    exclusive: bool = False
    existing_rules: Annotated[int, expects("a number of rules, 0 or more", shown=True, ge=0, le=10**9)] = 0
    rules_quota: Annotated[int, expects("a number of rules, 1 to 1000", shown=True, ge=1, le=1000)] = 60
    groups: Annotated[int, expects("a number of security groups, 1 to 16", shown=True, ge=1, le=16)] = 1
    merge_rules: bool = False
    tags: Tags = {}
    rule_tags: Tags = {}
    region: TextOrOutput | None = None

    @property
    def names(self) -> frozenset[Identity]:
        """See `platform.Target`."""
        balancer = self.load_balancer_security_group_ids not in (None, [], (), {})
        by_name = self.security_groups.names | self.prefix_lists.names
        return frozenset({Identity.SAME_GROUP, *by_name, *([Identity.LOAD_BALANCER] if balancer else [])})

    def groups_of(self, audience: Identity) -> tuple[tuple[str, Any], ...]:
        """The groups of an audience, each with its name: "" for one of a list, where the id is the name."""
        given = self.load_balancer_security_group_ids if audience is Identity.LOAD_BALANCER else None
        listed = () if isinstance(given, Mapping) else (("", one) for one in dict.fromkeys(given or ()))
        named = given.items() if isinstance(given, Mapping) else ()
        return (*listed, *named, *self.security_groups.of(audience).items())

    def lists_of(self, audience: Identity) -> tuple[tuple[str, PrefixList], ...]:
        """The prefix lists of an audience, each with its name."""
        return tuple(self.prefix_lists.of(audience).items())

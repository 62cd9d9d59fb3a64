"""The argument `aws`."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from ...inputs.records import Id, NamedIds, Tags, TextOrOutput, expects
from ...model.addresses import Identity


class AwsTarget(Struct, frozen=True, kw_only=True):
    """An EC2 security group: a new one in `vpc_id`, or rules added to `security_group_id`.

    Attributes:
        load_balancer_security_group_ids: by names of the user's own, which become the names of their rules: whatever
            the order and whenever an id is known, each stays the same rule. A list holds plain ids only, which are
            their own names.
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
        return frozenset({Identity.SAME_GROUP, *([Identity.LOAD_BALANCER] if balancer else [])})

"""Which of several security groups a rule is in, where one does not hold them all.

An interface admits what its groups admit together, so that it does not matter which group has a rule, but for one
thing: a rule that moves is made anew, and one from or to anywhere may enable flows that AWS does not track, which it
cuts when their rule goes (EC2 guide, "Security group connection tracking"). Those stay in the first
group, whatever the number of groups, as does a block that is not known yet, which may be anywhere. All others are
spread by rendezvous hashing of their keys: a rule that comes or goes moves no other one, and a group that is added or
taken away as the last one moves those alone that come into it or leave it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from hashlib import sha256

from ...model.addresses import ANY
from .native import SELF, SecurityGroupRule

ANYWHERE = frozenset(map(str, ANY.values()))


def spread(rules: Iterable[SecurityGroupRule], groups: int) -> Iterator[SecurityGroupRule]:
    """The rules of one group, each in one of so many. The first group's keep their keys."""
    for rule in rules:
        group = 1 if groups == 1 or stays(rule) else group_of(rule.key, groups)
        yield rule if group == 1 else replace(rule, group=group, key=f"group-{group}-{rule.key}", also=())


def stays(rule: SecurityGroupRule) -> bool:
    """Whether it is in the first group, however many there are. What the members of the group may reach is there for
    the same group to be meant by every number of them.
    """
    is_anywhere = rule.block is not None or bool({rule.cidr_ipv4, rule.cidr_ipv6} & ANYWHERE)
    return is_anywhere or rule.referenced_security_group_id is SELF


def group_of(key: str, groups: int) -> int:
    """1 to `groups`: the one that is first in an order of all groups, which is another one for each key."""
    return max(range(1, groups + 1), key=lambda group: sha256(f"{group} {key}".encode()).digest())

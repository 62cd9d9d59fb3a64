"""Reading a `GcpTarget`: for which instances the rules are, and everything that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from msgspec import Struct

from ...inputs.field_types import Id, Ids, TextOrOutput, TextsOrOutputs, expects
from ...model.addresses import Identity
from ...model.errors import Place, Problem
from ...model.text import quoted
from ..by_audience import ByAudience, given_in
from ..platform import PLACEHOLDER
from ..target_values import Member, members_named
from .names import LAWFUL

ACCOUNT = r"[^@\s]+@[^@\s]+"
TAGS_AT, ACCOUNTS_AT = "gcp.target_tags", "gcp.target_service_accounts"
ANOTHER = "an output with another value"
KINDS = ("target_tags", "target_service_accounts", "all_instances")


class TargetInstances(Struct, frozen=True):
    """The instances meant: by tags, by service accounts, or, both empty, all of the network."""

    tags: tuple[object, ...] = ()
    accounts: tuple[object, ...] = ()


def read_target(target: GcpTarget, most_accounts: int) -> tuple[TargetInstances, list[Problem]]:
    """The instances, and what is wrong. An id that is no text is an output: opaque, known only to Pulumi.

    Without tags and accounts a rule of Google's is for *every instance of the network*, so that must be
    asked for by name.
    """
    problems: list[Problem] = []
    if target.network is None or target.network == "":
        problems.append(Problem(Place("gcp.network"), "", "is required", "name the VPC network, such as default"))
    given = [kind for kind in KINDS if getattr(target, kind) not in (None, False)]
    if len(given) != 1:
        hint = "set all_instances: true if every instance of the network is meant" if not given else "keep one of them"
        problems.append(Problem(Place("gcp"), " and ".join(given), f"exactly one of {', '.join(KINDS)}", hint))
    tags = _members(target.target_tags, "gcp.target_tags", problems)
    accounts = _members(target.target_service_accounts, "gcp.target_service_accounts", problems)
    problems += [_unlawful(TAGS_AT, quoted(tag), TAG) for tag in tags if not _is_lawful(tag, LAWFUL)]
    problems += [_unlawful(ACCOUNTS_AT, quoted(one), EMAIL) for one in accounts if not _is_lawful(one, ACCOUNT)]
    if len(accounts) > most_accounts:
        problems.append(Problem(
            Place("gcp.target_service_accounts"), f"{len(accounts)} service accounts",
            f"at most {most_accounts}", "use target_tags for more",
        ))  # fmt: skip
    problems += _source_problems(target)
    return TargetInstances(tags, accounts), problems


def _source_problems(target: GcpTarget) -> Iterator[Problem]:
    """Of tags and accounts as sources. A rule has tags or accounts: "sourceServiceAccounts cannot be used at the same
    time as sourceTags or targetTags" (compute v1, `Firewall`).
    """
    for kind, pattern, expected, by, others, instead in (
        ("source_tags", LAWFUL, TAG, target.source_tags, "target_service_accounts", "source_service_accounts"),
        (
            "source_service_accounts", ACCOUNT, EMAIL,
            target.source_service_accounts, "target_tags", "source_tags",
        ),
    ):  # fmt: skip
        given = list(given_in(by, f"gcp.{kind}"))
        yield from (_unlawful(path, quoted(one), expected) for path, one in given if not _is_lawful(one, pattern))
        if given and getattr(target, others) is not None:
            but = f"must not stand beside gcp.{others}: a rule of Google's has tags or service accounts, never both"
            yield Problem(Place(f"gcp.{kind}"), "", but, f"name these sources in gcp.{instead}")


TAG = "1 to 63 of a-z, 0-9 and hyphens, a letter first and no hyphen last"
EMAIL = "the email address of a service account"


def _members(values: Sequence[Member] | None, path: str, problems: list[Problem]) -> tuple[Member, ...]:
    """The list, each text once. An output is never equal to another, so it stays as it is."""
    seen: list[Member] = []
    for value in members_named(values, path, problems):
        if not isinstance(value, str) or all(not isinstance(one, str) or value != one for one in seen):
            seen.append(value)
    return tuple(seen)


def _is_lawful(value: object, pattern: str) -> bool:
    return not isinstance(value, str) or value == PLACEHOLDER or re.fullmatch(pattern, value) is not None


def _unlawful(path: str, got: str, expected: str) -> Problem:
    return Problem(Place(path), got, expected)


def tag_problems(tag: object, path: str = TAGS_AT) -> list[Problem]:
    """Of a tag that was an output: without a name, a rule would be for every instance of the network."""
    return [] if isinstance(tag, str) and re.fullmatch(LAWFUL, tag) else [_unlawful(path, ANOTHER, TAG)]


def account_problems(account: object, path: str = ACCOUNTS_AT) -> list[Problem]:
    """Of a service account that was an output."""
    is_lawful = isinstance(account, str) and re.fullmatch(ACCOUNT, account)
    return [] if is_lawful else [_unlawful(path, ANOTHER, EMAIL)]


Metadata = Annotated[
    Literal["INCLUDE_ALL_METADATA", "EXCLUDE_ALL_METADATA"],
    expects("INCLUDE_ALL_METADATA or EXCLUDE_ALL_METADATA", shown=True),
]


class LogConfig(Struct, frozen=True, kw_only=True):
    """`log_config`, with Google's shape: Firewall Rules Logging of every rule."""

    metadata: Metadata = "INCLUDE_ALL_METADATA"


Priority = Annotated[int, expects("a priority from 0 to 65534", shown=True, ge=0, le=65534)]
"""At 65535, the last one, stand Google's implied rules; at one priority a deny wins, so that nothing would be open."""


class GcpTarget(Struct, frozen=True, kw_only=True):
    """Firewall rules of a VPC network, for instances with tags or service accounts, or for all.

    Attributes:
        as the keys of their names in `firewall_args.GcpArgs`, which describes each.
    """

    network: Id | None = None
    project: TextOrOutput | None = None
    target_tags: TextsOrOutputs | None = None
    target_service_accounts: Ids | None = None
    all_instances: bool = False
    google_load_balancer: bool = False
    source_tags: ByAudience = ByAudience()
    source_service_accounts: ByAudience = ByAudience()
    priority: Priority = 1000
    log_config: LogConfig | None = None
    existing_rules: Annotated[int, expects("a number of rules, 0 or more", shown=True, ge=0, le=10**9)] = 0
    rules_quota: Annotated[int, expects("a number of rules, 1 or more", shown=True, ge=1, le=10**9)] | None = None

    @property
    def names(self) -> frozenset[Identity]:
        """See `platform.Target`."""
        found = {
            Identity.LOAD_BALANCER: self.google_load_balancer,
            Identity.SAME_GROUP: not self.all_instances,
        }
        by_name = self.source_tags.names | self.source_service_accounts.names
        return by_name | {one for one, is_named in found.items() if is_named}

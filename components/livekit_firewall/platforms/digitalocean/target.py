"""Reading a `DigitalOceanTarget`: which Droplets and load balancers, and everything wrong with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from msgspec import Struct

from ...inputs.field_types import Ids, TextsOrOutputs
from ...inputs.shown import show
from ...model.addresses import Identity
from ...model.errors import Place, Problem
from ...model.text import quoted
from ..by_audience import ByAudience, given_in
from ..platform import PLACEHOLDER
from ..target_values import Member, members_named

TAG = r"[a-zA-Z0-9:\-_]{1,255}"
"""Source: `tags` of https://docs.digitalocean.com/reference/api/digitalocean/#tag/Tags"""


class TargetMembers(Struct, frozen=True):
    """What the firewall is attached to, and who may be named as a source.

    Attributes:
        droplets: integers, or outputs of other resources.
        tags, balancers: texts, or outputs of other resources.
    """

    droplets: tuple[object, ...] = ()
    tags: tuple[object, ...] = ()
    balancers: tuple[object, ...] = ()


def read_target(target: DigitalOceanTarget, most_droplets: int, most_tags: int) -> tuple[TargetMembers, list[Problem]]:
    """The Droplets, tags and load balancers, and what is wrong.

    An id that is neither text nor number is an output: opaque, known only to Pulumi. Without Droplets and
    tags the firewall would guard nothing, so one of them is required.
    """
    problems: list[Problem] = []
    droplets = _members(target.droplet_ids, "digitalocean.droplet_ids", _droplet, problems)
    tags = _members(target.tags, "digitalocean.tags", _tag, problems)
    balancers = _members(target.load_balancer_uids, "digitalocean.load_balancer_uids", _uid, problems)
    for path, tag in given_in(target.source_tags, "digitalocean.source_tags"):
        if expected := _tag(tag)[1]:
            problems.append(Problem(Place(path), quoted(tag, 300), expected))
    if target.droplet_ids is None and target.tags is None:
        hint = "name the Droplets that the firewall is for, best by a tag"
        problems.append(Problem(Place("digitalocean"), "", "droplet_ids or tags are required", hint))
    for path, given, most, hint in (
        ("digitalocean.droplet_ids", len(droplets), most_droplets, "give them a tag and use tags"),
        ("digitalocean.tags", len(tags), most_tags, "use one tag that all of them have"),
    ):
        if given > most:
            problems.append(Problem(Place(path), str(given), f"at most {most} per firewall", hint))
    return TargetMembers(droplets, tags, balancers), problems


def _members(
    values: Sequence[object] | None, path: str, read: Callable[[object], tuple[Member, str]], problems: list[Problem]
) -> tuple[Member, ...]:
    """Each value once; two outputs are never known to be equal. Tags are compared ignoring case."""
    found: dict[object, Member] = {}
    for value in members_named(values, path, problems):
        member, expected = read(value)
        if expected:
            got = quoted(value, 300) if isinstance(value, str | bool) else show(path, value)
            problems.append(Problem(Place(path), got, expected))
        found.setdefault(member.casefold() if isinstance(member, str) else _Same(member), member)
    return tuple(found.values())


class _Same:
    """A key for what must not be compared by value unless it is a number: outputs are neither equal nor
    ordered before Pulumi knows them.
    """

    def __init__(self, value: object) -> None:
        self.value = value if isinstance(value, int) else id(value)

    def __hash__(self) -> int:
        return hash(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.value == other.value


DIGITS = 19
"""Of an integer of 64 bits; Python refuses to read thousands of them."""


def _droplet(value: object) -> tuple[object, str]:
    """Droplet ids are integers to the provider, texts as outputs and in stack config, floats when hosted."""
    expected = DROPLETS
    if value == PLACEHOLDER:
        return value, ""
    if isinstance(value, str):
        is_id = value.isascii() and value.isdigit() and len(value) <= DIGITS and int(value)
        return (int(value), "") if is_id else (value, expected)
    if isinstance(value, bool) or (isinstance(value, int | float) and (value % 1 != 0 or value < 1)):
        return str(value), expected
    return int(value) if isinstance(value, float) else value, ""


def _tag(value: object) -> tuple[object, str]:
    lawful = not isinstance(value, str) or re.fullmatch(TAG, value)
    return value, "" if lawful else TAGS


def tag_problems(tag: object, path: str = "digitalocean.tags") -> list[Problem]:
    """Of a tag that was an output."""
    expected = _tag(tag)[1] if isinstance(tag, str) else TAGS
    return [Problem(Place(path), ANOTHER, expected)] if expected else []


def source_tag_problems(tag: object) -> list[Problem]:
    """The same, of a tag that an audience is named by."""
    return tag_problems(tag, "digitalocean.source_tags")


def droplet_problems(droplet: object) -> list[Problem]:
    """Of the id of a Droplet that was an output."""
    is_known = isinstance(droplet, str | int | float) and droplet != PLACEHOLDER
    expected = _droplet(droplet)[1] if is_known else DROPLETS
    return [Problem(Place("digitalocean.droplet_ids"), ANOTHER, expected)] if expected else []


def balancer_problems(balancer: object) -> list[Problem]:
    """Of the id of a load balancer that was an output."""
    expected = _uid(balancer)[1] if isinstance(balancer, str) else UIDS
    return [Problem(Place("digitalocean.load_balancer_uids"), ANOTHER, expected)] if expected else []


ANOTHER = "an output with another value"
DROPLETS = "the id of a Droplet, a positive integer"
TAGS = "a tag of 1 to 255 letters, digits, colons, hyphens and underscores"
UIDS = "the id of a load balancer"


def _uid(value: object) -> tuple[object, str]:
    return value, UIDS if isinstance(value, str) and not value.strip() else ""


class DigitalOceanTarget(Struct, frozen=True, kw_only=True):
    """A cloud firewall for Droplets, by id or by tag.

    Attributes:
        as the keys of their names in `firewall_args.DigitalOceanArgs`, which describes each.
    """

    droplet_ids: Ids | None = None
    tags: TextsOrOutputs | None = None
    load_balancer_uids: Ids | None = None
    source_tags: ByAudience = ByAudience()

    @property
    def names(self) -> frozenset[Identity]:
        """See `platform.Target`."""
        balancers = self.load_balancer_uids not in (None, [], ())
        return self.source_tags.names | {Identity.SAME_GROUP, *([Identity.LOAD_BALANCER] if balancers else [])}

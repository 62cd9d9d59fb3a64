"""Which of the packets that open a flow a match of nft's JSON matches: surely, perhaps, not at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from ...effective.syntax import NotAFirewall
from ...model.packets import PacketSet
from ...model.ports import MAX_PORT
from .nft_flags import FRAGMENT, STATE, STATUS, TCP_FLAGS, Flags
from .nft_sets import COMES_AND_GOES, REST, Elements, Sets
from .nft_subjects import subject_of
from .nft_text import expression as text
from .nft_values import NOBODY, NotUnderstood, Subject
from .reach import ALWAYS, EVERYTHING, NEVER, Reach, either, exactly, perhaps

TRACKING = "connection tracking"
ANNOUNCED = "what a helper of connection tracking announces"


class Matches:
    """Reads matches of one table.

    Args:
        sets: the table's.
        untracked: packets that a rule before may keep from connection tracking: nothing is known of their `ct`.
        are_announced: whether a rule gives flows a helper, which makes others RELATED.
    """

    def __init__(self, sets: Sets, untracked: PacketSet = NOBODY, are_announced: bool = False) -> None:
        self.sets, self.untracked, self.are_announced = sets, untracked, are_announced

    def of(self, match: Any) -> Reach:
        """The reach of `{"op", "left", "right"}`, whatever its shape."""
        if not isinstance(match, dict) or not {"op", "left", "right"} <= set(match):
            return perhaps("what is not understood")
        left, op = match["left"], match["op"]
        elements = self.sets.elements(match["right"])
        if elements is None:
            return perhaps(f"the set {text(match['right'])}, which is not there", self.bound(left))
        try:
            return (
                self.compares(left, "==", _from_to(op, elements)) if op in RANGES else self.compares(left, op, elements)
            )
        except NotUnderstood:
            return perhaps(f"`{text(left)}`", self.bound(left))

    def compares(self, left: Any, op: str, elements: Elements) -> Reach:
        """Whether an expression has one of some values (`==`, `in`), or none of them (`!=`, `!`)."""
        bound = self.bound(left)
        try:
            found = _compared(left, op, elements)
            if found and self.are_announced:
                found = either([found, _of_announced(left, op, elements) & perhaps(ANNOUNCED)])
        except (NotUnderstood, NotAFirewall):
            found = None
        if found is None:
            return perhaps(f"`{text(left)}`", bound)
        if self.untracked and _is_of_connection(left):
            found = Reach(found.may | self.untracked, found.sure - self.untracked, (*found.why, TRACKING))
        return (~found if op in ("!=", "!") else found) & exactly(bound)

    def computes(self, value: Any) -> Reach:
        """The packets for which a value made of marks can be computed: a mark of a connection needs one."""
        is_unsure = self.untracked and _is_of_connection(value)
        return ~perhaps(TRACKING, self.untracked) if is_unsure else ALWAYS

    def bound(self, left: Any) -> PacketSet:
        """The packets that have an expression's value at all; a rule ends for others."""
        if isinstance(left, dict) and isinstance(left.get("elem"), dict):
            return self.bound(left["elem"].get("val"))
        if isinstance(left, dict) and isinstance(left.get("concat"), list):
            found = EVERYTHING
            for part in left["concat"]:
                found &= self.bound(part)
            return found
        flags, _ = _flags(left)
        if flags:
            return flags.bound
        subject = subject_of(_inner(left))
        return subject.bound if subject else EVERYTHING


def _compared(left: Any, op: str, elements: Elements) -> Reach | None:
    """Which packets have one of the values; None where that is not understood."""
    if op not in ("==", "in", "!=", "!"):
        return None
    flags, mask = _flags(left)
    if flags:
        return _compared_flags(flags, mask, op, elements)
    concat = left.get("concat") if isinstance(left, dict) else None
    is_concat = isinstance(concat, list)
    parts = concat if isinstance(concat, list) else [left]
    subjects = [subject for part in parts if (subject := subject_of(part))]
    if op == "!" or len(subjects) != len(parts):
        return None
    certain = _one_of(subjects, elements.certain, is_concat)
    if not elements.passing and not elements.why:
        return certain
    passing = _one_of(subjects, elements.passing, is_concat) & perhaps(COMES_AND_GOES)
    return either([certain, passing, *([perhaps(elements.why)] if elements.why else [])])


def _one_of(subjects: list[Subject], values: tuple[Any, ...], is_concat: bool) -> Reach:
    """What has one of the values; each a list of as many parts as there are subjects."""
    if REST in values:
        return ALWAYS
    if not is_concat:
        return subjects[0].read(values)
    return either([_parts(subjects, value) for value in values] or [NEVER])


def _parts(subjects: list[Subject], value: Any) -> Reach:
    parts = value.get("concat") if isinstance(value, dict) else None
    if not isinstance(parts, list) or len(parts) != len(subjects):
        raise NotUnderstood
    found = ALWAYS
    for subject, part in zip(subjects, parts, strict=True):
        found &= subject.read([part])
    return found


RANGES = ("<", "<=", ">", ">=")


def _from_to(op: str, elements: Elements) -> Elements:
    """`> 1023` as the range 1024-65535."""
    value = elements.certain[0] if len(elements.certain) == 1 else None
    if type(value) is not int:
        raise NotUnderstood
    ranges = {"<": (0, value - 1), "<=": (0, value), ">": (value + 1, MAX_PORT), ">=": (value, MAX_PORT)}
    first, last = ranges[op]
    return Elements(({"range": [first, last]},)) if first <= last else Elements()


FLAGS: Mapping[tuple[str, str], Flags] = {
    ("tcp", "flags"): TCP_FLAGS,
    ("ip", "frag-off"): FRAGMENT,
    ("ct", "state"): STATE,
    ("ct", "status"): STATUS,
}


def _flags(left: Any) -> tuple[Flags | None, int | None]:
    """The flags that an expression is, and the mask that it lays over them."""
    if not isinstance(left, dict) or len(left) != 1:
        return None, None
    masked = left.get("&")
    if isinstance(masked, list) and len(masked) == 2:
        flags, inner = _flags(masked[0])
        try:
            return (flags, flags.number(masked[1])) if flags and inner is None else (None, None)
        except NotUnderstood:
            return None, None
    about = left.get("payload", left.get("ct"))
    if not isinstance(about, dict) or about.get("dir"):
        return None, None
    key = (about.get("protocol"), about.get("field")) if "payload" in left else ("ct", about.get("key"))
    return FLAGS.get((str(key[0]), str(key[1]))), None


def _compared_flags(flags: Flags, mask: int | None, op: str, elements: Elements) -> Reach | None:
    if elements.why or elements.passing:
        return None
    if op == "in" or op == "!":
        if mask is not None or REST in elements.certain:
            return None
        return flags.any_of(list(elements.certain) if len(elements.certain) != 1 else elements.certain[0])
    return ALWAYS if REST in elements.certain else flags.equal(elements.certain, mask)


def _of_announced(left: Any, op: str, elements: Elements) -> Reach:
    flags, mask = _flags(left)
    if not flags or not flags.announced:
        return NEVER
    return _compared_flags(replace(flags, bits=flags.announced), mask, op, elements) or NEVER


def _inner(left: Any) -> Any:
    """The expression below masks and shifts, which has a value for the same packets."""
    while isinstance(left, dict) and len(left) == 1:
        ((kind, about),) = left.items()
        if kind not in ("&", "|", "^", "<<", ">>") or not isinstance(about, list) or not about:
            return left
        left = about[0]
    return None


def _is_of_connection(left: Any) -> bool:
    if isinstance(left, dict):
        return "ct" in left or any(_is_of_connection(one) for one in left.values())
    return isinstance(left, list) and any(map(_is_of_connection, left))

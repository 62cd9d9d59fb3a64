"""Parsers for values of the platforms' listings: blocks, ports, protocols; and the error for invalid ones."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from functools import lru_cache, reduce
from typing import TypeVar

import msgspec

from ..model.addresses import Cidr
from ..model.errors import Place, Problem, ProblemsError
from ..model.ports import MAX_PORT, PortRange, Protocol
from ..model.text import few, printable, quoted


class NotAFirewall(ProblemsError):
    """The JSON is not a firewall that can be read. `str()` is one line."""

    def __str__(self) -> str:
        return str(self.problems[0])


def refuse(path: str, got: str, expected: str, hint: str = "") -> NotAFirewall:
    """The error for one place of the JSON; `got` may be hostile."""
    return NotAFirewall([Problem(Place(path), printable(got), expected, hint)])


Shape = TypeVar("Shape")


def shaped(value: object, shape: type[Shape], where: str) -> Shape:
    """The JSON in a known shape; fields that the shape does not name are passed over."""
    try:
        return msgspec.convert(value, shape)
    except msgspec.ValidationError as error:
        raise refuse(where, "", f"is not as this platform writes it: {printable(error)}") from None


def shaped_whole(value: object, shape: type[Shape], where: str, harmless: Collection[str] = ()) -> tuple[Shape, str]:
    """The JSON in a known shape, and why it is not understood: it has fields that are neither the shape's nor
    harmless, and they may narrow or widen what it says. What is null or empty says nothing.
    """
    found = shaped(value, shape, where)
    known = {*getattr(shape, "__struct_encode_fields__", ()), *harmless}
    given = value if isinstance(value, Mapping) else {}
    strange = sorted(name for name, held in given.items() if name not in known and not is_empty(held))
    return found, f"has {few(strange, 3)}, which is not known here" if strange else ""


def is_empty(value: object) -> bool:
    """Whether a field says nothing: null, "", [] or {}, and not false or 0."""
    return value is None or (isinstance(value, str | list | Mapping) and not value)


def unwrapped(
    value: object,
    command: str,
    keys: Collection[str],
    pages: Collection[str],
    harmless: Collection[str] = (),
    total: str = "",
) -> object:
    """The content of an answer that has one of the keys; anything else as it is.

    Args:
        command: which prints such answers.
        pages: paths of fields that tell that there is more: `nextToken`, `meta.next_page`.
        harmless: fields that may be there besides.
        total: the path of the number of all that there are, where answers have one.

    Raises:
        NotAFirewall: there is something besides that is not known to be harmless; it is one page of several.
    """
    if not isinstance(value, Mapping) or not set(keys) & set(value):
        return value
    about_pages = {path.partition(".")[0] for path in (*pages, total)}
    strange = [name for name in value if name not in {*keys, *about_pages, *harmless} and not is_empty(value[name])]
    if strange or len(set(keys) & set(value)) > 1:
        got = ", ".join(list(value)[:8])
        raise refuse("", got, f"must be what {command} prints, and nothing besides")
    content = value[next(name for name in keys if name in value)]
    count = _at(value, total)
    is_cut = isinstance(count, int) and isinstance(content, list) and count > len(content)
    if is_cut or any(not is_empty(_at(value, path)) for path in pages):
        raise refuse("", "", "is one page of several, so that rules may lack", f"give all that {command} prints")
    return content


def _at(value: object, path: str) -> object:
    def below(above: object, key: str) -> object:
        return above.get(key) if isinstance(above, Mapping) else None

    return reduce(below, path.split("."), value)


def objects_in(value: object, expected: str, hint: str) -> list[Mapping[str, object]]:
    """The objects of a list, or the one that it is.

    Raises:
        NotAFirewall: it is something else.
    """
    listed = [value] if isinstance(value, Mapping) else value
    if not isinstance(listed, list) or not all(isinstance(one, Mapping) and one for one in listed):
        raise refuse("", "", expected, hint)
    return listed


def block_of(text: str, where: str) -> Cidr:
    """A block as platforms write it: host bits and bare addresses are theirs to allow."""
    try:
        return _block(text)
    except ValueError:
        raise refuse(where, quoted(text, 120), "must be a block of addresses") from None


def has_both_families(values: Iterable[object]) -> bool:
    """Whether there are blocks of IPv4 and of IPv6 among the texts; what is no block is of neither."""
    found = set()
    for one in values:
        with suppress(ValueError):
            found.add(_block(one).family if isinstance(one, str) else None)
    return len(found - {None}) > 1


@lru_cache(maxsize=4096)
def _block(text: str) -> Cidr:
    return Cidr(ipaddress.ip_network(text, strict=False))


def ports_of(protocols: Iterable[Protocol], first: int, last: int, where: str) -> tuple[PortRange, ...]:
    """A range as platforms write it; port 0, on which nothing can listen, is left out."""
    if not 0 <= first <= last <= MAX_PORT:
        raise refuse(where, f"{first}-{last}", f"must be ports from 0 to {MAX_PORT}, the first one not above the last")
    return tuple(PortRange(protocol, max(first, 1), last) for protocol in protocols) if last else ()


def range_of(text: str, where: str) -> tuple[int, int]:
    """`7881` or `50000-60000`."""
    first, dash, last = text.partition("-")
    numbers = (first.strip(), last.strip() if dash else first.strip())
    if not all(number.isascii() and number.isdigit() and len(number) <= 5 for number in numbers):
        raise refuse(where, quoted(text, 120), "must be a port or FIRST-LAST")
    return int(numbers[0]), int(numbers[1])


PROTOCOLS: Mapping[str, tuple[Protocol, ...]] = {
    "tcp": (Protocol.TCP,),
    "6": (Protocol.TCP,),
    "udp": (Protocol.UDP,),
    "17": (Protocol.UDP,),
    "-1": tuple(Protocol),
    "all": tuple(Protocol),
    "*": tuple(Protocol),
}


PORTLESS = frozenset({"icmp", "icmpv6", "icmp6", "ipv6-icmp", "esp", "ah", "sctp", "ipip", "gre", "igmp", "dccp"})


def protocols_of(text: str) -> tuple[Protocol, ...] | None:
    """TCP, UDP, both, or none of them for a protocol that opens no TCP or UDP flow; None if it is not known."""
    word = text.strip().lower()
    if word in PROTOCOLS:
        return PROTOCOLS[word]
    is_number = word.isascii() and word.isdigit() and len(word) <= 3 and int(word) < 256
    return () if word in PORTLESS or is_number else None

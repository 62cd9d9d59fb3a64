"""Reads lists and mappings of blocks: parsed ones, and outputs under their names.

reader = BlockReader(ipv6=True, report=report)
reader.read("operators.cidrs", ["198.51.100.0/24"])               # Blocks(parsed=(Cidr(...),))
reader.read("load_balancer.cidrs", {"nlb-a": subnet.cidr_block})  # Blocks(named=(NamedBlock("nlb-a", ...),))
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from ipaddress import IPv4Network, IPv6Network

from msgspec import Struct

from ..inputs.field_types import is_output
from ..inputs.shown import key_name
from ..model.addresses import BLOCK_NAME, Cidr, Family, NamedBlock
from ..model.errors import Place, Report
from ..model.text import quoted

Given = Sequence[object] | Mapping[object, object]


class Blocks(Struct, frozen=True):
    """The blocks of one list or mapping.

    Attributes:
        named: those that are not known yet.
    """

    parsed: tuple[Cidr, ...] = ()
    named: tuple[NamedBlock, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.parsed or self.named)

    def __add__(self, other: Blocks) -> Blocks:
        return Blocks(
            tuple(dict.fromkeys((*self.parsed, *other.parsed))), tuple(dict.fromkeys((*self.named, *other.named)))
        )


class BlockReader:
    """Parses blocks; problems go to the report. Nothing given is an error: it could mean nobody or everybody.

    Attributes:
        named: every block that was not known yet, by the argument that it stands in, such as operators.cidrs.office.
    """

    def __init__(self, ipv6: bool, report: Report, known: Mapping[str, object] | None = None) -> None:
        """Args:
        known: the values of outputs that are known by now, by argument, as `named` has them.
        """
        self.ipv6, self.report, self.known = ipv6, report, known or {}
        self.named: dict[str, NamedBlock] = {}
        self._values: dict[str, tuple[str, Cidr]] = {}

    def read(self, key: str, given: Given | None) -> Blocks:
        if given is None:
            return Blocks()
        if not given:
            hint = "leave the key out for its default; an empty list could mean nobody or everybody"
            got = "{}" if isinstance(given, Mapping) else "[]"
            self.report.problem(Place(key), got, "must name at least one block", hint)
        found = list(self._of_mapping(key, given) if isinstance(given, Mapping) else self._of_list(key, given))
        parsed = (one for one in found if isinstance(one, Cidr))
        named = (one for one in found if isinstance(one, NamedBlock))
        return Blocks(tuple(dict.fromkeys(parsed)), tuple(dict.fromkeys(named)))

    def _of_list(self, key: str, given: Sequence[object]) -> Iterator[Cidr | NamedBlock | None]:
        for index, one in enumerate(given):
            yield self._parsed(f"{key}[{index}]", one)

    def _of_mapping(self, key: str, given: Mapping[object, object]) -> Iterator[Cidr | NamedBlock | None]:
        for name, one in given.items():
            if not isinstance(name, str) or not BLOCK_NAME.fullmatch(name):
                expected = "must have a name of up to 63 letters, digits, hyphens and underscores"
                self.report.problem(Place(f"{key}.{key_name(name)}"), "", expected, "rename it")
                continue
            place = f"{key}.{name}"
            if not is_output(one):
                yield self._parsed(place, _shown(one))
            elif place in self.known:
                yield self._now_known(name, place)
            else:
                self.named[place] = NamedBlock(name, one)
                yield self.named[place]

    def _now_known(self, name: str, place: str) -> Cidr | None:
        """A name is that of one block, and a block has one name: a firewall may refuse the same rule twice."""
        block = self._parsed(place, self.known[place])
        for other, (where, its) in self._values.items() if block else ():
            if (other == name) is not (its == block):
                same = "another block than" if other == name else "the same block as"
                hint = "give each block a name of its own" if other == name else "give them the same name"
                self.report.problem(Place(place), str(block), f"must not be {same} {where}", hint)
        if block:
            self._values.setdefault(name, (place, block))
        return block

    def _parsed(self, key: str, given: object) -> Cidr | None:
        try:
            block = Cidr.parse(given)
        except ValueError as error:
            self.report.problem(Place(key), "", str(error))
            return None
        if block.family is Family.IPV6 and not self.ipv6:
            hint = "remove the block, or ipv6: false"
            self.report.problem(Place(key), quoted(str(block)), "must be an IPv4 block while ipv6 is false", hint)
            return None
        return block


def _shown(value: object) -> object:
    """A value under a name: one that is no address may be a secret, as under `password`, and is not shown."""
    is_shown = isinstance(value, IPv4Network | IPv6Network) or (isinstance(value, str) and _ADDRESS.fullmatch(value))
    return value if is_shown else {}


_ADDRESS = re.compile("[0-9a-fA-F:./]*")

"""The result of `compare`: differences, each with the packet that proves it, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from ...effective.evaluate import Unread
from ...effective.wording import MOST_NAMED, people
from ...model.addresses import Address
from ...model.ports import PortRange, Protocol
from ...model.services import Service
from ...model.text import few, plain, printable


class SamplePacket(Struct, frozen=True):
    """A packet that proves a difference: an address, or the name of a source; protocol and port."""

    source: Address | str
    protocol: Protocol
    port: int

    def __str__(self) -> str:
        return f"{self.protocol}/{self.port} from {self.source}"

    def as_json(self) -> dict[str, Any]:
        return {"source": str(self.source), "protocol": str(self.protocol), "port": self.port}


class Difference(Struct, frozen=True):
    """Ports from sources, admitted where they are not needed, or the other way round.

    Attributes:
        ports: as large a range as has the same sources.
        sources: blocks in order, or the name of one source.
        service: what listens or should be reached there; None where nothing listens.
        key: the configuration's keys behind it; "" where there are none.
        packet: one of its packets; None where it is not known which of them the firewall and the configuration
            disagree about.
        by: which of the firewall's rules admit that packet.
        names: sources known by name only that are admitted there; which of the addresses are theirs is not known. Of
            what is open too much: who alone is admitted, since others send from another port.
    """

    ports: PortRange
    sources: tuple[str, ...]
    service: Service | None
    key: str
    packet: SamplePacket | None
    by: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "protocol": str(self.ports.protocol),
            "first": self.ports.first,
            "last": self.ports.last,
            "sources": list(self.sources),
            "service": str(self.service) if self.service else None,
            "key": self.key,
            "packet": self.packet.as_json() if self.packet else None,
            "by": list(self.by),
            "names": list(self.names),
        }


class Comparison(Struct, frozen=True):
    """A firewall against a configuration.

    Attributes:
        name: the firewall.
        missing: needed, and surely closed.
        unknown: needed, and not known to be open or closed.
        superfluous: open, though nothing of the configuration listens there.
        too_wide: something listens there, and more reach it than should.
        not_understood: parts of the firewall that make packets unknown, needed or not.
    """

    name: str
    missing: tuple[Difference, ...]
    unknown: tuple[Difference, ...]
    superfluous: tuple[Difference, ...]
    too_wide: tuple[Difference, ...]
    not_understood: tuple[Unread, ...]

    @property
    def is_same(self) -> bool:
        """Whether it surely admits exactly what is needed."""
        return not (self.missing or self.unknown or self.superfluous or self.too_wide or self.not_understood)

    def as_json(self) -> dict[str, Any]:
        kinds = ("missing", "unknown", "superfluous", "too_wide")
        return {
            "version": 1,
            "firewall": self.name,
            **{kind: [one.as_json() for one in getattr(self, kind)] for kind in kinds},
            "not_understood": [{"name": one.name, "why": one.why} for one in self.not_understood],
        }

    def text(self, width: int | None = None) -> str:
        """The verdict, then a table for each kind of difference; `width` is the terminal's, None for none."""
        name = printable(self.name)
        if self.is_same:
            return f"{name} admits exactly what the configuration needs"
        tables = [(*texts, getattr(self, kind)) for kind, texts in KINDS.items()]
        counted = [*((title, found) for title, _, _, found in tables), (UNREAD, self.not_understood)]
        counts = [f"{len(found)} {title}" for title, found in counted if found]
        parts = [f"{name}: {', '.join(counts)}"]
        parts += [f"{title}: {about}\n{_table(found, names, width)}" for title, about, names, found in tables if found]
        if self.not_understood:
            lines = "\n".join(f"  {one}" for one in self.not_understood)
            parts.append(f"{UNREAD}: so that the rest may be incomplete\n{lines}")
        return "\n\n".join(parts)


UNREAD = "not understood"
KINDS = {
    "missing": ("missing", "needed, and closed", "but for"),
    "unknown": ("not known", "needed, and it is not known whether it is open", "open if of"),
    "superfluous": ("superfluous", "open, and nothing of this configuration listens there", "if of"),
    "too_wide": ("too wide", "in use, and open to more than it should be", "if of"),
}
"""Each kind of difference: its title, what it means, and the words before `names`: who is let in besides, or alone."""


def _table(found: Iterable[Difference], besides: str, width: int | None) -> str:
    rows = [
        (
            str(one.ports),
            people(one.sources) + (f", {besides} {_few(one.names)}" if one.names else ""),
            printable(one.packet or "-"),
            one.service.label if one.service else "-",
            few(map(printable, one.key.split(", ")), 10, room=120) or _few(one.by) or "-",
        )
        for one in found
    ]
    return plain(("ports", "from", "packet", "service", "because of"), rows, "  ", width)


def _few(names: Iterable[str]) -> str:
    """Names of somebody else's; the JSON has all."""
    return few(map(printable, names), MOST_NAMED)

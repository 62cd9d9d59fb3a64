"""Lines for people, of groups of ports and of services' answers: ranges folded, nothing unprintable.

    50001-59999/udp blocked before the host (9,999 of 10,001) over IPv4: ICE/UDP, rtc.port_range_start, ...
    closed, as they must be: 3306/tcp, 4222/tcp, 6379/tcp (blocked before the host, over IPv4 and IPv6)
    TURN/UDP on 3478/udp answers over IPv4: seen as 198.51.100.7

Names of hosts, details and answers come from elsewhere, hence `printable`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from ...model.addresses import Family
from ...model.ports import PortRange, joined
from ...model.text import printable
from .groups import Group
from .verdict import ServiceAnswer, Verdict

MOST_SHOWN = 20
"""Ranges of a line, and lines of a target, that a person reads; the JSON has all."""

LONGEST = 500
"""Characters of somebody else's text that are shown."""


def named(ports: PortRange) -> str:
    """`50000-60000/udp`, which never breaks, as it has no space."""
    return f"{ports.ports}/{ports.protocol}"


def families(some: Iterable[Family]) -> str:
    """`IPv4`, `IPv4 and IPv6`."""
    return " and ".join(family.label for family in sorted(some))


def counted(number: int, what: str) -> str:
    """`1 port`, `10,001 ports`."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def few(ports: Sequence[PortRange]) -> str:
    """The ranges by name; of many the first ones, and how many more there are."""
    more = len(ports) - MOST_SHOWN
    shown = ", ".join(named(one) for one in ports[:MOST_SHOWN])
    return f"{shown}, and {more:,} more (--json lists all):" if more > 0 else shown


def group_lines(groups: Iterable[Group]) -> Iterator[str]:
    """A line per group, and no more of a target than a person reads."""
    for _, some in groupby(groups, key=lambda group: (group.target.ports, group.target.service, group.target.key)):
        lines = [group_line(group) for group in some]
        yield from lines[:MOST_SHOWN]
        if len(lines) > MOST_SHOWN:
            yield f"and {len(lines) - MOST_SHOWN:,} more; --json lists all"


def group_line(group: Group) -> str:
    """What was found, in how many of the target's ports, and what they are for."""
    whole = len(group.target.ports)
    share = f" ({group.count:,} of {whole:,})" if whole > 1 else ""
    wish = ", but must be closed," if group.as_wanted is False and not group.target.wanted else ""
    # a sample beside a range has no service, but a reason
    what = group.target.service.label if group.target.service else group.target.reason
    about = ", ".join(printable(one, LONGEST) for one in (what, group.target.key) if one)
    detail = f" ({printable(group.detail, LONGEST)})" if group.detail else ""
    over = f" over {families(group.families)}"
    return f"{few(group.ports)} {group.verdict}{share}{wish}{over}{': ' if about else ''}{about}{detail}"


CLOSED_ALL_THE_SAME = {
    Verdict.NOBODY_LISTENS: "closed, though only because nobody listens: ",
}


def closed_lines(groups: Iterable[Group]) -> Iterator[str]:
    """What is closed and must be: one line per verdict, since there is nothing to do about it."""
    alike: dict[tuple[Verdict, tuple[Family, ...]], list[PortRange]] = {}
    for group in groups:
        alike.setdefault((group.verdict, group.families), []).extend(group.ports)
    for (verdict, some), ports in alike.items():
        title = CLOSED_ALL_THE_SAME.get(verdict, "closed, as they must be: ")
        yield f"{title}{few(joined(ports))} ({verdict}, over {families(some)})"


def answer_lines(answers: Iterable[ServiceAnswer]) -> Iterator[str]:
    """What the services said: one line for what was said in both families."""
    alike: dict[tuple[str, str, str, str], set[Family]] = {}
    for one in answers:
        alike.setdefault((one.service.label, named(one.ports), ANSWERS[one.ok], one.says), set()).add(one.family)
    for (label, ports, verb, says), some in alike.items():
        yield f"{label} on {ports} {verb} over {families(some)}: {printable(says, LONGEST)}"


ANSWERS = {True: "answers", False: "does not answer as it should"}

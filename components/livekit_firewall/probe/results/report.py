"""A run for people and for programs: the verdict in one line, what is wrong first, ranges folded.

print(as_text(outcome, advise(outcome, deployment)))
json.dumps(as_json(outcome, advice))        # docs/schemas/probe-check.json
sys.exit(exit_code(outcome))
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from msgspec import Struct

from ...model.addresses import Family
from ...model.ports import Protocol
from ...model.text import printable
from .advice import Advice
from .groups import PortResult, counts_of, groups_of
from .lines import LONGEST, answer_lines, closed_lines, counted, group_lines
from .verdict import Outcome, Row, ServiceAnswer, Verdict

EXIT_CODES = {True: 0, False: 1, None: 2}

VERDICTS = {True: "as-wanted", False: "not-as-wanted", None: "could-not-test"}
"""Of a whole run; stable."""

PORT_VERDICTS = {
    Verdict.REACHABLE: "reachable",
    Verdict.BLOCKED_BEFORE_HOST: "blocked-before-host",
    Verdict.BLOCKED_ON_HOST: "blocked-on-host",
    Verdict.BLOCKED: "blocked",
    Verdict.NOBODY_LISTENS: "nobody-listens",
    Verdict.UNREACHABLE_HOST: "unreachable-host",
    Verdict.UNTESTED: "not-tested",
}
"""Of ports, as the JSON has them; stable, while the words for people may change."""

COLOURS = {True: "green", False: "red", None: "yellow"}


def exit_code(outcome: Outcome) -> int:
    """0 as wanted, 1 not as wanted, 2 nothing is known to be wrong but something could not be tested."""
    return EXIT_CODES[outcome.as_wanted]


class Section(Struct, frozen=True):
    """Lines under a heading, and the style of that heading on a terminal."""

    heading: str
    style: str
    lines: tuple[str, ...]


def as_text(outcome: Outcome, advice: Sequence[Advice], terminal: bool = False) -> str:
    """The report for people, without a final newline.

    Args:
        terminal: with colours, and wrapped to its width between words; else one line per statement.
    """
    sections = [section for section in _sections(outcome, advice) if section.lines]
    if terminal:
        return _for_terminal(outcome, sections)
    lines = [headline(outcome)]
    for section in sections:
        lines += ["", section.heading, *(f"  {line}" for line in section.lines)]
    return "\n".join(lines)


def _for_terminal(outcome: Outcome, sections: Iterable[Section]) -> str:
    from rich.console import Console
    from rich.text import Text

    console = Console(force_terminal=True)
    with console.capture() as captured:
        said = _wrapped(headline(outcome), console.width)
        console.print(Text(said, f"bold {COLOURS[outcome.as_wanted]}"), soft_wrap=True)
        for section in sections:
            console.print(Text(f"\n{section.heading}", section.style), soft_wrap=True)
            for line in section.lines:
                console.print(Text(_wrapped(line, console.width, "  ")), soft_wrap=True)
    return captured.get().rstrip("\n")


def _wrapped(line: str, width: int, indent: str = "") -> str:
    """Never within a word: ports and commands are read whole, and copied."""
    return textwrap.fill(
        line,
        width=max(width, 20),
        initial_indent=indent,
        subsequent_indent=indent + "    ",
        break_on_hyphens=False,
        break_long_words=False,
    )


def headline(outcome: Outcome) -> str:
    """The verdict in one line."""
    said, traffic = _SAID[outcome.as_wanted](outcome), outcome.traffic
    cost = f"{counted(traffic.packets, 'packet')} in {traffic.seconds:.2f} s"
    return f"{VERDICTS[outcome.as_wanted].replace('-', ' ')}: {said}, on {host(outcome)}; {cost}"


def host(outcome: Outcome) -> str:
    """`livekit.example.org (203.0.113.1, 2001:db8::1)`, or the address alone where it is what the user named."""
    addresses = [printable(outcome.addresses[family]) for family in Family if family in outcome.addresses]
    name = printable(outcome.host, LONGEST)
    return f"{name} ({', '.join(addresses)})" if addresses and addresses != [name] else name


def _as_wanted(outcome: Outcome) -> str:
    counts = counts_of(outcome.rows)
    reachable, closed = counts[True, PortResult.AS_WANTED], counts[False, PortResult.AS_WANTED]
    return f"{counted(reachable, 'port')} reachable, {closed:,} closed"


def _not_as_wanted(outcome: Outcome) -> str:
    counts = counts_of(outcome.rows)
    wanted, closed = (sum(counts[kind, fate] for fate in PortResult) for kind in (True, False))
    bad = sum(not answer.ok for answer in outcome.answers)
    untested = counts[True, PortResult.UNTESTED] + counts[False, PortResult.UNTESTED]
    said = (
        (counts[True, PortResult.BLOCKED], f"of {counted(wanted, 'wanted port')} blocked"),
        (counts[True, PortResult.NOBODY_LISTENS], f"of {counted(wanted, 'wanted port')} open, but nobody listens"),
        (counts[False, PortResult.OPEN], f"of {closed:,} open that must be closed"),
        (bad, f"of {counted(len(outcome.answers), 'answer')} wrong"),
        (untested, f"of {wanted + closed:,} not tested"),
    )
    return ", ".join(f"{number:,} {what}" for number, what in said if number)


def _could_not_test(outcome: Outcome) -> str:
    if not outcome.rows:
        return "no port was tried"
    if all(row.seen.verdict is Verdict.UNREACHABLE_HOST for row in outcome.rows):
        return str(Verdict.UNREACHABLE_HOST)
    counts = counts_of(outcome.rows)
    wanted, closed = (sum(counts[kind, fate] for fate in PortResult) for kind in (True, False))
    said = (
        (counts[True, PortResult.UNTESTED], f"of {counted(wanted, 'wanted port')}"),
        (counts[False, PortResult.UNTESTED], f"of {closed:,} that must be closed"),
    )
    return " and ".join(f"{number:,} {what}" for number, what in said if number)


_SAID = {True: _as_wanted, False: _not_as_wanted, None: _could_not_test}


def _sections(outcome: Outcome, advice: Sequence[Advice]) -> Iterator[Section]:
    groups = groups_of(outcome.rows)
    wrong, untested, right = ([one for one in groups if one.as_wanted is kind] for kind in (False, None, True))
    bad, good = ([one for one in outcome.answers if one.ok is kind] for kind in (False, True))
    yield Section("Not as wanted", f"bold {COLOURS[False]}", (*group_lines(wrong), *answer_lines(bad)))
    yield Section("Not tested", f"bold {COLOURS[None]}", tuple(group_lines(untested)))
    reachable = group_lines(one for one in right if one.target.wanted)
    closed = closed_lines(one for one in right if not one.target.wanted)
    yield Section("As wanted", f"bold {COLOURS[True]}", (*reachable, *closed, *answer_lines(good)))
    yield Section("Notes", "bold", tuple(printable(note, LONGEST) for note in notes_of(outcome)))
    yield Section("What to change", "bold", tuple(printable(one, 4 * LONGEST) for one in advice))


def notes_of(outcome: Outcome) -> tuple[str, ...]:
    """The run's own notes, and what a run without a listener cannot know."""
    if outcome.has_listener:
        return outcome.notes
    untested = any(row.seen.verdict is Verdict.UNTESTED and row.ports.protocol is Protocol.UDP for row in outcome.rows)
    unknown = f"{'UDP ports are not tested, and ' if untested else ''}the layer that blocks is not known"
    return (*outcome.notes, f"No listener answered, so {unknown}. {START_LISTENER}")


START_LISTENER = (
    "Run `livekit-firewall probe listen` on the server, and here the command that it prints; "
    "if it runs already, its own report names the layer."
)


def as_json(outcome: Outcome, advice: Sequence[Advice]) -> dict[str, Any]:
    """The whole run, as docs/schemas/probe-check.json has it; the texts of others as they came."""
    return {
        "version": 1,
        "verdict": VERDICTS[outcome.as_wanted],
        "host": outcome.host,
        "addresses": {str(family): outcome.addresses[family] for family in Family if family in outcome.addresses},
        "listener": outcome.has_listener,
        "ports": [_row_as_json(row) for row in outcome.rows],
        "answers": [_answer_as_json(answer) for answer in outcome.answers],
        "advice": [{"text": one.text, "platform": one.platform, "key": one.key} for one in advice],
        "notes": list(notes_of(outcome)),
        "packets": outcome.traffic.packets,
        "seconds": outcome.traffic.seconds,
    }


def _row_as_json(row: Row) -> dict[str, Any]:
    return {
        "protocol": str(row.ports.protocol),
        "first": row.ports.first,
        "last": row.ports.last,
        "count": len(row.ports),
        "family": str(row.target.family),
        "wanted": "open" if row.target.wanted else "closed",
        "verdict": PORT_VERDICTS[row.seen.verdict],
        "as_wanted": row.as_wanted,
        "by_probe": row.seen.by_probe,
        "service": str(row.target.service) if row.target.service else None,
        "key": row.target.key,
        "reason": row.target.reason,
        "detail": row.seen.detail,
    }


def _answer_as_json(answer: ServiceAnswer) -> dict[str, Any]:
    return {
        "service": str(answer.service),
        "protocol": str(answer.ports.protocol),
        "port": answer.ports.first,
        "family": str(answer.family),
        "ok": answer.ok,
        "says": answer.says,
    }

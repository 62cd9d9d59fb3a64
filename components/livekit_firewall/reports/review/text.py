"""A review as plain text, for a terminal or a log."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from ...effective.wording import MOST_NAMED
from ...model.text import few, inert, plain, wrapped
from .change import Review, ReviewPart, Risk
from .markdown import headline
from .words import WAYS, attached, columns, count, keys, kind, origin


def text(review: Review, width: int | None = None) -> str:
    """The verdict, the risks, then each stack with a table of what changes.

    Args:
        width: of the terminal; None for as wide as it is.
    """
    return wrapped("\n".join(_lines(review, width)), width) + "\n"


def _lines(review: Review, width: int | None) -> Iterator[str]:
    yield headline(review).replace("**", "")
    yield from _risks(review)
    for part in review.parts:
        yield from _part(part, width)


def _risks(review: Review) -> Iterator[str]:
    """The same risk in several places is one line; what it means and what to do is told once."""
    places: dict[Risk, list[str]] = {}
    for part in review.parts:
        for risk in part.risks:
            where = f"{part.name}: {risk.where}" if len(review.parts) > 1 else risk.where
            places.setdefault(replace(risk, where=""), []).append(where)
    told: set[tuple[str, str]] = set()
    for risk, found in places.items():
        where = few(map(inert, found), MOST_NAMED)
        before = "" if risk.is_new else " (also before the change)"
        about = "" if (risk.id, risk.fix) in told else f"; {risk.why}; {inert(risk.fix, 300)}"
        told.add((risk.id, risk.fix))
        yield f"  {risk.severity}: {where}: {inert(risk.text, 300)}{before}{about} [{risk.id}]"


def _part(part: ReviewPart, width: int | None) -> Iterator[str]:
    yield ""
    yield f"{inert(part.name)}: {part.verdict}"
    if part.changes:
        rows = []
        for change in part.changes:
            people, ports, amount = (cell.replace("`", "") for cell in columns(change))
            service = change.service.label if change.service else "-"
            where = few(map(inert, change.firewalls), MOST_NAMED)
            rows.append(
                (
                    kind(change),
                    where,
                    WAYS[change.direction],
                    people,
                    ports,
                    service,
                    inert(keys(change)) or "-",
                    amount,
                )
            )
        heads = ("change", "firewall", "way", "who", "ports", "service", "key", "addresses × ports")
        yield plain(heads, rows, "  ", width)
    yield from (f"  {one.replace('`', '')}" for one in attached(part, 10))
    yield from (f"  not understood: {inert(one, 300)}" for one in part.unclear)
    yield from (f"  note: {note.replace('`', '')}" for note in part.notes)
    if about := origin(part):
        yield f"  {about.replace('`', '')}"
    if part.operations:
        yield f"  {count(len(part.operations), 'resource operation')}"

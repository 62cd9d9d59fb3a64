"""A review as a page of Markdown, for a comment in a pull request; shortened by importance where it has a limit.

The first word is the verdict. All foreign text stands in spans of code.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from msgspec import Struct

from ...model.text import code, few, shortened
from ..exposure.picture import fenced
from .change import MAY_CLOSE, MAY_OPEN, NO_CHANGE, Review, ReviewPart, Risk
from .drawing import picture_of
from .words import WAYS, attached, columns, count, keys, kind, origin


class PageLimits(Struct, frozen=True):
    """How much of each thing a page shows."""

    picture: bool
    lines: int
    operations: int
    risks: int


WHOLE = PageLimits(True, 1_000_000, 1_000_000, 1_000_000)
SHORTER = (
    WHOLE,
    PageLimits(True, 1_000, 100, 1_000),
    PageLimits(False, 300, 50, 200),
    PageLimits(False, 100, 10, 100),
    PageLimits(False, 30, 0, 50),
    PageLimits(False, 10, 0, 20),
    PageLimits(False, 3, 0, 10),
    PageLimits(False, 1, 0, 5),
    PageLimits(False, 0, 0, 3),
)
"""What is left out first: operations, which Pulumi shows as well, and the picture; then lines and risks, those that
matter least.
"""


def markdown(review: Review, limit: int | None = None) -> str:
    """The page.

    Args:
        limit: characters that it may have, as UTF-16 counts them; None for no limit.
    """
    for measure in SHORTER:
        page = "\n\n".join(_blocks(review, measure)) + "\n"
        if limit is None or _length(page) <= limit:
            return page
    return _shortest(review, limit or 0)


def _shortest(review: Review, limit: int) -> str:
    """The headline, and as many risks as there is room for, errors first; of many stacks no more fits."""
    risks = [(part, risk) for part in review.parts for risk in part.risks]
    risks.sort(key=lambda one: (one[1].severity, not one[1].is_new))
    rest = "The rest is longer than that: `--format json` has all."
    for most in (20, 10, 5, 3, 2, 1):
        told = "\n".join(_risks(review, risks, PageLimits(False, 3, 0, most)))
        page = "\n\n".join([headline(review), *([f"### Risks\n\n{told}"] if told else []), rest]) + "\n"
        if _length(page) <= limit:
            return page
    return f"{headline(review)}\n\n{rest}\n"


def _length(text: str) -> int:
    """The hosting platforms' own measure may be characters or UTF-16 units; the latter are never fewer."""
    return len(text.encode("utf-16-le")) // 2


def headline(review: Review) -> str:
    """The verdict, and how much of what."""
    kinds = Counter(change.kind for change in review.changes)
    parts = [f"{kinds[kind]} {kind}" for kind in ("added", "changed", "removed", MAY_OPEN, MAY_CLOSE) if kinds[kind]]
    if unclear := sum(len(part.unclear) for part in review.parts):
        parts.append(f"{unclear} not understood")
    news = sum(risk.is_new for risk in review.risks)
    old = len(review.risks) - news
    risks = [f"**{count(news, 'risk')}**"] * bool(news) + [f"{count(old, 'risk')} as before"] * bool(old)
    what = ", ".join(parts) or "in who can reach what"
    stacks = f" in {len(review.parts)} stacks" if len(review.parts) > 1 else ""
    colon = " " if review.verdict == NO_CHANGE else ": "
    return f"{review.verdict}{colon}{what}{stacks}" + (f"; {', '.join(risks)}" if risks else "")


def _blocks(review: Review, measure: PageLimits) -> Iterator[str]:
    yield headline(review)
    if risks := [(part, risk) for part in review.parts for risk in part.risks]:
        yield "\n".join(["### Risks", "", *_risks(review, risks, measure)])
    still = [part for part in review.parts if not _has_content(part)]
    for part in review.parts:
        if _has_content(part):
            yield from _part(part, measure)
    if still and len(review.parts) > 1:
        yield f"no change in {_listed([part.name for part in still], measure)}"
    elif still:
        yield origin(still[0]) or f"Compared: {code(still[0].name)}."


def _has_content(part: ReviewPart) -> bool:
    return bool(part.changes or part.unclear or part.operations or part.notes)


def _listed(names: list[str], measure: PageLimits) -> str:
    return few(map(code, names), max(measure.lines, 3))


def _risks(review: Review, risks: list[tuple[ReviewPart, Risk]], measure: PageLimits) -> Iterator[str]:
    told: dict[tuple[str, str, str, bool], list[str]] = {}
    for part, risk in risks:
        where = f"{part.name}: {risk.where}" if len(review.parts) > 1 else risk.where
        told.setdefault((risk.severity, risk.id, risk.text, risk.is_new), []).append(where)
    about = {risk.id: risk for _, risk in risks}
    shown: set[str] = set()
    for (severity, id_, text, is_new), places in list(told.items())[: measure.risks]:
        risk = about[id_]
        says, fix = (code(one, 300) if risk.quotes else one for one in (text, risk.fix))
        line = f"- **{severity}** {says}, in {_listed(places, measure)}"
        line += "" if is_new else " (also before the change)"
        yield line + ("." if id_ in shown else f". {_sentence(risk.why)} To do: {fix}. [{id_}]")
        shown.add(id_)
    if len(told) > measure.risks:
        yield f"- and {len(told) - measure.risks:,} more"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _part(part: ReviewPart, measure: PageLimits) -> Iterator[str]:
    yield f"### {code(part.name)}: {part.verdict}"
    if part.changes:
        yield _table(part, measure)
        firewalls = _of_all(part)
        if firewalls and (part.origin.file or len(firewalls) > 1):  # a configuration is of one node
            yield f"Firewall{'s' * (len(firewalls) > 1)}: {_listed(list(firewalls), measure)}."
    if told := list(attached(part, max(3, min(measure.lines, 50)))):
        yield "\n".join(told) if len(told) == 1 else "\n".join(f"- {one}" for one in told)
    if part.unclear:
        yield "\n".join(["Not understood, so that it may admit more or less:", "", *_unclear(part, measure)])
    yield from part.notes
    if about := origin(part):
        yield about
    if measure.picture and (picture := picture_of(part)):
        yield _folded("The picture", fenced(picture).rstrip())
    if part.operations:
        title = count(len(part.operations), "resource operation")
        yield _folded(title, _operations(part, measure)) if measure.operations else f"{title}, not shown."


def _of_all(part: ReviewPart) -> tuple[str, ...]:
    """The firewalls of every change; none where the table has a column for them."""
    found = {change.firewalls for change in part.changes}
    return found.pop() if len(found) == 1 else ()


def _table(part: ReviewPart, measure: PageLimits) -> str:
    several = not _of_all(part)
    heads = ["Change", *(["Firewall"] if several else []), "Way", "Who", "Ports", "Service", "Key", "Addresses × ports"]
    rows = [f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]
    for change in part.changes[: measure.lines]:
        people, ports, amount = columns(change)
        cells = [
            kind(change),
            *([_listed(list(change.firewalls), PageLimits(False, 3, 0, 0))] if several else []),
            WAYS[change.direction],
            people,
            ports,
            change.service.label if change.service else "-",
            code(keys(change)) if change.key else "-",
            amount,
        ]
        rows.append(f"| {' | '.join(cells)} |")
    rest = part.changes[measure.lines :]
    return "\n".join(rows) + (f"\n\n{_more(rest)}" if rest else "")


def _more(rest: Iterable) -> str:  # type: ignore[type-arg]
    kinds = Counter(change.kind for change in rest)
    told = ", ".join(f"{number:,} {kind}" for kind, number in sorted(kinds.items()))
    return f"And {told}, not shown: `--format json` has all."


def _unclear(part: ReviewPart, measure: PageLimits) -> Iterator[str]:
    most = max(1, min(measure.lines, 50))
    yield from (f"- {code(text, 300)}" for text in part.unclear[:most])
    if len(part.unclear) > most:
        yield f"- and {len(part.unclear) - most:,} more"


def _operations(part: ReviewPart, measure: PageLimits) -> str:
    rows = ["| Operation | Type | Name | Properties |", "|---|---|---|---|"]
    for one in part.operations[: measure.operations]:
        changed = few((shortened(path, 60) for path in one.changed), 6, room=300)
        rows.append(
            f"| {code(one.op, 30)} | {code(one.type)} | {code(one.name)} | {code(changed, 300) if changed else '-'} |"
        )
    if len(part.operations) > measure.operations:
        rows += ["", f"And {len(part.operations) - measure.operations:,} more."]
    return "\n".join(rows)


def _folded(title: str, body: str) -> str:
    return f"<details><summary>{title}</summary>\n\n{body}\n\n</details>"

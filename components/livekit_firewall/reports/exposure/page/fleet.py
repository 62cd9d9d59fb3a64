"""The exposure of many stacks as one page: a table with search, each stack's exposure, and which let X reach Y."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ....deployment.audiences import audiences_of
from ....model.errors import Finding
from ....model.text import printable
from ....platforms.registry import BY_ARGUMENT
from ..exposure import Exposure
from ..fleet import FleetStack
from ..origin import Origin
from .headline import by_severity, counted, headline
from .template import LONGEST, Closed, closed_of, known_of, page, row


class _Shown:
    """A stack as the template shows it; `at` is the id of its part of the page."""

    def __init__(self, stack: FleetStack, at: str) -> None:
        self.at, self.name, self.problems = at, stack.name, stack.problems
        self.stack = stack
        self.exposed: Exposure | None = stack.exposed
        self.platforms: list[str] = []
        self.services: list[str] = []
        self.public: list[tuple[str, str]] = []
        self.unknown = 0
        self.closed: Closed = []
        self.findings: list[Finding] = []
        self.counts: list[tuple[str, str]] = []
        self.headline = ""
        if stack.exposed and stack.deployment:
            exposed, reached = stack.exposed, stack.exposed.reached
            self.platforms = [BY_ARGUMENT[name].title for name in stack.deployment.targets]
            self.services = list(dict.fromkeys(one.rules[0].service.label for one in reached))
            self.public = [(one.rules[0].service.label, str(one.rules[0].ports)) for one in reached if one.is_public]
            self.public += [(label, "besides the rules") for label in exposed.open_besides]
            self.unknown = sum(one.is_public is None for one in reached)
            self.closed, self.findings = closed_of(exposed), by_severity(exposed.findings)
            self.counts, self.headline = counted(exposed.findings), headline(exposed)

    @property
    def is_grave(self) -> bool:
        """Whether it is to be looked at: not read, or with errors or warnings."""
        return self.exposed is None or any(severity != "note" for severity, _ in self.counts)

    def known(self) -> str:
        """What the script judges by; `null` where the stack could not be read."""
        if not self.exposed or not self.stack.deployment:
            return "null"
        return known_of(self.exposed, self.stack.deployment.rules, self.closed, audiences_of(self.stack.deployment))


def fleet_html(stacks: Sequence[FleetStack], origin: Origin) -> str:
    """The page of these stacks, as `html` makes that of one.

    Args:
        stacks: in the order of the page.
        origin: what the page is about, and when it was made; each stack's exposure has its own.
    """
    shown = [_Shown(stack, f"stack-{number}") for number, stack in enumerate(stacks, 1)]
    lines = [f'{{"at":"{one.at}","name":{row(printable(one.name, LONGEST))},"known":{one.known()}}}' for one in shown]
    known = ",\n".join(lines)
    public = Counter(label for one in shown for label in {label for label, _ in one.public})
    return page(
        "fleet.html",
        ("reach.js", "common.js", "fleet.js"),
        f'{{"stacks":[{known}]}}',
        title="Which stack lets whom in",
        skip_to="stacks",
        subject=origin.subject,
        made=origin.line,
        headline=_headline(shown),
        contents=(),
        stacks=shown,
        platforms=sorted({platform for one in shown for platform in one.platforms}),
        public=sorted(public.items(), key=lambda item: (-item[1], item[0])),
    )


def _headline(shown: Sequence[_Shown]) -> str:
    unread = sum(one.exposed is None for one in shown)
    grave = sum(one.is_grave for one in shown) - unread
    parts = [f"{len(shown):,} stack{'' if len(shown) == 1 else 's'}"]
    parts += [f"{grave:,} with errors or warnings"] if grave else []
    parts += [f"{unread:,} could not be read"] if unread else []
    return ", ".join(parts)

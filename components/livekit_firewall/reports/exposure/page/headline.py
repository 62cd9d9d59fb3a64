"""The page's verdict and its contents, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ....model.errors import Finding
from ..exposure import Exposure

SEVERITIES = ("error", "warning", "note")
"""The gravest first."""


def headline(exposed: Exposure) -> str:
    besides = ", ".join(exposed.open_besides)
    return _ways_in(exposed) + (f"; besides the rules {besides} is open to the internet" if besides else "")


def _ways_in(exposed: Exposure) -> str:
    verdicts = Counter(reach.is_public for reach in exposed.reached)
    ways, public, unknown = len(exposed.reached), verdicts[True], verdicts[None]
    if not ways:
        return "Nobody reaches anything" if not exposed.open_besides else "No rule lets anybody in"
    if ways == 1:
        return f"1 way in, {'not known whether ' if unknown else '' if public else 'not '}open to the internet"
    told = f"{ways} ways in, {'none' if not public else 'all' if public == ways else public} open to the internet"
    return told + (f", not known of {unknown}" if unknown else "")


def by_severity(findings: Iterable[Finding]) -> list[Finding]:
    """The gravest first."""
    return sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity))


def counted(findings: Iterable[Finding]) -> list[tuple[str, str]]:
    """Each severity that there is, and how many: `("warning", "2 warnings")`."""
    counts = Counter(finding.severity for finding in findings)
    return [(severity, _count(counts[severity], severity)) for severity in SEVERITIES if counts[severity]]


def contents(exposed: Exposure) -> list[tuple[str, str, str]]:
    """Each section that the page has: its id, its name, and how much it holds."""
    said = ", ".join(text for _, text in counted(exposed.findings))
    sections = (
        ("reached", "Who can reach what", str(len(exposed.reached))),
        ("closed", "Closed", str(len(exposed.closed))),
        ("besides", "Besides the rules", str(sum(map(len, exposed.baselines.values())))),
        ("outbound", "Reaches out to", str(len(exposed.outbound))),
        ("notes", "Worth knowing", str(len(exposed.notes))),
        ("findings", "Findings", said or "0"),
    )
    return [section for section in sections if section[2] != "0" or section[0] == "reached"]


def _count(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"

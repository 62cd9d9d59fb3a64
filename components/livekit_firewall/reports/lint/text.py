"""Findings as text: by file and line, which editors can open, and one line with the counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from ...model.errors import Finding
from ...model.findings import CATALOGUE, remedy

SHOWN = {False: ("error", "warning"), True: ("error", "warning", "note")}

UNCHECKED = "Further checks were not run, as they need what a service refuses: mend that first, then lint again."


def text(
    findings: Sequence[Finding],
    ignored: Sequence[Finding],
    reasons: Mapping[str, str],
    *,
    with_notes: bool,
    is_refused: bool = False,
) -> str:
    """Plain lines without colour; notes only if asked for, as a file without errors should be quiet.

    Args:
        is_refused: whether the findings are not all, since the configuration is refused.
    """
    shown = [finding for finding in findings if finding.severity in SHOWN[with_notes]]
    parts = []
    for _, group in groupby(shown, key=lambda finding: finding.place.file):
        parts += ["\n".join(_lines(finding)) for finding in group]
        parts.append("")
    parts += [f"{finding.place}: ignored, {reasons[finding.id]} [{finding.id}]" for finding in ignored]
    return "\n".join([*parts, _count(findings, ignored, with_notes), *([UNCHECKED] if is_refused else [])])


def _lines(finding: Finding) -> Iterator[str]:
    entry = CATALOGUE[finding.id]
    yield f"{finding.place}: {finding.severity}: {finding.text} [{finding.id}]"
    yield f"  users: {entry.users}"
    yield f"  fix: {finding.fix or remedy(finding.id)}"


def _count(findings: Sequence[Finding], ignored: Sequence[Finding], with_notes: bool) -> str:
    count = Counter(finding.severity for finding in findings)
    parts = [f"{count[kind]} {kind}{'' if count[kind] == 1 else 's'}" for kind in ("error", "warning")]
    if count["note"]:
        hidden = "" if with_notes else " (--notes shows them)" if count["note"] > 1 else " (--notes shows it)"
        parts.append(f"{count['note']} note{'' if count['note'] == 1 else 's'}{hidden}")
    if ignored:
        parts.append(f"{len(ignored)} ignored")
    return ", ".join(parts)

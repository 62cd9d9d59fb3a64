"""Ignored findings: by id, each with the reason.

    livekit-firewall lint --livekit livekit.yaml --ignore 'unknown-key=we run 1.14'

or, for a whole repository, `.livekit-firewall.yaml` in the working directory:

    lint:
      ignore:
        - {id: unknown-key, reason: we run 1.14}
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct

from ...inputs.document import read_document
from ...inputs.records import read_record
from ...inputs.shown import show
from ...model.errors import Finding, Place, Report
from ...model.findings import CATALOGUE

FILE = ".livekit-firewall.yaml"


class Ignore(Struct, frozen=True, kw_only=True):
    """One entry of the file, as it is written."""

    id: str = ""
    reason: str = ""


class _Lint(Struct, frozen=True, kw_only=True):
    ignore: Annotated[tuple[Ignore, ...], Meta(extra={"expected": "a list of mappings with id and reason"})] = ()


class _File(Struct, frozen=True, kw_only=True):
    lint: _Lint = _Lint()


def read_ignored(options: Iterable[str], folder: Path) -> dict[str, str]:
    """Id to reason, from `--ignore` and from the file in `folder`, if there is one; the option wins.

    Raises:
        ConfigurationError: no reason, an id that is not in the catalogue or cannot be ignored, an unknown key
            in the file, a file that cannot be read.
    """
    report = Report()
    found = {**_from_file(folder, report), **_from_options(options, report)}
    report.stop_if_any()
    return found


def part(findings: Iterable[Finding], ignored: Mapping[str, str]) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """The findings that stay, and those that are ignored."""
    findings = tuple(findings)
    return (
        tuple(finding for finding in findings if finding.id not in ignored),
        tuple(finding for finding in findings if finding.id in ignored),
    )


def _from_options(options: Iterable[str], report: Report) -> dict[str, str]:
    found: dict[str, str] = {}
    for option in options:
        name, _, reason = option.partition("=")
        _add(found, Ignore(id=name.strip(), reason=reason), Place("--ignore"), report)
    return found


def _from_file(folder: Path, report: Report) -> dict[str, str]:
    path, found = folder / FILE, dict[str, str]()
    if not path.exists():
        return found
    document = read_document(path, FILE, report)
    if document:
        read = read_record(_File, document.value, document.place, report)
        for index, entry in enumerate(read.lint.ignore):
            _add(found, entry, document.place(f"lint.ignore[{index}]"), report)
    return found


def _add(found: dict[str, str], entry: Ignore, place: Place, report: Report) -> None:
    known = CATALOGUE.get(entry.id)
    if known is None:
        near = get_close_matches(entry.id[:80], list(CATALOGUE), n=1)
        hint = f"did you mean {near[0]}?" if near else "docs/findings.md lists them"
        report.problem(place, show("lint.ignore.id", entry.id), "must be the id of a finding", hint)
    elif known.stops:
        hint = "the service does not start with it, or its ports cannot be told"
        report.problem(place, entry.id, "must be a finding that can be ignored", hint)
    elif not entry.reason.strip():
        report.problem(place, entry.id, "must come with a reason", f"write {entry.id}=REASON: those who come later ask")
    elif entry.id in found:
        report.problem(place, entry.id, "must be named once")
    else:
        found[entry.id] = entry.reason.strip()

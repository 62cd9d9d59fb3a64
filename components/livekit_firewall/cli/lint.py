"""`livekit-firewall lint`: what is wrong with what a deployment runs with.

Exit codes: 0 nothing grave, 1 errors (with `--strict` warnings too), 2 bad input or could not run.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from ..inputs.project import ProjectError
from ..model.errors import ConfigurationError, Finding
from .input import read_input
from .options import InputOptions, inputs
from .screen import show

FORMATS = ("text", "json", "sarif")


@click.command()
@inputs
@click.option("--format", "format_", type=click.Choice(FORMATS), help="How to print; text unless --json.")
@click.option("--strict", is_flag=True, help="Exit 1 for warnings too.")
@click.option("--notes", is_flag=True, help="Show notes in the text too.")
@click.option("--ignore", metavar="ID=REASON", multiple=True, help="A finding to ignore, and why (repeatable).")
@click.option("--participants", type=click.IntRange(min=1), metavar="N", help="How many are expected at once.")
@click.option("--cpus", type=click.IntRange(min=1), metavar="N", help="Virtual CPUs of the node.")
@click.option("--max-ports", type=click.IntRange(min=1), metavar="N", help="Ports that a NAT or quota in front allows.")
@click.option("--kubernetes", is_flag=True, help="The servers run by LiveKit's charts.")
def lint(
    as_json: bool,
    format_: str | None,
    strict: bool,
    notes: bool,
    ignore: Sequence[str],
    given: InputOptions,
    **own: Any,
) -> None:
    """What is wrong with a configuration, what it does to users, and what to do about it."""
    from ..reports.lint.ignore import part, read_ignored

    if as_json and format_ not in (None, "json"):
        raise click.UsageError(f"--json and --format {format_} exclude each other")
    reasons = read_ignored(ignore, Path())
    every, is_refused = _findings(given, own)
    findings, ignored = part(every, reasons)
    form = "json" if as_json else format_ or "text"
    printed = _printed(form, findings, ignored, reasons, notes, is_refused)
    show(printed) if form == "text" else click.echo(printed)
    grave = {"error", "warning"} if strict else {"error"}
    if any(finding.severity in grave for finding in findings):
        raise click.exceptions.Exit(1)


def _findings(given: InputOptions, own: Mapping[str, Any]) -> tuple[tuple[Finding, ...], bool]:
    """The findings, and whether a service refuses the configuration, so that further ones are not looked for."""
    from ..reports.lint import LintOptions, lint_refused
    from ..reports.lint import lint as lint_deployment

    options = LintOptions(**own)
    try:
        deployment = read_input(given)
    except ProjectError:
        raise
    except ConfigurationError as error:
        return lint_refused(error), True
    return lint_deployment(deployment, options), False


def _printed(
    format_: str,
    findings: Sequence[Finding],
    ignored: Sequence[Finding],
    reasons: Mapping[str, str],
    notes: bool,
    is_refused: bool,
) -> str:
    if format_ == "text":
        from ..reports.lint.text import text

        return text(findings, ignored, reasons, with_notes=notes, is_refused=is_refused)
    if format_ == "sarif":
        from ..reports.lint.sarif import sarif

        return json.dumps(sarif(findings, ignored, reasons), indent=2)
    rows = [_as_json(finding) for finding in findings]
    left = [{**_as_json(finding), "reason": reasons[finding.id]} for finding in ignored]
    refused = {"refused": True} if is_refused else {}
    return json.dumps({"version": 1, **refused, "findings": rows, "ignored": left}, indent=2)


def _as_json(finding: Finding) -> dict[str, Any]:
    from ..model.errors import finding_as_json
    from ..reports.lint import CATALOGUE

    return {**finding_as_json(finding), "users": CATALOGUE[finding.id].users}

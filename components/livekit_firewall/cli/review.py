"""The command `review`: what previews of Pulumi mean for who can reach what."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from .screen import columns

if TYPE_CHECKING:
    from ..reports.review.change import Review

Command = TypeVar("Command", bound=Callable[..., Any])

FORMATS = ("markdown", "text", "json")
FAILS = ("wider", "risk", "any")

SHOWN = (
    click.option("--format", "form", type=click.Choice(FORMATS), default="markdown", help="Markdown by default."),
    click.option(
        "--fail-on", type=click.Choice(FAILS), help="Exit code 1 on wider access, on a risk, or on any change."
    ),
    click.option("--limit", type=click.IntRange(min=500), metavar="N", help="Characters that the Markdown may have."),
)


def shown(command: Command) -> Command:
    """The options of every command that prints a review."""
    for option in reversed(SHOWN):
        command = option(command)
    return command


@click.command()
@click.argument("previews", metavar="PREVIEW.json...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@shown
def review(previews: tuple[str, ...], form: str, as_json: bool, fail_on: str | None, limit: int | None) -> None:
    """Who gains and who loses reach by what `pulumi preview --json` printed, of one or many stacks; - reads standard
    input. Any firewall rule counts, whoever made it. The first word is the verdict: no change, narrower, wider, moved.
    """
    from ..reports.review import review_texts
    from ..reports.review.files import read_all

    show(review_texts(read_all(previews)), "json" if as_json else form, fail_on, limit)


def show(found: Review, form: str, fail_on: str | None, limit: int | None) -> None:
    """Print the review and end with the exit code that was asked for, also if the reader closes the output early."""
    code = 1 if fail_on and is_met(found, fail_on) else 0
    try:
        _print(found, form, limit)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the flush at exit would complain once more
    sys.exit(code)


def _print(found: Review, form: str, limit: int | None) -> None:
    if form == "json":
        click.echo(json.dumps(found.as_json(), indent=2))
    elif form == "text":
        from ..reports.review.text import text

        click.echo(text(found, columns()), nl=False)
    else:
        from ..reports.review.markdown import markdown

        click.echo(markdown(found, limit), nl=False)


def is_met(found: Review, fail_on: str) -> bool:
    """Whether the review is what `--fail-on` names: something gained, a risk, or anything at all. A warning that was
    there before the change is none to fail for: what it warns of may be meant.
    """
    risks = [risk for risk in found.risks if risk.is_new or risk.severity == "error"]
    return {
        "wider": found.gains,
        "risk": bool(risks),
        "any": bool(found.verdict != "no change" or risks),
    }[fail_on]

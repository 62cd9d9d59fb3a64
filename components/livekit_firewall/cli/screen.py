"""What stands between a text and a terminal: its width. What is piped or saved stays as it is."""

from __future__ import annotations

import shutil
import sys

import click

from ..model.text import wrapped

NARROWEST = 24
"""A range of ports with its indent fits in; nothing is made narrower."""


def columns(*, err: bool = False) -> int | None:
    """The width of the terminal on standard output, or on standard error; None where that is no terminal."""
    is_terminal = (sys.stderr if err else sys.stdout).isatty()
    return max(shutil.get_terminal_size().columns, NARROWEST) if is_terminal else None


def show(text: str) -> None:
    """Print a text, whose tables have the width already."""
    click.echo(wrapped(text, columns()))


def tell(text: str) -> None:
    """Print a finding, a note or an error on standard error."""
    click.echo(wrapped(text, columns(err=True)), err=True)

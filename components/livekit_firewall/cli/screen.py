"""What stands between a text and a terminal: its width. What is piped or saved stays as it is."""

from __future__ import annotations

import shutil
import sys

import click

from ..model.text import wrapped

NARROWEST = 24
"""A range of ports with its indent fits in; nothing is made narrower."""


def columns() -> int | None:
    """The width of the terminal on standard output; None where that is no terminal."""
    return max(shutil.get_terminal_size().columns, NARROWEST) if sys.stdout.isatty() else None


def show(text: str) -> None:
    """Print a text, whose tables have the width already."""
    click.echo(wrapped(text, columns()))

"""The command `livekit-firewall`: one command per file; `group` loads what the command line asks for."""

from __future__ import annotations

from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """The entry point of the console script."""
    from .group import main as run

    run(arguments)

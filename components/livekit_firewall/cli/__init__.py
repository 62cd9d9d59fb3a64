"""The command `livekit-firewall`: one command per file; `group` loads what the command line asks for."""

from __future__ import annotations

import gc
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """The entry point of the console script."""
    # a tenth of a second of loading modules makes no garbage, and the collector's passes took a twentieth of it
    gc.set_threshold(100_000, 20, 20)
    from .group import main as run

    run(arguments)

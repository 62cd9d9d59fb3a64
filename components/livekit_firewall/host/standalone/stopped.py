"""A step that cannot be done, and how the user gets to read why."""

import sys
import traceback


class Stopped(Exception):
    """A step cannot be done; the text is all that is to be told."""


def show_stopped_as_text() -> None:
    """Have Pulumi tell Stopped as its text alone, and every other error as before.

    Its process for dynamic providers has no word for a failed step: what is raised fails the call with what
    `traceback.format_exc` makes of it (pulumi/dynamic/__main__.py of 3.272.0), and the user reads that.
    """
    before = traceback.format_exc

    def format_exc(limit: "int | None" = None, chain: bool = True) -> str:
        error = sys.exc_info()[1]
        return str(error) if isinstance(error, Stopped) else before(limit, chain)

    traceback.format_exc = format_exc

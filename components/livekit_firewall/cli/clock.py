"""The date that a report bears."""

from __future__ import annotations

import os
from datetime import datetime, timezone

import click

from ..model.text import quoted


def now() -> datetime:
    """Now, or the time of SOURCE_DATE_EPOCH, with which the same input gives the same bytes.

    Raises:
        click.UsageError: that variable is no time.
    """
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if not given:
        return datetime.now(timezone.utc)
    try:
        return datetime.fromtimestamp(int(given), timezone.utc)
    except (ValueError, OverflowError, OSError):
        got = quoted(given, 100)
        raise click.UsageError(
            f"SOURCE_DATE_EPOCH must be seconds since 1970 (got {got}); correct it or unset it"
        ) from None

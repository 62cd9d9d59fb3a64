"""The table in docs/drift.md, between its markers, from the records of the platforms."""

from pathlib import Path

from livekit_firewall.platforms.registry import PLATFORMS, AnyPlatform
from marked import with_part

DRIFT = Path(__file__).parents[1] / "docs" / "drift.md"
BEGIN = "<!-- from the records of the platforms; `make docs` writes it -->\n"
END = "<!-- end of the table -->\n"


def drift() -> str:
    """The page with the table as it should be."""
    head = (
        "| Platform | Removed or changed by hand | Added by hand to the program's firewall | What `compare` reads |",
        "|---|---|---|---|",
    )
    return with_part(DRIFT, BEGIN, "\n".join([*head, *map(_row, PLATFORMS), ""]), END)


def _row(one: AnyPlatform) -> str:
    return f"| {one.title} | repaired | {_added(one)} | `{one.listing}` |"


def _added(one: AnyPlatform) -> str:
    if one.removes_added:
        return "removed"
    return f"removed with `{one.removes_added_with}`; stays otherwise" if one.removes_added_with else "stays"

"""The table in docs/drift.md, between its markers, from the records of the platforms."""

from pathlib import Path

from livekit_firewall.platforms.registry import PLATFORMS, AnyPlatform

DRIFT = Path(__file__).parents[1] / "docs" / "drift.md"
BEGIN = "<!-- from the records of the platforms; `make docs` writes it -->\n"
END = "<!-- end of the table -->\n"


def drift() -> str:
    """The page with the table as it should be."""
    before, begin, rest = DRIFT.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise SystemExit(f"docs/drift.md must hold the lines {BEGIN.strip()} and {END.strip()}")
    head = (
        "| Platform | Removed or changed by hand | Added by hand to the program's firewall | What `compare` reads |",
        "|---|---|---|---|",
    )
    return before + begin + "\n".join([*head, *map(_row, PLATFORMS), ""]) + end + after


def _row(one: AnyPlatform) -> str:
    return f"| {one.title} | repaired | {_added(one)} | `{one.listing}` |"


def _added(one: AnyPlatform) -> str:
    if one.removes_added:
        return "removed"
    return f"removed with `{one.removes_added_with}`; stays otherwise" if one.removes_added_with else "stays"

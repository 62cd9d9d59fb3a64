"""Pages of which a part, between two markers, is written by `make docs`."""

from pathlib import Path


def with_part(page: Path, begin: str, part: str, end: str) -> str:
    """The page with the part as it should be. The markers are whole lines."""
    before, first, rest = page.read_text(encoding="utf-8").partition(begin)
    _, last, after = rest.partition(end)
    if not (first and last):
        raise SystemExit(f"{page.name} must hold the lines {begin.strip()} and {end.strip()}")
    return before + first + part + last + after

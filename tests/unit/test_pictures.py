"""The pictures in docs/pictures show what the program prints today; `make pictures` writes them anew."""

from __future__ import annotations

import json
import re
import struct
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

import pictures

SVG = "{http://www.w3.org/2000/svg}"


def lines(picture: Path) -> list[str]:
    """The lines of text on the picture of a terminal, from top to bottom."""
    root = ET.parse(picture).getroot()  # noqa: S314 (our own file)
    found: dict[float, str] = {}
    for text in root.iter(f"{SVG}text"):
        if text.get("class") != "terminal-title":
            place = float(text.get("y", "0"))
            found[place] = found.get(place, "") + (text.text or "").replace("\xa0", " ")
    return [line.strip() for _, line in sorted(found.items()) if line.strip()]


@pytest.mark.parametrize("name", pictures.TERMINALS)
def test_a_terminal_shows_what_the_command_prints(name: str) -> None:
    words = pictures.TERMINALS[name]
    printed = pictures.printed(words, pictures.COLUMNS)
    assert max(map(len, printed.splitlines())) <= pictures.COLUMNS
    expected = [f"$ livekit-firewall {' '.join(words)}", *printed.splitlines()]
    assert lines(pictures.PICTURES / f"{name}.svg") == [line.strip() for line in expected if line.strip()]


def test_a_picture_of_a_terminal_loads_nothing() -> None:
    for name in pictures.TERMINALS:
        text = (pictures.PICTURES / f"{name}.svg").read_text(encoding="utf-8")
        assert not re.search(r"@font-face|@import|href=|<script|<image", text)
        assert set(re.findall(r"https?://[^\s\"<]+", text)) <= {
            "http://www.w3.org/2000/svg",
            "https://www.textualize.io",
        }


def test_the_pages_that_were_photographed_are_those_of_today() -> None:
    made_from = json.loads(pictures.MADE_FROM.read_text(encoding="utf-8"))
    assert made_from == {name: pictures.digest(words) for name, words in pictures.PAGES.items()}, "make pictures"


def test_each_picture_is_of_its_size_and_shown_on_a_page() -> None:
    files = sorted(pictures.PICTURES.glob("*.[ps][nv]g"))
    assert [file.stem for file in files] == sorted([*pictures.PAGES, *pictures.TERMINALS])
    for name in pictures.PAGES:
        content = (pictures.PICTURES / f"{name}.png").read_bytes()
        assert struct.unpack(">II", content[16:24]) == (pictures.WIDTH, pictures.HEIGHTS[name])
        assert len(content) < 250_000
    pages = "".join(page.read_text(encoding="utf-8") for page in (pictures.ROOT / "docs").glob("*.md"))
    assert {file.name for file in files} <= set(re.findall(r"!\[[^\]]+\]\(pictures/([^)]+)\)", pages))

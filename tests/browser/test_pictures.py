"""`make pictures` photographs what it is to show: the pages as they first are, with a question answered."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

import pytest

import pictures

pytestmark = pytest.mark.needs("browser")


@pytest.fixture(scope="module")
def window(browser: Any) -> Iterator[Any]:
    opened = browser.new_page(color_scheme="light")
    yield opened
    opened.close()


@pytest.mark.parametrize("name", pictures.PAGES)
def test_a_page_is_photographed_with_its_answer(window: Any, name: str) -> None:
    page = pictures.printed(pictures.PAGES[name])
    taken = pictures.photograph(window, page, pictures.HEIGHTS[name])
    assert struct.unpack(">II", taken[16:24]) == (pictures.WIDTH, pictures.HEIGHTS[name])
    # the table is on it, below the answer
    without = page.replace('<section id="reached"', '<section hidden="" id="reached"')
    without = without.replace('<section id="stacks"', '<section hidden="" id="stacks"')
    assert pictures.photograph(window, without, pictures.HEIGHTS[name]) != taken

"""Lists that are shortened say by how much; tables fit their terminal and lose nothing."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livekit_firewall.model.text import cells, few, plain, wrapped

from ..strategies import few_examples

HEADS = ("change", "firewall", "who", "ports", "service", "key", "addresses × ports")
ROW = (
    "added",
    "node-1, node-2, node-3 and 2 more",
    "2001:db8:1111:2222:3333:4444::/96 but 10.0.0.0/8",
    "tcp/22, udp/50000-60000",
    "ICE/UDP",
    "port_range_end, port_range_start",
    "+ 4,294,967,296 IPv4 × 10,001",
)
WIDTHS = range(30, 201)


@pytest.mark.parametrize(
    ("number", "shown"),
    [(0, ""), (1, "a0"), (3, "a0, a1, a2"), (4, "a0, a1, a2 and 1 more"), (1204, "a0, a1, a2 and 1,201 more")],
)
def test_a_list_says_how_many_it_leaves_out(number: int, shown: str) -> None:
    assert few((f"a{place}" for place in range(number)), 3) == shown


@few_examples
@given(st.lists(st.text("ab:/-", min_size=1, max_size=60), max_size=30), st.integers(1, 9), st.integers(30, 300))
def test_what_has_only_so_much_room_says_how_many_are_left(names: list[str], most: int, room: int) -> None:
    shown = few(names, most, room=room)
    more = re.search(r" and ([0-9]+) more$", shown)
    kept = shown[: more.start()].split(", ") if more else shown.split(", ") if shown else []
    assert len(shown) <= room
    assert len(kept) + int(more[1] if more else 0) == len(names)
    assert kept == names[: len(kept)] or (len(kept) == 1 and kept[0].endswith("..."))


@pytest.mark.parametrize("width", WIDTHS)
def test_a_table_fits_and_loses_nothing(width: int) -> None:
    shown = plain(HEADS, [ROW, ROW], "  ", width)
    assert max(map(len, shown.split("\n"))) <= width
    words = shown.split()
    for cell in ROW:
        for word in cell.split():
            assert words.count(word) >= 2 or len(word) > width - 4, (width, word)
    for heading in HEADS:
        assert all(word in words or f"{word}:" in words for word in heading.upper().split())


@few_examples
@given(st.data())
def test_any_table_fits_and_has_each_cell_whole(data: st.DataObject) -> None:
    width = data.draw(st.integers(30, 200))
    number = data.draw(st.integers(1, 8))
    cell = st.lists(st.text("ab/:.日é×", min_size=1, max_size=20), max_size=6).map(" ".join)
    rows = data.draw(st.lists(st.lists(cell, min_size=number, max_size=number), max_size=5))
    shown = plain([f"h{place}" for place in range(number)], rows, "  ", width)
    assert max(map(cells, shown.split("\n")), default=0) <= width
    assert all(line == line.rstrip() for line in shown.split("\n"))
    # a word is folded only where it alone is wider than the screen without its indent, so that all are found again
    words = shown.split()
    for row in rows:
        for word in " ".join(row).split():
            assert word in words or cells(word) > width - 4


@pytest.mark.matrix
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("ports", ["udp/50000-60000", "udp/50000-60000,", "50000-60000/udp;"])
def test_a_range_of_ports_is_never_broken(width: int, ports: str) -> None:
    text = f"  warning: node-1: {ports} is open to {ports} and {'x' * 50} {ports}"
    lines = wrapped(text, width).split("\n")
    assert max(map(len, lines)) <= width
    assert " ".join(lines).split().count(ports) == 3
    assert ports in plain(("a", "ports"), [("b " * 90, ports)], "    ", width).split()


def test_without_a_terminal_a_table_is_as_wide_as_it_is() -> None:
    assert plain(("a", "b"), [("x" * 300, "y")], "  ") == f"  A{' ' * 301}B\n  {'x' * 300}  y"
    assert wrapped("x " * 200, None) == "x " * 200


def test_a_text_that_fits_stays_as_it_is() -> None:
    text = "two  spaces\n\n    and  an indent\n"
    assert wrapped(text, 30) == text


def test_a_long_word_is_broken_where_it_must_and_stays_whole_to_read() -> None:
    lines = wrapped(f"  {'x' * 100}", 40).split("\n")
    assert [len(line) for line in lines] == [40, 40, 30]
    assert "".join(lines).replace(" ", "") == "x" * 100

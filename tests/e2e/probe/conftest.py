"""A laboratory for the tests of each module; those that need another one have their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .lab import Lab


@pytest.fixture(scope="module")
def shared() -> Iterator[Lab]:
    with Lab() as made:
        yield made


@pytest.fixture
def lab(shared: Lab) -> Iterator[Lab]:
    """Of each test, that it leaves nothing behind on the server."""
    shared.reset()
    yield shared
    assert shared.leftovers() == []

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from .analyzer import FOLDER, Pack, started


@pytest.fixture(scope="module")
def pack() -> Iterator[Pack]:
    """The pack of this repository, in a process of its own, which costs something as long as it runs."""
    with started([sys.executable, str(FOLDER / "__main__.py"), "127.0.0.1:1"]) as running:
        yield running

"""One plugin for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .plugin import Plugin, furnish, package, started


@pytest.fixture(scope="session")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plugin]:
    """In an environment that holds what components/requirements.txt names, and so no SDK of a cloud."""
    folder = package(tmp_path_factory.mktemp("package"))
    furnish(folder)
    with started(folder) as running:
        yield running

"""A real browser, and pages that must load nothing and complain of nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import pictures


@pytest.fixture(scope="package")
def browser(chromium: Path) -> Iterator[Any]:
    """A headless Chromium. Not for the whole session: as long as it runs, so does an event loop, and no other test
    of the process could have its own.
    """
    with pictures.chromium(chromium) as launched:
        yield launched


REFUSALS = ("violates the following Content Security Policy directive", "requires 'TrustedHTML'")
"""How Chromium says that a policy stopped something."""


class Visit:
    """`visit(html, **options of the browser's context)`: the page, loaded from a file.

    Attributes:
        asked: what else than its own file a page asked for. Nothing of it is sent.
        said: what was written to the console, by the page or by the browser.
    """

    def __init__(self, browser: Any, folder: Path) -> None:
        self._browser, self._folder = browser, folder
        self._contexts: list[Any] = []
        self.asked: list[str] = []
        self.said: list[str] = []

    def __call__(self, html: str, **options: Any) -> Any:
        file = self._folder / f"{len(self._contexts)}.html"
        file.write_text(html, encoding="utf-8")
        context = self._browser.new_context(**options)
        self._contexts.append(context)

        def serve(route: Any) -> None:
            if route.request.url.partition("#")[0] == file.as_uri():
                route.continue_()
            else:
                self.asked.append(route.request.url)
                route.abort()

        context.route("**/*", serve)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.goto(file.as_uri())
        return page

    def refused(self) -> bool:
        """Whether the policy of the page stopped something since the last time, and nothing else was said."""
        said, self.said[:] = self.said[:], []
        return bool(said) and all(any(word in one for word in REFUSALS) for one in said)

    def end(self) -> None:
        for context in self._contexts:
            context.close()


@pytest.fixture
def visit(browser: Any, tmp_path: Path) -> Iterator[Visit]:
    """At the end of the test no page may have asked for anything but its own file, nor have written to the console,
    where a browser writes also what a policy stopped.
    """
    made = Visit(browser, tmp_path)
    yield made
    made.end()
    assert (made.asked, made.said) == ([], [])

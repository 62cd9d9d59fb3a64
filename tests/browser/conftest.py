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


LEAVE = """() => {
    for (const name of ["beforeunload", "pagehide", "unload"]) window.dispatchEvent(new Event(name));
    return [localStorage.length, sessionStorage.length, document.cookie];
}"""
"""What a page does as it is left, while it can still be heard, and what it stored."""


class Visit:
    """`visit(html, …)`: the page, loaded from a file.

    A window is opened once and shows one page after the other, since to open one costs four times as much as to load a
    page. What is seen of a page is set anew for each; the page of an earlier visit is gone, and what it could have
    left behind for the next one is looked for at the end.

    Attributes:
        folder: where the files of the pages are written.
        asked: what else than its own file a page asked for. Nothing of it is sent.
        said: what was written to the console, by the page or by the browser, or shown in a dialog.
        left: what a page stored, and other windows that it opened.
    """

    def __init__(self, browser: Any) -> None:
        self._browser = browser
        self._windows: dict[tuple[bool, bool], Any] = {}
        self._shown: set[Any] = set()
        self._count, self._file = 0, ""
        self.folder = Path()
        self.asked: list[str] = []
        self.said: list[str] = []
        self.left: list[Any] = []

    def __call__(
        self,
        html: str,
        size: tuple[int, int] = (1280, 720),
        color_scheme: str = "light",
        reduced_motion: str = "no-preference",
        java_script_enabled: bool = True,
        bypass_csp: bool = False,
    ) -> Any:
        self._count += 1
        file = self.folder / f"{self._count}.html"
        file.write_text(html, encoding="utf-8")
        self._file = file.as_uri()
        kind = java_script_enabled, bypass_csp
        if kind not in self._windows:
            self._windows[kind] = self._window(java_script_enabled=java_script_enabled, bypass_csp=bypass_csp)
        page = self._windows[kind]
        page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
        page.emulate_media(media="null", color_scheme=color_scheme, reduced_motion=reduced_motion)
        self._shown.add(page)
        page.goto(self._file)
        return page

    def _window(self, **options: Any) -> Any:
        context = self._browser.new_context(**options)
        context.route("**/*", self._serve)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("dialog", self._dismiss)
        context.on("page", lambda other: self.left.append(other.url))
        return page

    def _serve(self, route: Any) -> None:
        if route.request.url.partition("#")[0] == self._file:
            route.continue_()
        else:
            self.asked.append(route.request.url)
            route.abort()

    def _dismiss(self, dialog: Any) -> None:
        self.said.append(dialog.message)
        dialog.dismiss()

    def refused(self) -> bool:
        """Whether the policy of the page stopped something since the last time, and nothing else was said."""
        said, self.said[:] = self.said[:], []
        return bool(said) and all(any(word in one for word in REFUSALS) for one in said)

    def end(self) -> tuple[list[str], list[str], list[Any]]:
        """Ends what is shown: what was asked for, said and left since the last time."""
        for page in self._shown:
            kept = page.evaluate(LEAVE)
            self.left += [] if kept == [0, 0, ""] else [kept]
            page.goto("about:blank")
        self._shown.clear()
        if self.left:  # the next page shall not find it
            for page in self._windows.values():
                page.context.close()
            self._windows.clear()
        found = self.asked[:], self.said[:], self.left[:]
        for one in (self.asked, self.said, self.left):
            one.clear()
        return found


@pytest.fixture(scope="package")
def visitor(browser: Any) -> Iterator[Visit]:
    made = Visit(browser)
    yield made
    assert made.end() == ([], [], [])


@pytest.fixture
def visit(visitor: Visit, tmp_path: Path) -> Iterator[Visit]:
    """At the end of the test no page may have asked for anything but its own file, nor have written to the console,
    where a browser writes also what a policy stopped, nor have left anything.
    """
    visitor.folder = tmp_path
    yield visitor
    assert visitor.end() == ([], [], [])

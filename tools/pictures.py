"""Writes docs/pictures anew: what terminals and pages show, of the files named here. Needs Chromium.

A terminal's picture holds its text. Fonts differ between machines, so that no test compares the pixels of a page: it
compares the page that was photographed, by the digest in made-from.json.
"""

import contextlib
import io
import json
import os
import pty
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "pictures"
MADE_FROM = PICTURES / "made-from.json"
DATE = "1767225600"
EXAMPLES = ROOT / "tests" / "pictures"

TERMINALS = {
    "exposure-terminal": ("exposure", "--stack", "frankfurt"),
    "review-terminal": ("diff", "before.yaml", "after.yaml", "--format", "text"),
}
"""What is printed, by the picture's name, in the folder EXAMPLES."""

PAGES = {
    "exposure-page": ("exposure", "--stack", "frankfurt", "--html"),
    "fleet-page": ("exposure", "--all-stacks", "--html"),
}
WIDTH = 1100
HEIGHTS = {"exposure-page": 900, "fleet-page": 1180}
"""Pixels of a page that are shown."""
COLUMNS = 112
QUESTION = ("198.51.100.7", "udp/5060")
"""What is asked of a page before it is photographed."""


def printed(words: tuple[str, ...], columns: int | None = None) -> str:
    """What the command prints on a terminal of so many columns, or to a file."""
    given = {**os.environ, "SOURCE_DATE_EPOCH": DATE, "PYTHONPATH": str(ROOT / "components"), "PYTHONUTF8": "1"}
    given |= {"COLUMNS": str(columns)} if columns else {}
    command = [sys.executable, "-m", "livekit_firewall.cli", *words]
    ours, its = pty.openpty() if columns else (None, subprocess.PIPE)
    with subprocess.Popen(command, cwd=EXAMPLES, env=given, stdout=its, stderr=subprocess.DEVNULL) as process:
        if ours is None:
            return process.communicate()[0].decode()
        os.close(its)
        return b"".join(_parts(ours)).decode().replace("\r\n", "\n")


def _parts(terminal: int) -> Iterator[bytes]:
    with open(terminal, "rb", buffering=0) as file, contextlib.suppress(OSError):  # at its end: EIO
        while part := file.read(65536):
            yield part


def terminal(words: tuple[str, ...]) -> str:
    """The picture of a terminal as SVG, which loads nothing."""
    from rich.console import Console
    from rich.text import Text

    console = Console(record=True, width=COLUMNS, file=io.StringIO(), color_system=None)
    command = " ".join(("livekit-firewall", *words))
    console.print(Text(f"$ {command}\n{printed(words, COLUMNS).rstrip()}"), soft_wrap=True)
    drawn = console.export_svg(title=command, unique_id="terminal")
    return re.sub(r"\s*@font-face \{.*?\}", "", drawn, flags=re.DOTALL)


def digest(words: tuple[str, ...]) -> str:
    return sha256(printed(words).encode()).hexdigest()


def photograph(window: Any, page: str, height: int) -> bytes:
    """A page as it first shows in a window of Playwright's, with a question answered."""
    window.goto("about:blank")
    window.set_viewport_size({"width": WIDTH, "height": height})
    window.set_content(page)
    for field, text in zip(("#who", "#ports"), QUESTION, strict=True):
        window.locator(field).fill(text)
    window.locator("#ports").press("Enter")
    return window.screenshot()  # type: ignore[no-any-return]


def browsers() -> Iterator[str]:
    """Chrome first: Ubuntu's package `chromium` is a stub for its snap, which does not run everywhere."""
    found = (shutil.which(name) for name in ("google-chrome", "google-chrome-stable", "chromium", "chrome"))
    return filter(None, found)


@contextlib.contextmanager
def chromium(executable: str | Path) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # root has no sandbox; the pages are our own
        launched = playwright.chromium.launch(executable_path=str(executable), chromium_sandbox=False)
        yield launched
        launched.close()


def main() -> int:
    PICTURES.mkdir(exist_ok=True)
    for name, words in TERMINALS.items():
        (PICTURES / f"{name}.svg").write_text(terminal(words), encoding="utf-8")
    with chromium(next(browsers())) as browser:
        window = browser.new_page(color_scheme="light")
        for name, words in PAGES.items():
            (PICTURES / f"{name}.png").write_bytes(photograph(window, printed(words), HEIGHTS[name]))
    made_from = {name: digest(words) for name, words in PAGES.items()}
    MADE_FROM.write_text(json.dumps(made_from, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

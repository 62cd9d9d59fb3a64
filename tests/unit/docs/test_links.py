"""Each link of each page leads somewhere, and each page is linked to from docs/index.md."""

from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

import pytest

from .pages import NAMES, ROOT, pages

INDEX = "docs/index.md"


def resolved(page: str, path: str) -> str:
    """A link's path from the repository's root."""
    found = (ROOT / PurePosixPath(page).parent / unquote(path)).resolve()
    return found.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("name", NAMES)
def test_links_and_anchors_lead_somewhere(name):
    wrong = []
    for line, link in pages()[name].links:
        url = urlsplit(link)
        if url.scheme:
            if url.scheme not in ("http", "https", "mailto") or not (url.netloc or url.path) or " " in link:
                wrong.append(f"{name}:{line}: no URL: {link}")
            continue
        target = resolved(name, url.path) if url.path else name
        if not (ROOT / target).exists():
            wrong.append(f"{name}:{line}: no such file: {link}")
        elif url.fragment and target in pages() and url.fragment not in pages()[target].anchors:
            wrong.append(f"{name}:{line}: no such heading: {link}")
    assert wrong == []


def test_every_page_is_reached_from_the_index():
    reached, waiting = set(), [INDEX]
    while waiting:
        name = waiting.pop()
        if name in pages() and name not in reached:
            reached.add(name)
            waiting += [
                resolved(name, url.path)
                for _, link in pages()[name].links
                if (url := urlsplit(link)).path and not url.scheme
            ]
    for_users = {name for name in pages() if name.startswith(("docs/", "examples/"))}
    assert sorted(for_users - reached) == []

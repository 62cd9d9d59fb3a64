"""Each link of each page leads somewhere, and each page is linked to from docs/index.md; what the page on the
architecture calls by its path is there.
"""

import re
import subprocess
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


PATH = re.compile(r"[\w.-]+(?:/[\w.-]+)*/?")
PLACEHOLDERS = {"NAME": ("hetzner", "aws-single-node"), "CLOUD": ("hcloud",)}
ENDINGS = (".py", ".md", ".json", ".yaml", ".toml", ".txt", "/")


def test_what_the_architecture_names_is_there():
    """From the root, from the package or, for the files of one platform or command, anywhere."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    files = listed.stdout.splitlines()
    there = {f"/{one}" for one in files} | {f"/{folder}/" for one in files for folder in PurePosixPath(one).parents}
    texts = re.findall(r"`([^`\n]+)`", (ROOT / "docs/architecture.md").read_text(encoding="utf-8"))
    named = [one for one in texts if PATH.fullmatch(one) and ("/" in one or one.endswith(ENDINGS))]
    assert len(named) > 60
    assert [one for one in named if not any(path.endswith(end) for end in _ends(one) for path in there)] == []


def _ends(name: str) -> list[str]:
    given = [name]
    for word, values in PLACEHOLDERS.items():
        given = [one.replace(word, value) for one in given for value in values] if word in name else given
    return [f"/{one.rstrip('/')}{end}" for one in given for end in (("/",) if name.endswith("/") else ("", "/"))]

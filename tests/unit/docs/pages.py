"""Every page of Markdown: its blocks, links and anchors."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).resolve().parents[3]
PLACES = ("*.md", "docs/**/*.md", "examples/**/*.md", "tools/config_keys/*.md", "tests/unit/configurations/*.md")
FILES = sorted(path for place in PLACES for path in ROOT.glob(place))
NAMES = sorted(path.relative_to(ROOT).as_posix() for path in FILES)
"""Of the pages, to be had without reading them, as each worker of the tests has to."""
COMMENT = re.compile(r"<!-- (.*?) -->", re.DOTALL)


@dataclass(frozen=True)
class Block:
    """One fenced block.

    Attributes:
        line: of its first fence, from 1.
        mark: what the comment right before it says, or "".
    """

    page: str
    line: int
    language: str
    text: str
    mark: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


@dataclass
class Page:
    """Attributes:
    name: the path from the repository's root.
    links: the line and the target of each link and picture.
    anchors: what a link may name behind `#`.
    """

    name: str
    blocks: list[Block] = field(default_factory=list)
    links: list[tuple[int, str]] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)


def read(path: Path) -> Page:
    page = Page(path.relative_to(ROOT).as_posix())
    mark, headings, line = "", Counter[str](), 0
    tokens = MarkdownIt("commonmark").enable("table").parse(path.read_text(encoding="utf-8"))
    for number, token in enumerate(tokens):
        line = token.map[0] + 1 if token.map else line
        if token.type in ("fence", "code_block"):
            page.blocks.append(Block(page.name, line, token.info.strip(), token.content, mark))
        elif token.type == "inline":
            page.links += [(line, target) for target in _targets(token)]
            if tokens[number - 1].type == "heading_open":
                slug = _slug(token)
                page.anchors.add(f"{slug}-{headings[slug]}" if headings[slug] else slug)
                headings[slug] += 1
        if token.type == "html_block":
            page.anchors |= set(re.findall(r'(?:id|name)="([^"]+)"', token.content))
            found = COMMENT.findall(token.content)
            mark = found[-1] if found else mark
        else:
            mark = ""
    return page


def _targets(token: Token) -> list[str]:
    found = []
    for child in token.children or ():
        target = child.attrGet("href") if child.type == "link_open" else child.attrGet("src")
        if target is not None:
            found.append(str(target))
    return found


def _slug(heading: Token) -> str:
    """As GitHub makes it: lower case, without punctuation, spaces as hyphens."""
    text = "".join(child.content for child in heading.children or () if child.type in ("text", "code_inline"))
    return re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")


@cache
def pages() -> dict[str, Page]:
    return {page.name: page for page in map(read, FILES)}


def blocks(page: str, language: str = "") -> list[str]:
    """The texts of a page's blocks, for tests of one page."""
    return [block.text for block in pages()[page].blocks if not language or block.language == language]

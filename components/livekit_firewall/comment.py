"""One comment in a pull or merge request that holds the page, and is updated in place.

It is known by a hidden marker in its first line and by its author: a marker in somebody else's comment is a
quotation, or a trap.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

from msgspec import Struct

from .forges import Comment, Forge
from .model.errors import FirewallError
from .web import WAITS, PassingError

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,49}")
# Whole, as `review`, `diff` and the workflow write it: more on that line is a risk, or something not understood.
_NO_CHANGE = re.compile(r"no change( in who can reach what)?( in \d+ stacks)?")


class Outcome(Struct, frozen=True):
    """What became of a page.

    Attributes:
        done: `posted`, `updated`, `unchanged` (the same text is there already), or `nothing` (no change, and
            no comment that says otherwise).
        url: where the comment is; "" for `nothing`.
        author: who wrote it.
        expected: who was looked for; another than `author` would not be found the next time.
        duplicates: further comments with the marker, which are left as they are.
    """

    done: Literal["posted", "updated", "unchanged", "nothing"]
    url: str = ""
    author: str = ""
    expected: str = ""
    duplicates: tuple[str, ...] = ()


class PageTooLong(FirewallError):
    """The page is longer than a comment may be. It is never cut here: a cut loses what matters."""


class NotSure(PassingError):
    """Whether the comment was posted is not known."""


def is_no_change(page: str) -> bool:
    """Whether the page's first line says `no change` and tells nothing else: no risk, also none that was there
    before, and nothing that was not understood. A page that it does not know is one that tells something.
    """
    return _NO_CHANGE.fullmatch(page.strip().split("\n", 1)[0].rstrip()) is not None


def publish(forge: Forge, page: str, name: str, wait: Callable[[float], object]) -> Outcome:
    """Make the comment `name` of the request say `page`: post it, update it, or leave it.

    Nothing is posted when the page says no more than `no change` (`is_no_change`) and there is no comment yet; a
    comment that is there is updated to say so. Of several the oldest is updated and the others are left, since
    deleting is not ours.

    Args:
        forge: where.
        page: Markdown whose first line is the verdict, as `review` writes it.
        name: of the marker (`NAME`): one comment per name and request.
        wait: sleeps so many seconds between tries.

    Raises:
        PageTooLong: with the length, the limit and the way out.
        WebError: the API refused, or could not be reached four times.
        ValueError: `name` is no name.
    """
    if not NAME.fullmatch(name):
        raise ValueError(name)
    marker = f"<!-- livekit-firewall: {name} -->"
    body = forge.written(f"{marker}\n{_plain(page)}\n")
    length, limit, unit = forge.measure(body)
    if length > limit:
        way_out = "shorten it by meaning: livekit-firewall review --limit 65000"
        raise PageTooLong(f"the page has {length:,} {unit}, a comment at most {limit:,}; {way_out}")
    for seconds in WAITS:
        try:
            return _publish(forge, body, marker, is_no_change(page))
        except NotSure as error:
            wait(seconds if error.seconds is None else error.seconds)  # the next round looks before it posts
    return _publish(forge, body, marker, is_no_change(page))


def _publish(forge: Forge, body: str, marker: str, says_no_change: bool) -> Outcome:
    author = forge.author()
    own = [comment for comment in forge.comments() if comment.author == author and _has(comment, marker)]
    duplicates = tuple(comment.url for comment in own[1:])
    if not own:
        if says_no_change:
            return Outcome("nothing")
        try:
            made = forge.create(body)
        except PassingError as error:
            raise NotSure(str(error), error.status, error.seconds) from None
        return Outcome("posted", made.url, made.author, author)
    if _plain(own[0].body) == _plain(body):
        return Outcome("unchanged", own[0].url, author, author, duplicates)
    changed = forge.update(own[0], body)
    return Outcome("updated", changed.url, author, author, duplicates)


def _has(comment: Comment, marker: str) -> bool:
    return comment.body.lstrip("\ufeff").split("\n", 1)[0].strip() == marker


def _plain(text: str) -> str:
    """As both sides keep it: one kind of line end, nothing blank at the end."""
    return text.replace("\r\n", "\n").strip()

"""The comments of one pull request on GitHub and of one merge request on GitLab: listed whole, made, changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Protocol
from urllib.parse import quote

from msgspec import Struct

from .web import Answer, PassingError, Web, WebError

MAX_PAGES = 200


class Comment(Struct, frozen=True):
    """A comment: its number, who wrote it, its text, and where to read it."""

    id: int
    author: str
    body: str
    url: str


class Forge(Protocol):
    """Where a change is discussed."""

    def written(self, body: str) -> str:
        """A body as it is sent and kept."""

    def measure(self, body: str) -> tuple[int, int, str]:
        """The length of a body, the greatest allowed, and the unit."""

    def author(self) -> str:
        """As whom the token writes."""

    def comments(self) -> Iterator[Comment]:
        """All, oldest first."""

    def create(self, body: str) -> Comment:
        """A new one; not tried again after a `PassingError`."""

    def update(self, comment: Comment, body: str) -> Comment:
        """Another text for one of our own."""


class GitHub:
    """A pull request.

    Args:
        web: of the REST API, with the token.
        repository: OWNER/NAME.
        number: of the pull request.
        login: as whom the token writes, if that is known.
    """

    # The API says "maximum is 65536 characters"; it was also seen to count bytes, four times as many
    # (github.com/dead-claudia/github-limits, pull request 13). As code points both hold.
    LIMIT = 65_536
    ACTIONS = "github-actions[bot]"

    def __init__(self, web: Web, repository: str, number: int, login: str = "") -> None:
        self.web, self.login = web, login
        self.comments_path = f"/repos/{quote(repository)}/issues/{number}/comments"
        self.comment_path = f"/repos/{quote(repository)}/issues/comments"

    def written(self, body: str) -> str:
        return body

    def measure(self, body: str) -> tuple[int, int, str]:
        return len(body), self.LIMIT, "characters"

    def author(self) -> str:
        if self.login:
            return self.login
        try:
            return str(_record(self.web.get("/user")).get("login", ""))
        except WebError as error:
            # the token of a job is an app's and may not ask; a person's may
            if error.status in (403, 404) and not isinstance(error, PassingError):
                return self.ACTIONS
            raise

    def comments(self) -> Iterator[Comment]:
        path: str | None = f"{self.comments_path}?per_page=100"
        for _ in range(MAX_PAGES):
            answer = self.web.get(path or "")
            yield from (_github(row) for row in _rows(answer))
            path = _next(answer.headers.get("link", ""))
            if path is None:
                return
        raise WebError(f"{self.comments_path}: more than {MAX_PAGES} pages of comments")

    def create(self, body: str) -> Comment:
        return _github(_record(self.web.post(self.comments_path, {"body": body})))

    def update(self, comment: Comment, body: str) -> Comment:
        return _github(_record(self.web.patch(f"{self.comment_path}/{comment.id}", {"body": body})))


def _github(row: dict[str, Any]) -> Comment:
    user = row.get("user") or {}  # none: a deleted account
    return Comment(int(row["id"]), str(user.get("login", "")), str(row.get("body") or ""), str(row.get("html_url", "")))


class GitLab:
    """A merge request.

    Args:
        web: of the API, with the token.
        project: its number, or its full path.
        number: of the merge request in its project (iid).
        login: as whom the token writes, if that is known.
    """

    # 1,000,000 characters by its documentation, 1 MiB by its code; as bytes both hold.
    LIMIT = 1_000_000

    def __init__(self, web: Web, project: str, number: int, login: str = "") -> None:
        self.web, self.login = web, login
        self.notes_path = f"/projects/{quote(project, safe='')}/merge_requests/{number}/notes"

    def written(self, body: str) -> str:
        # a line that begins with a slash is an order to GitLab (/merge, /approve)
        return re.sub(r"(?m)^([ \t]*)/(?=\w)", r"\1&#47;", body)

    def measure(self, body: str) -> tuple[int, int, str]:
        return len(body.encode()), self.LIMIT, "bytes"

    def author(self) -> str:
        return self.login or str(_record(self.web.get("/user")).get("username", ""))

    def comments(self) -> Iterator[Comment]:
        page = "1"
        for _ in range(MAX_PAGES):
            answer = self.web.get(f"{self.notes_path}?per_page=100&order_by=created_at&sort=asc&page={page}")
            yield from (_gitlab(row) for row in _rows(answer) if not row.get("system"))
            page = answer.headers.get("x-next-page", "").strip()
            if not page:
                return
            if not page.isdigit():
                raise WebError(f"{self.notes_path}: the number of the next page is no number")
        raise WebError(f"{self.notes_path}: more than {MAX_PAGES} pages of notes")

    def create(self, body: str) -> Comment:
        return _gitlab(_record(self.web.post(self.notes_path, {"body": body})))

    def update(self, comment: Comment, body: str) -> Comment:
        return _gitlab(_record(self.web.put(f"{self.notes_path}/{comment.id}", {"body": body})))


def _gitlab(row: dict[str, Any]) -> Comment:
    author = row.get("author") or {}
    return Comment(int(row["id"]), str(author.get("username", "")), str(row.get("body") or ""), f"note {row['id']}")


def _record(answer: Answer) -> dict[str, Any]:
    if not isinstance(answer.value, dict):
        raise WebError("the API's answer has another form than expected")
    return answer.value


def _rows(answer: Answer) -> list[dict[str, Any]]:
    if not isinstance(answer.value, list) or not all(isinstance(row, dict) and "id" in row for row in answer.value):
        raise WebError("the API's answer is no list of comments")
    return answer.value


def _next(link: str) -> str | None:
    """The address of the next page in a Link header: `<https://…?page=2>; rel="next", <…>; rel="last"`."""
    for address, parameters in re.findall(r"<([^>]*)>([^<]*)", link):
        if re.search(r'\brel="?next\b', parameters):
            return str(address)
    return None

"""The comment APIs of GitHub and GitLab on loopback, which refuse what those refuse.

Written from their documentation, apart from the client: github "REST API endpoints for issue comments" and
"Using pagination", gitlab "Notes API" and "REST API: pagination".
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "ghs_canary0123456789"
GITHUB = "github-actions[bot]"
GITLAB = "project_1_bot"


class Forge:
    """What the server holds and did.

    Attributes:
        comments: (id, author, body), oldest first.
        log: each request, as `METHOD path`.
        answers: answers to give instead, by `METHOD path`, first come first served: (status, headers, value,
            whether the request is done all the same).
        page: how many comments one page has at most.
        is_app: whether the token is a job's, which may not ask who it is.
    """

    def __init__(self) -> None:
        self.base = ""
        self.comments: list[tuple[int, str, str]] = []
        self.log: list[str] = []
        self.sent: list[dict[str, Any]] = []
        self.answers: dict[str, list[tuple[int, dict[str, str], Any, bool]]] = {}
        self.page = 100
        self.is_app = True
        self.may_write = True

    def add(self, author: str, body: str) -> int:
        self.comments.append((len(self.comments) + 1, author, body))
        return len(self.comments)

    @property
    def writes(self) -> list[str]:
        return [line for line in self.log if not line.startswith("GET ")]


@contextmanager
def serving(forge: Forge) -> Iterator[Forge]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *arguments: object) -> None:
            pass

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            url = urlsplit(self.path)
            forge.log.append(f"{self.command} {url.path}")
            value = json.loads(body) if body else None
            if value is not None:
                forge.sent.append(value)
            told = forge.answers.get(f"{self.command} {url.path}")
            instead = told.pop(0) if told else None
            if instead is None or instead[3]:
                usual = _routed(forge, self.command, url.path, parse_qs(url.query), value, self.headers)
            status, headers, answer = instead[:3] if instead else usual
            content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(status)
            for name, text in {"Content-Length": str(len(content)), **headers}.items():
                self.send_header(name, text)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = do_PUT = answer  # noqa: N815

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    forge.base = f"http://127.0.0.1:{server.server_port}"
    try:
        yield forge
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


Answer = tuple[int, dict[str, str], Any]


def _routed(forge: Forge, method: str, path: str, query: dict[str, list[str]], value: Any, headers: Any) -> Answer:
    if path.startswith("/api/v4/"):
        return _gitlab(forge, method, path.removeprefix("/api/v4"), query, value, headers)
    return _github(forge, method, path, query, value, headers)


def _github(forge: Forge, method: str, path: str, query: dict[str, list[str]], value: Any, headers: Any) -> Answer:
    if headers.get("Authorization") != f"Bearer {TOKEN}":
        return 401, {}, {"message": "Bad credentials"}
    if (method, path) == ("GET", "/user"):
        if forge.is_app:
            return 403, {}, {"message": "Resource not accessible by integration"}
        return 200, {}, {"login": GITHUB}

    def shown(row: tuple[int, str, str]) -> dict[str, Any]:
        url = f"https://github.com/o/r/pull/7#issuecomment-{row[0]}"
        return {"id": row[0], "user": {"login": row[1]} if row[1] else None, "body": row[2], "html_url": url}

    if path == "/repos/o/r/issues/7/comments" and method == "GET":
        size, number = min(int(query["per_page"][0]), forge.page), int(query.get("page", ["1"])[0])
        rows = forge.comments[(number - 1) * size : number * size]
        last = -(-len(forge.comments) // size)
        link = f'<{forge.base}{path}?per_page={size}&page={{}}>; rel="{{}}"'
        links = [link.format(1, "first")] * (number > 1) + [link.format(number + 1, "next")] * (number < last)
        return 200, {"Link": ", ".join(links)} if links else {}, [shown(row) for row in rows]
    found = re.fullmatch(r"/repos/o/r/issues/comments/(\d+)", path)
    is_new = (method, path) == ("POST", "/repos/o/r/issues/7/comments")
    if not is_new and not (found and method == "PATCH" and 0 < int(found[1]) <= len(forge.comments)):
        return 404, {}, {"message": "Not Found"}
    if not forge.may_write:
        return 403, {}, {"message": "Resource not accessible by integration"}
    if not value["body"] or len(value["body"]) > 65536:
        errors = [{"message": "Body is too long (maximum is 65536 characters)"}]
        return 422, {}, {"message": "Validation Failed", "errors": errors}
    return _kept(forge, None if is_new else int(found[1]) if found else 0, value["body"], GITHUB, shown)


def _gitlab(forge: Forge, method: str, path: str, query: dict[str, list[str]], value: Any, headers: Any) -> Answer:
    if headers.get("PRIVATE-TOKEN") != TOKEN:
        return 401, {}, {"message": "401 Unauthorized"}
    if (method, path) == ("GET", "/user"):
        return 200, {}, {"username": GITLAB}

    def shown(row: tuple[int, str, str]) -> dict[str, Any]:
        return {"id": row[0], "author": {"username": row[1]}, "body": row[2], "system": row[1] == "system"}

    notes = "/projects/42/merge_requests/3/notes"
    if (method, path) == ("GET", notes):
        assert query["sort"] == ["asc"]
        size, number = min(int(query["per_page"][0]), forge.page), int(query["page"][0])
        rows = forge.comments[(number - 1) * size : number * size]
        more = number * size < len(forge.comments)
        return 200, {"X-Next-Page": str(number + 1) if more else ""}, [shown(row) for row in rows]
    found = re.fullmatch(rf"{notes}/(\d+)", path)
    is_new = (method, path) == ("POST", notes)
    if not is_new and not (found and method == "PUT" and 0 < int(found[1]) <= len(forge.comments)):
        return 404, {}, {"message": "404 Not found"}
    if not forge.may_write:
        return 403, {}, {"message": "403 Forbidden"}
    if len(value["body"]) > 1_000_000:
        return 400, {}, {"message": {"note": ["is too long (maximum is 1000000 characters)"]}}
    return _kept(forge, None if is_new else int(found[1]) if found else 0, value["body"], GITLAB, shown)


def _kept(forge: Forge, number: int | None, body: str, author: str, shown: Any) -> Answer:
    if number is None:
        number = forge.add(author, "")
    number, kept_by, _ = forge.comments[number - 1]
    forge.comments[number - 1] = (number, kept_by, body)
    return 200, {}, shown(forge.comments[number - 1])

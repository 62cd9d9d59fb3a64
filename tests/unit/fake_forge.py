"""A pull request on GitHub with a stand-in for the action that comments, and GitLab's API of notes on loopback.

The API is written from its documentation, apart from the client: "Notes API" and "REST API: pagination". The stand-in
does what the action's documentation says of the inputs that the workflow gives it, and refuses others; the action
itself runs on GitHub only.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "glpat_canary0123456789"
GITHUB = "github-actions[bot]"
GITLAB = "project_1_bot"
STICKY = "marocchino/sticky-pull-request-comment"


class Forge:
    """What the request holds and what was done.

    Attributes:
        base: GitLab's address; "" where no server runs.
        comments: (id, author, body), oldest first.
        log: each request to GitLab as `METHOD path`, and what the stand-in did on GitHub.
        page: how many comments one page has at most.
    """

    def __init__(self) -> None:
        self.base = ""
        self.comments: list[tuple[int, str, str]] = []
        self.log: list[str] = []
        self.page = 100

    def add(self, author: str, body: str) -> int:
        self.comments.append((len(self.comments) + 1, author, body))
        return len(self.comments)

    def change(self, number: int, body: str) -> None:
        self.comments[number - 1] = (number, self.comments[number - 1][1], body)

    @property
    def writes(self) -> list[str]:
        return [line for line in self.log if not line.startswith("GET ")]


def sticky(forge: Forge, inputs: Mapping[str, str]) -> None:
    """The stand-in: one comment for each `header`, found by its author and a hidden marker, updated in place."""
    assert set(inputs) <= {"header", "path", "only_update", "skip_unchanged"}
    only_update, skip_unchanged = (
        {"true": True, "false": False}[inputs.get(name, "false")] for name in ("only_update", "skip_unchanged")
    )
    body = Path(inputs["path"]).read_text(encoding="utf-8")
    assert body, "Either message or path input is required"
    mark = f"<!-- Sticky Pull Request Comment{inputs['header']} -->"
    text = f"{body}\n{mark}"
    assert len(text) <= 65_536, "Body is too long (maximum is 65536 characters)"
    forge.log.append("GET comments")
    found = next((one for one in forge.comments if one[1] == GITHUB and mark in one[2]), None)
    if found is None and not only_update:
        forge.log.append("create")
        forge.add(GITHUB, text)
    elif found is not None and not (skip_unchanged and found[2] == text):
        forge.log.append(f"update {found[0]}")
        forge.change(found[0], text)


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
            status, headers, answer = _gitlab(
                forge, self.command, url.path, parse_qs(url.query), value, self.headers.get("PRIVATE-TOKEN")
            )
            content = json.dumps(answer).encode()
            self.send_response(status)
            given = {"Content-Type": "application/json", "Content-Length": str(len(content)), **headers}
            for name, text in given.items():
                self.send_header(name, text)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = answer  # noqa: N815

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


def _gitlab(
    forge: Forge, method: str, path: str, query: dict[str, list[str]], value: Any, token: str | None
) -> tuple[int, dict[str, str], Any]:
    if token != TOKEN:
        return 401, {}, {"message": "401 Unauthorized"}
    if (method, path) == ("GET", "/api/v4/user"):
        return 200, {}, {"id": 1, "username": GITLAB}

    def shown(row: tuple[int, str, str]) -> dict[str, Any]:
        return {"id": row[0], "author": {"username": row[1]}, "body": row[2], "system": row[1] == "system"}

    notes = "/api/v4/projects/42/merge_requests/3/notes"
    if (method, path) == ("GET", notes):
        assert (query["sort"], query["order_by"]) == (["asc"], ["created_at"])
        size, number = min(int(query.get("per_page", ["20"])[0]), forge.page), int(query.get("page", ["1"])[0])
        rows = forge.comments[(number - 1) * size : number * size]
        following = f"{forge.base}{path}?sort=asc&order_by=created_at&per_page={size}&page={number + 1}"
        more = number * size < len(forge.comments)
        return 200, {"Link": f'<{following}>; rel="next"'} if more else {}, [shown(row) for row in rows]
    found = re.fullmatch(rf"{notes}/(\d+)", path)
    is_new = (method, path) == ("POST", notes)
    if not is_new and not (found and method == "PUT" and 0 < int(found[1]) <= len(forge.comments)):
        return 404, {}, {"message": "404 Not found"}
    if len(value["body"]) > 1_000_000:
        return 400, {}, {"message": {"note": ["is too long (maximum is 1000000 characters)"]}}
    number = int(found[1]) if found else forge.add(GITLAB, "")
    forge.change(number, value["body"])
    return 201 if is_new else 200, {}, shown(forge.comments[number - 1])

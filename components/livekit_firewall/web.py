"""Requests to a JSON API that survive a bad minute and give nothing away.

Only https, or http to this machine; no redirect is followed; the token appears in no message. The standard
library does it: a client of its own would be one more dependency of everybody for one command.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import IO, Any
from urllib.parse import urljoin, urlsplit

from msgspec import Struct

from .model.errors import FirewallError

SECONDS = 30
WAITS = (1.0, 2.0, 4.0)
"""Before the second, third and fourth try."""
LONGEST_WAIT = 60.0
MAX_BYTES = 100_000_000
AGAIN = (429, 500, 502, 503, 504)


class WebError(FirewallError):
    """An API refused or could not be reached.

    Attributes:
        status: its answer, 0 if there was none.
    """

    def __init__(self, text: str, status: int = 0) -> None:
        super().__init__(text)
        self.status = status


class PassingError(WebError):
    """It may pass by itself, and what was asked may have been done all the same.

    Attributes:
        seconds: after how many to try again, None if the API does not say.
    """

    def __init__(self, text: str, status: int, seconds: float | None) -> None:
        super().__init__(text, status)
        self.seconds = seconds


class Answer(Struct, frozen=True):
    """What an API answered: the parsed JSON, and the headers by lower-case name."""

    value: Any
    headers: dict[str, str]


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, _req: Any, _fp: IO[bytes], _code: int, _msg: str, _headers: Any, _newurl: str) -> None:
        return None


class Web:
    """One API.

    Args:
        base: its address; every request goes to this host.
        headers: sent with every request, the token among them.
        token: what no message may show.
        wait: sleeps so many seconds.

    Raises:
        WebError: `base` is neither https nor on this machine.
    """

    def __init__(
        self, base: str, headers: Mapping[str, str], token: str, wait: Callable[[float], object] = time.sleep
    ) -> None:
        self.base, self.headers, self.token, self.wait = base.rstrip("/"), dict(headers), token, wait
        parts = _split(base)
        is_here = _is_loopback(parts.hostname or "")
        if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and is_here)):
            raise WebError(f"{self._shown(base)}: must be an https address: the token is sent there")
        # a proxy has no business between this machine and itself
        proxies = [urllib.request.ProxyHandler({})] if is_here else []
        self._opener = urllib.request.build_opener(_NoRedirect, *proxies)

    def get(self, path: str) -> Answer:
        """Tries again by itself, as `put` and `patch` do: doing it twice is doing it once."""
        return self._repeated("GET", path, None)

    def put(self, path: str, value: object) -> Answer:
        return self._repeated("PUT", path, value)

    def patch(self, path: str, value: object) -> Answer:
        return self._repeated("PATCH", path, value)

    def post(self, path: str, value: object) -> Answer:
        """Tries once: after a `PassingError` whoever asked looks first whether it was done."""
        return self._once("POST", path, value)

    def _repeated(self, method: str, path: str, value: object) -> Answer:
        for seconds in WAITS:
            try:
                return self._once(method, path, value)
            except PassingError as error:
                self.wait(seconds if error.seconds is None else error.seconds)
        return self._once(method, path, value)

    def _once(self, method: str, path: str, value: object) -> Answer:
        url = self._address(path)
        data = None if value is None else json.dumps(value).encode()
        headers = self.headers if data is None else {**self.headers, "Content-Type": "application/json"}
        request = urllib.request.Request(url, data, headers, method=method)  # noqa: S310 (the constructor checks it)
        what = f"{method} {self._shown(url)}"
        try:
            with self._opener.open(request, timeout=SECONDS) as response:
                return Answer(self._parsed(what, response), _lower(response.headers))
        except urllib.error.HTTPError as error:
            with error:
                raise self._refusal(what, error) from None
        except (OSError, http.client.HTTPException) as error:
            reason = getattr(error, "reason", None) or error
            raise PassingError(f"{what}: {self._shown(str(reason) or type(reason).__name__)}", 0, None) from None

    def _address(self, path: str) -> str:
        url = path if "://" in path else f"{self.base}{path}"
        own, other = _split(self.base), _split(url)
        if (own.scheme, own.netloc) != (other.scheme, other.netloc):
            raise WebError(f"{self._shown(url)}: the API's next page must be on {own.netloc}")
        return url

    def _parsed(self, what: str, response: Any) -> Any:
        content = response.read(MAX_BYTES + 1)
        try:
            if len(content) > MAX_BYTES:
                raise ValueError
            return json.loads(content)
        except (ValueError, RecursionError):
            raise WebError(f"{what}: the answer is no JSON of a usual size") from None

    def _refusal(self, what: str, error: urllib.error.HTTPError) -> WebError:
        headers = _lower(error.headers)
        if 300 <= error.code < 400:
            to = _split(urljoin(self.base, headers.get("location", ""))).netloc
            return WebError(f"{what}: {error.code}, redirected to {self._shown(to)}, which is not followed", error.code)
        text = f"{what}: {error.code} {self._shown(_said(error))}".rstrip()
        # GitHub's second limit is a 403 that says when to come back
        if error.code in AGAIN or (error.code == 403 and "retry-after" in headers):
            return PassingError(text, error.code, _seconds(headers.get("retry-after", "")))
        return WebError(text, error.code)

    def _shown(self, text: str) -> str:
        """Printable, short, and without the token."""
        hidden = text.replace(self.token, "[token]") if self.token else text
        return "".join(character if character.isprintable() else " " for character in hidden)[:300]


def _split(url: str) -> Any:
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _lower(headers: Message) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _said(error: urllib.error.HTTPError) -> str:
    """The API's own words: GitHub has `message` and `errors`, GitLab `message` or `error`."""
    try:
        value = json.loads(error.read(100_000))
    except (OSError, ValueError, RecursionError, http.client.HTTPException):
        return ""
    if not isinstance(value, dict):
        return ""
    parts = [value.get("message") or value.get("error"), value.get("errors")]
    return " ".join(part if isinstance(part, str) else json.dumps(part) for part in parts if part)


def _seconds(text: str) -> float | None:
    """Of a Retry-After header, which is a number of seconds or a date; a minute at most."""
    try:
        seconds = float(text) if text.isdigit() else parsedate_to_datetime(text).timestamp() - time.time()
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(seconds, 0.0), LONGEST_WAIT)

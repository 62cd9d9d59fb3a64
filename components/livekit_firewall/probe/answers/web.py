"""HTTP: `GET /`. Any status line is an answer, since health checks, APIs and proxies differ in theirs."""

from __future__ import annotations

import re

from .conversation import Conversation, Stream, printable, wrong_protocol

_STATUS = re.compile(rb"HTTP/\d(?:\.\d)? (\d{3}(?: [^\r\n]*)?)")


async def over_stream(talk: Conversation, stream: Stream) -> None:
    """Raises `Wrong` or `OSError`."""
    lines = ("GET / HTTP/1.1", f"Host: {talk.host}", "User-Agent: livekit-firewall", "Connection: close", "", "")
    stream.send("\r\n".join(lines).encode("ascii", "backslashreplace"))
    talk.say(f"HTTP answers {await talk.hear(stream, 'HTTP status line', _read)}")


def _read(data: bytes) -> str | None:
    if not data.startswith(b"HTTP/"[: len(data)]):
        raise wrong_protocol("HTTP", data)
    line, end, _ = data.partition(b"\n")
    if not end:
        return None
    status = _STATUS.match(line)
    if status is None:
        raise wrong_protocol("HTTP", data)
    return printable(status[1].strip())

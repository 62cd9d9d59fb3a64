"""What livekit-server tells who joins of ICE servers; only the standard library.

python ice_servers.py 203.0.113.253 7880 TOKEN    # JSON: [{"urls": [...], "username": "...", "credential": "..."}, ...]
"""

from __future__ import annotations

import base64
import json
import os
import socket
import sys
from collections.abc import Iterator
from typing import Any

UPGRADE = """\
GET /rtc?access_token={token}&protocol=15 HTTP/1.1\r
Host: {host}:{port}\r
Upgrade: websocket\r
Connection: Upgrade\r
Sec-WebSocket-Key: {key}\r
Sec-WebSocket-Version: 13\r
\r
"""
JOIN, ICE_SERVERS = 1, 5
"""Fields of SignalResponse and of the JoinResponse in it (protocol/protobufs/livekit_rtc.proto)."""
URLS, USERNAME, CREDENTIAL = 1, 2, 3
PATIENCE = 20.0


def servers(host: str, port: int, token: str) -> list[dict[str, Any]]:
    """The ICE servers that whoever joins is told of, as the first message on the WebSocket says."""
    with socket.create_connection((host, port), PATIENCE) as one:
        key = base64.b64encode(os.urandom(16)).decode()
        one.sendall(UPGRADE.format(token=token, host=host, port=port, key=key).encode())
        stream = one.makefile("rb")
        status = stream.readline()
        if b" 101 " not in status:
            raise ConnectionError(f"no WebSocket: {status!r}")
        while stream.readline() != b"\r\n":
            pass
        length = stream.read(2)[1] & 127  # one frame, not masked (RFC 6455, 5.2)
        if length > 125:
            length = int.from_bytes(stream.read(2 if length == 126 else 8), "big")
        (join,) = fields(stream.read(length), JOIN)
    return [
        {
            "urls": [url.decode() for url in fields(server, URLS)],
            "username": b"".join(fields(server, USERNAME)).decode(),
            "credential": b"".join(fields(server, CREDENTIAL)).decode(),
        }
        for server in fields(join, ICE_SERVERS)
    ]


def fields(message: bytes, wanted: int) -> Iterator[bytes]:
    """The values of one field of a protobuf message, those with a length (protobuf.dev, encoding)."""
    at = 0

    def number() -> int:
        nonlocal at
        value = shift = 0
        while True:
            at += 1
            value |= (message[at - 1] & 127) << shift
            shift += 7
            if message[at - 1] < 128:
                return value

    while at < len(message):
        field, kind = divmod(number(), 8)
        if kind == 0:
            number()
            continue
        size = {1: 8, 5: 4}[kind] if kind != 2 else number()
        if kind == 2 and field == wanted:
            yield message[at : at + size]
        at += size


if __name__ == "__main__":
    print(json.dumps(servers(sys.argv[1], int(sys.argv[2]), sys.argv[3])))

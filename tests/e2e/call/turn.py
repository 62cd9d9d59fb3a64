"""What a client does with TURN, apart from WebRTC: to learn of it, to go through TLS, to be reached at a relay.

python turn.py servers 203.0.113.253 7880 TOKEN           # what the server tells who joins, as JSON: [{"urls": [...],
                                                          # "username": "...", "credential": "..."}, ...]
python turn.py tunnel 198.51.100.2 3478 203.0.113.1 443 turn.example.com turn.pem
python turn.py relay 203.0.113.1 3478 USERNAME CREDENTIAL 203.0.113.40
python turn.py send 203.0.113.40 30123                    # one datagram

`tunnel` prints `ready`, and hands on every TCP connection to its first address ("": all) over TLS to the second, or in
plain text if no name and certificate follow. It trusts this one certificate, under this one name. WebRTC trusts the
authorities that are built into it and no others: given to a participant as a plain TURN server, the tunnel puts its
call on the wire as TURN/TLS, handshake and all.

`relay` asks for an address at the TURN server over UDP, lets the one peer send to it and sends nothing itself; prints
{"relayed": ["203.0.113.1", 30123]}, then {"heard": "..."} of each datagram.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import socket
import ssl
import sys
from collections.abc import Iterator
from typing import Any

from aioice.turn import TurnClientUdpProtocol

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
LIFETIME = 600
"""Seconds of an allocation, and of a channel."""
CHANNEL, ANY_PORT = 0x4000, 9
"""A permission is for an address; a channel, which comes with one, wants some port as well."""


# servers


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


# tunnel


async def tunnel(here: str, port: int, host: str, far: int, name: str | None = None, pem: str | None = None) -> None:
    trust = ssl.create_default_context(cafile=pem) if pem else None

    async def hand_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            theirs, ours = await asyncio.open_connection(host, far, ssl=trust, server_hostname=name)
            await asyncio.gather(copy(reader, ours), copy(theirs, writer))
        except OSError as error:
            print(error, file=sys.stderr, flush=True)
        writer.close()

    async with await asyncio.start_server(hand_on, here or None, port):
        print("ready", flush=True)
        await asyncio.Event().wait()


async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(1 << 16):
        writer.write(data)
        await writer.drain()
    writer.close()


# relay


class Peer(asyncio.DatagramProtocol):
    def datagram_received(self, data: bytes, addr: object) -> None:
        print(json.dumps({"heard": data.decode()}), flush=True)


async def relay(host: str, port: int, username: str, credential: str, peer: str) -> None:
    _, turn = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: TurnClientUdpProtocol((host, port), username, credential, LIFETIME, LIFETIME),
        remote_addr=(host, port),
    )
    relayed = await turn.connect()
    await turn.channel_bind(CHANNEL, (peer, ANY_PORT))
    turn.peer_to_channel[peer, ANY_PORT] = CHANNEL  # else it would take what the peer sends for uninvited
    turn.receiver = Peer()
    print(json.dumps({"relayed": relayed}), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    command, *rest = sys.argv[1:]
    if command == "servers":
        print(json.dumps(servers(rest[0], int(rest[1]), rest[2])))
    elif command == "tunnel":
        asyncio.run(tunnel(rest[0], int(rest[1]), rest[2], int(rest[3]), *rest[4:]))
    elif command == "relay":
        asyncio.run(relay(rest[0], int(rest[1]), *rest[2:]))
    elif command == "send":
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plain:
            plain.sendto(b"?", (rest[0], int(rest[1])))

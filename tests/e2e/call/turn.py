"""What a client does with TURN, apart from WebRTC: to go through TLS, to be reached at a relay.

python turn.py tunnel 198.51.100.2 3478 203.0.113.1 443 turn.example.com turn.pem
python turn.py relay 203.0.113.1 3478 USERNAME CREDENTIAL 203.0.113.40

`tunnel` prints `ready`, and hands on every TCP connection to its first address ("": all) over TLS to the second, or in
plain text if no name and certificate follow. It trusts this one certificate, under this one name. WebRTC trusts the
authorities that are built into it and no others: given to a participant as a plain TURN server, the tunnel puts its
call on the wire as TURN/TLS, handshake and all.

`relay` asks for an address at the TURN server over UDP, lets the one peer send to it and sends nothing itself; prints
{"relayed": ["203.0.113.1", 30123]}, then {"heard": "..."} of each datagram.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import sys

from aioice.turn import TurnClientUdpProtocol

LIFETIME = 600
"""Seconds of an allocation, and of a channel."""
CHANNEL, ANY_PORT = 0x4000, 9
"""A permission is for an address; a channel, which comes with one, wants some port as well."""


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
    if command == "tunnel":
        asyncio.run(tunnel(rest[0], int(rest[1]), rest[2], int(rest[3]), *rest[4:]))
    elif command == "relay":
        asyncio.run(relay(rest[0], int(rest[1]), *rest[2:]))

"""Services beside livekit-server as far as a firewall test needs them, and questions to services in their protocols.

python services.py serve sip udp/5060 tcp/5060 rtmp tcp/1935     # prints `ready`; on all addresses
python services.py ask < QUESTIONS                               # JSON [[service, protocol, port, address], ...]
                                                                 # -> what each says, null where nobody answers

A SIP listener answers OPTIONS with 200 (RFC 3261, 11.2), an RTMP listener its half of the handshake. Questions are
those of `probe check`.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress

from livekit_firewall.model.addresses import Family
from livekit_firewall.model.ports import Protocol
from livekit_firewall.model.services import Service
from livekit_firewall.probe.answers import ask

PATIENCE = 1.5
"""Seconds to wait for an answer, which comes within milliseconds."""
RTMP_BLOCK = 1536
COPIED = ("via", "from", "to", "call-id", "cseq")
"""Header fields that an answer takes over (RFC 3261, 8.2.6.2)."""


def options_answer(request: bytes) -> bytes:
    lines = request.decode().partition("\r\n\r\n")[0].split("\r\n")
    if not lines[0].startswith("OPTIONS "):
        return b""
    kept = [line for line in lines[1:] if line.partition(":")[0].strip().lower() in COPIED]
    return "\r\n".join(["SIP/2.0 200 OK", *kept, "Content-Length: 0", "", ""]).encode()


async def sip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(options_answer(await reader.readuntil(b"\r\n\r\n")))


async def rtmp(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    asked = await reader.readexactly(1 + RTMP_BLOCK)
    writer.write(asked)  # S0 and S1 have the form of C0 and C1


STREAMS: dict[str, Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]] = {"sip": sip, "rtmp": rtmp}


class Datagrams(asyncio.DatagramProtocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: object) -> None:
        self.transport.sendto(options_answer(data), addr)  # type: ignore[attr-defined]


async def serve(words: list[str]) -> None:
    speak = STREAMS["sip"]
    for word in words:
        if word in STREAMS:
            speak = STREAMS[word]
            continue
        protocol, _, port = word.partition("/")
        # One socket for both families, as a wildcard bind of a Go server is.
        one = socket.socket(socket.AF_INET6, socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM)
        one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections of an earlier one may linger
        one.bind(("::", int(port)))
        if protocol == "tcp":
            await asyncio.start_server(once(speak), sock=one)
        else:
            await asyncio.get_running_loop().create_datagram_endpoint(Datagrams, sock=one)
    print("ready", flush=True)
    await asyncio.Event().wait()


def once(
    speak: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            await speak(reader, writer)
        writer.close()

    return answer


async def said(service: str, protocol: str, port: int, address: str) -> str | None:
    family = Family.IPV6 if ":" in address else Family.IPV4
    # Metrics are served over plain HTTP, as health is.
    spoken = Service.HEALTH if service == Service.METRICS.value else Service(service)
    answer = await ask(spoken, Protocol(protocol), port, address, None, family, PATIENCE)
    return answer.says if answer and " answers" in answer.says else None


async def questions(asked: list[list[object]]) -> list[str | None]:
    return list(await asyncio.gather(*(said(*one) for one in asked)))  # type: ignore[arg-type]


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        asyncio.run(serve(sys.argv[2:]))
    else:
        print(json.dumps(asyncio.run(questions(json.load(sys.stdin)))))

"""A question over UDP: asked three times, and answered by the first datagram that is an answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from .conversation import Conversation, WrongAnswer, wrong_protocol

# When it is sent, as parts of the time there is: at 0, 0.5 and 1.5 of 3 seconds, as RFC 8489 (6.2.1) and
# RFC 3261 (17.1.2.2) have it.
SENT_AT = (0.0, 1 / 6, 1 / 2)
# Datagrams after which a peer that floods is given up.
MOST = 64

T = TypeVar("T")


class _Datagrams(asyncio.DatagramProtocol):
    """Hands every datagram to `read` until it accepts one as the answer."""

    def __init__(self, talk: Conversation, read: Callable[[bytes], object | None], protocol: str) -> None:
        self.talk, self.read, self.protocol = talk, read, protocol
        self.answer: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        self.strange = 0

    def datagram_received(self, data: bytes, addr: object) -> None:  # noqa: ARG002 - asyncio's signature
        if self.answer.done():
            return
        try:
            result = self.read(data)
        except WrongAnswer as wrong:
            self.answer.set_exception(wrong)
            return
        if result is not None:
            self.answer.set_result(result)
            return
        self.strange += 1
        self.talk.instead = self.talk.instead or str(wrong_protocol(self.protocol, data))
        if self.strange >= MOST:
            self.answer.set_exception(WrongAnswer(self.talk.instead))

    def error_received(self, exc: Exception) -> None:
        # The socket is connected, so that the kernel has matched the ICMP message to what we sent.
        if not self.answer.done():
            refused = isinstance(exc, ConnectionError)  # which Windows calls a reset
            self.answer.set_exception(ConnectionRefusedError() if refused else exc)


async def exchange(
    talk: Conversation,
    protocol: str,
    question: Callable[[str, int], bytes],
    read: Callable[[bytes], T | None],
    timeout: float,
) -> T:
    """Sends what `question` makes from our own address and port, until `read` accepts an answer.

    Args:
        protocol: its name for people, as in "no STUN answer".
        read: returns None for a datagram that answers something else, raises `WrongAnswer` for an answer that is wrong.
        timeout: in seconds, the measure of when to send again; to stop waiting is the caller's part.

    Raises `WrongAnswer` for a wrong answer or a flood, and `OSError` for what ICMP reports.
    """
    loop = asyncio.get_running_loop()
    transport, heard = await loop.create_datagram_endpoint(
        lambda: _Datagrams(talk, read, protocol), remote_addr=(talk.address, talk.port)
    )
    talk.awaiting = f"{protocol} answer"
    try:
        message = question(*transport.get_extra_info("sockname")[:2])
        for begin, end in zip(SENT_AT, (*SENT_AT[1:], None), strict=True):
            transport.sendto(message)
            await asyncio.wait([heard.answer], timeout=None if end is None else (end - begin) * timeout)
            if heard.answer.done():
                break
        return heard.answer.result()  # type: ignore[return-value] # what `read` made
    finally:
        transport.abort()
        if not heard.answer.cancel() and not heard.answer.cancelled():
            heard.answer.exception()  # seen, or asyncio complains on stderr when we were cancelled

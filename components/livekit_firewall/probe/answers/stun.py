"""STUN (RFC 8489): a binding request, and our address as the answer tells it."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from .conversation import Conversation, Stream, WrongAnswer, bracketed, printable, wrong_protocol
from .datagrams import exchange

if TYPE_CHECKING:
    from aioice.stun import Message

HEADER = 20
# coturn's secure-stun: a binding request needs credentials, as an allocation always does.
WANTS_CREDENTIALS = 401


async def over_udp(talk: Conversation, timeout: float) -> None:
    """Raises `WrongAnswer` or `OSError`."""
    request = _request()

    def read(data: bytes) -> Message | None:
        return _parse(data) if _is_ours(data, request) else None

    message = await exchange(talk, "STUN", lambda *_: request, read, timeout)
    talk.say(_judge(message, "STUN binding answers"))


async def over_stream(talk: Conversation, stream: Stream) -> None:
    """Raises `WrongAnswer` or `OSError`."""
    request = _request()
    stream.send(request)

    def read(data: bytes) -> Message | None:
        if len(data) < HEADER:
            return None
        if not _is_ours(data, request):
            raise wrong_protocol("STUN", data)
        length = HEADER + struct.unpack_from("!H", data, 2)[0]
        return _parse(data[:length]) if len(data) >= length else None

    message = await talk.hear(stream, "STUN answer", read)
    talk.say(_judge(message, "STUN binding answers over TLS"))


def _request() -> bytes:
    from aioice import stun

    return bytes(stun.Message(message_method=stun.Method.BINDING, message_class=stun.Class.REQUEST))


def _is_ours(data: bytes, request: bytes) -> bool:
    """Whether it answers this request: the same magic cookie and transaction. aioice does not look at the cookie."""
    return len(data) >= HEADER and data[0] < 4 and data[4:HEADER] == request[4:HEADER]


def _parse(data: bytes) -> Message:
    from aioice import stun

    try:
        message = stun.parse_message(data)
    except (ValueError, struct.error) as error:  # struct.error is what aioice lets through for a short attribute
        raise WrongAnswer(f"a STUN answer that cannot be read: {printable(str(error))}") from None
    if message.message_method != stun.Method.BINDING or message.message_class == stun.Class.REQUEST:
        raise WrongAnswer("a STUN message that does not answer a binding request")
    return message


def _judge(message: Message, answers: str) -> str:
    """The phrase for the answer. Raises `WrongAnswer` if it does not hold our address."""
    mapped = message.attributes.get("XOR-MAPPED-ADDRESS") or message.attributes.get("MAPPED-ADDRESS")
    code, why = message.attributes.get("ERROR-CODE", (0, ""))
    if code == WANTS_CREDENTIALS:
        return f"{answers}; it wants credentials (401)"
    if code:
        raise WrongAnswer(f"refuses a STUN binding: {code} {printable(why)}".rstrip())
    if mapped is None:
        raise WrongAnswer("a STUN answer without our address in it")
    return f"{answers}; it sees this machine as {bracketed(mapped[0])}:{mapped[1]}"

"""SIP (RFC 3261): OPTIONS, which every server answers in some way.

sipmessage reads the answer, with care: it takes seconds for thousands of headers, and for ever for a request
line with a long `tel:` in it. So it only sees answers, and of these only a head of 4096 bytes.
"""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING

from .conversation import Conversation, Stream, WrongAnswer, bracketed, printable, wrong_protocol
from .datagrams import exchange

if TYPE_CHECKING:
    from sipmessage import Response

MOST = 4096
ANSWER = b"SIP/2.0 "
_END = b"\r\n\r\n"
_FOLD = re.compile(rb"\r\n[ \t]+")
_CODES = range(100, 700)


class OptionsRequest:
    """One OPTIONS request, and the answers to it.

    Args:
        transport: "UDP", "TCP" or "TLS".
    """

    def __init__(self, talk: Conversation, transport: str) -> None:
        self.talk, self.transport = talk, transport
        self.branch = f"z9hG4bK{secrets.token_hex(8)}"
        self.call_id = secrets.token_hex(16)

    def request(self, address: str, port: int) -> bytes:
        """As sent from this address and port of ours."""
        from sipmessage import URI, Address, CSeq, Parameters, Request, Via

        here, by = bracketed(address), Parameters() if self.transport == "UDP" else Parameters(transport=self.transport)
        ours = URI(scheme="sip", user="probe", host=here, port=port, parameters=by)
        theirs = URI(scheme="sip", host=self.talk.host, port=self.talk.port, parameters=by)
        message = Request("OPTIONS", theirs)
        message.via = [Via(self.transport, here, port, Parameters(branch=self.branch, rport=None))]
        message.max_forwards = 70
        message.from_address = Address(ours, parameters=Parameters(tag=secrets.token_hex(8)))
        message.to_address = Address(theirs)
        message.call_id = self.call_id
        message.cseq = CSeq(1, "OPTIONS")
        message.contact = [Address(ours)]
        message.content_length = 0
        return bytes(message)

    def read(self, data: bytes) -> Response | None:
        """The answer; None for other data, or while it is incomplete. Raises `WrongAnswer` if it cannot be read."""
        data = data.lstrip(b"\r\n")  # keep-alives, RFC 5626
        head, end, _ = data[:MOST].partition(_END)
        if not end or not data.startswith(ANSWER):
            return None
        from sipmessage import Message, Response

        try:
            message = Message.parse(_FOLD.sub(b" ", head) + _END)
        except ValueError as error:
            raise WrongAnswer(f"a SIP answer that cannot be read: {printable(str(error))}") from None
        if not isinstance(message, Response) or message.code not in _CODES:
            raise WrongAnswer(f"a SIP answer without a status: {printable(head)}")
        via = message.headers.getlist("Via")
        ours = message.headers.getlist("Call-ID") == [self.call_id] and bool(via) and self.branch in via[0]
        return message if ours else None

    def read_stream(self, data: bytes) -> Response | None:
        """The same of a connection, where nothing else may come first."""
        start = data.lstrip(b"\r\n")[: len(ANSWER)]
        if not ANSWER.startswith(start):
            raise wrong_protocol("SIP", data)
        message = self.read(data)
        if message is None and _END in data.lstrip(b"\r\n"):
            raise WrongAnswer("a SIP answer to another request")
        return message


async def over_udp(talk: Conversation, timeout: float) -> None:
    """Raises `WrongAnswer` or `OSError`."""
    options = OptionsRequest(talk, "UDP")
    talk.say(_status(await exchange(talk, "SIP", options.request, options.read, timeout)))


async def over_tcp(talk: Conversation, stream: Stream) -> None:
    """Raises `WrongAnswer` or `OSError`."""
    await _over_stream(talk, stream, "TCP")


async def over_tls(talk: Conversation, stream: Stream) -> None:
    """Raises `WrongAnswer` or `OSError`."""
    await _over_stream(talk, stream, "TLS")


async def _over_stream(talk: Conversation, stream: Stream, transport: str) -> None:
    options = OptionsRequest(talk, transport)
    stream.send(options.request(*stream.here))
    talk.say(_status(await talk.hear(stream, "SIP answer", options.read_stream, MOST)))


def _status(answer: Response) -> str:
    return f"SIP OPTIONS answers {printable(f'{answer.code} {answer.phrase}'.strip())}"

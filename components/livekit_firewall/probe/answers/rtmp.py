"""RTMP: the first half of its handshake (Adobe's RTMP specification 1.0, 5.2)."""

from __future__ import annotations

import secrets

from .conversation import Conversation, Stream, WrongAnswer, wrong_protocol

VERSION = 3
BLOCK = 1536  # C1 and S1: a time, four zeros and 1528 random bytes
# S0 is a version below 32, as it must not look like text (5.2.2); two of these are how TLS begins.
_VERSIONS = frozenset(range(32)) - {0x15, 0x16}


async def over_stream(talk: Conversation, stream: Stream) -> None:
    """Raises `WrongAnswer` or `OSError`."""
    stream.send(bytes([VERSION]) + bytes(8) + secrets.token_bytes(BLOCK - 8))
    await talk.hear(stream, "RTMP handshake", _read)
    talk.say("RTMP handshake answers")


def _read(data: bytes) -> bool | None:
    if data[0] not in _VERSIONS:
        raise wrong_protocol("RTMP", data)
    if data[0] != VERSION:
        raise WrongAnswer(f"speaks version {data[0]} of RTMP, not {VERSION}")
    return True if len(data) > BLOCK else None

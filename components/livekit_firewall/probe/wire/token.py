"""The secret of one run, as a text that a person copies from the server to the checker.

    token = Token.new(seconds=300, now=time.time())
    Token.parse(token.text()) == token

What travels in the clear (the selector) is derived one way; the secret itself never leaves the two ends.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
import struct

from msgspec import Struct

PREFIX = "lkfw1-"
SECRET_SIZE = 24
_EXPIRES = struct.Struct("!I")
_CHECK_SIZE = 4
_MISTYPED = "the token is cut or mistyped; copy the whole line that `probe listen` printed"


class Token(Struct, frozen=True):
    """Attributes:
    secret: 24 random bytes, so 192 bits.
    expires: the second (Unix time, by the server's clock) after which the server answers no more.
    """

    secret: bytes
    expires: int

    @classmethod
    def new(cls, seconds: float, now: float) -> Token:
        return cls(secrets.token_bytes(SECRET_SIZE), int(now + seconds))

    @classmethod
    def parse(cls, text: str) -> Token:
        """Raises `ValueError` for anything but a whole token; its text is for users and never holds what was given."""
        given = text.strip()
        if not given.startswith(PREFIX):
            raise ValueError(f"a token begins with {PREFIX}; copy the whole line that `probe listen` printed")
        encoded = given.removeprefix(PREFIX)
        try:
            raw = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raw = b""
        body, check = raw[:-_CHECK_SIZE], raw[-_CHECK_SIZE:]
        if len(body) != SECRET_SIZE + _EXPIRES.size or check != _check(body):
            raise ValueError(_MISTYPED)
        token = cls(body[:SECRET_SIZE], *_EXPIRES.unpack(body[SECRET_SIZE:]))
        # base64 has several texts for the same bytes: one of them is a token's
        if token.text() != given:
            raise ValueError(_MISTYPED)
        return token

    def text(self) -> str:
        body = self.secret + _EXPIRES.pack(self.expires)
        return PREFIX + base64.urlsafe_b64encode(body + _check(body)).rstrip(b"=").decode()

    def derive(self, purpose: str, size: int) -> bytes:
        """A key or name for one purpose (at most 16 bytes of text); no key can be derived from another."""
        return hashlib.blake2b(key=self.secret, person=purpose.encode(), digest_size=size).digest()

    def __repr__(self) -> str:
        return f"Token(<secret>, expires={self.expires})"


def _check(body: bytes) -> bytes:
    return hashlib.blake2b(body, person=b"token", digest_size=_CHECK_SIZE).digest()

"""TLS with a peer whose certificate may be invalid: the certificate, and whether this machine trusts it.

OpenSSL does not show a certificate that it does not trust, so that a peer whose certificate fails is connected to
a second time, without judging it.
"""

from __future__ import annotations

import ssl

from . import certificate
from .conversation import Conversation, Stream, WrongAnswer, printable, wrong_protocol

_CHUNK = 4096
# A chain of certificates has some 5 kB, and what we ask for less.
MOST = 262_144
_RECORDS = (0x15, 0x16)  # an alert or a handshake, which is what a TLS server may begin with

# Alerts whose names do not tell an operator what is wrong.
_ALERTS = {
    "TLSV1_UNRECOGNIZED_NAME": "it has no certificate for that name",
    "TLSV1_ALERT_INTERNAL_ERROR": "an internal error, as of a server without a certificate for that name",
    "TLSV1_ALERT_PROTOCOL_VERSION": "it wants another version of TLS",
    "UNSUPPORTED_PROTOCOL": "it wants a version of TLS that is too old for this machine",
    "SSLV3_ALERT_HANDSHAKE_FAILURE": "it accepts none of the ciphers of this machine, or wants a name",
    "TLSV13_ALERT_CERTIFICATE_REQUIRED": "it wants a certificate from its clients",
}


class TlsStream:
    """A `Stream` under TLS on top of another."""

    def __init__(self, below: Stream, context: ssl.SSLContext, name: str | None) -> None:
        self.below, self.taken, self.start = below, 0, b""
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._in, self._out, server_hostname=name)

    @property
    def here(self) -> tuple[str, int]:
        return self.below.here

    async def handshake(self) -> None:
        """Raises `WrongAnswer`, `OSError`, and `ssl.SSLCertVerificationError` for a certificate that is not trusted."""
        while True:
            try:
                self._tls.do_handshake()
                return
            except ssl.SSLWantReadError:
                self._flush()
                if not await self._feed():
                    raise WrongAnswer("closed the connection before the end of the TLS handshake") from None
            except ssl.SSLCertVerificationError:
                raise
            except ssl.SSLError as error:
                raise self._failed(error) from None
            finally:
                self._flush()

    def certificate(self) -> bytes:
        """In DER; empty if there is none."""
        return self._tls.getpeercert(binary_form=True) or b""

    def send(self, data: bytes) -> None:
        self._tls.write(data)
        self._flush()

    async def receive(self) -> bytes:
        while True:
            try:
                return self._tls.read(_CHUNK)
            except ssl.SSLWantReadError:
                if not await self._feed():
                    return b""
            except ssl.SSLZeroReturnError:
                return b""
            except ssl.SSLError as error:
                raise self._failed(error) from None
            finally:
                self._flush()

    def _flush(self) -> None:
        if self._out.pending:
            self.below.send(self._out.read())

    async def _feed(self) -> bool:
        """Whether the stream below had more data."""
        data = await self.below.receive()
        self.start, self.taken = (self.start + data)[:128], self.taken + len(data)
        if self.taken > MOST:
            raise WrongAnswer(f"sent more than {MOST} bytes of TLS")
        self._in.write(data)
        return bool(data)

    def _failed(self, error: ssl.SSLError) -> WrongAnswer:
        if self.start[:1] and self.start[0] not in _RECORDS:
            return wrong_protocol("TLS", self.start)
        reason = error.reason or "no reason given"
        return WrongAnswer(f"TLS fails: {_ALERTS.get(reason) or printable(reason.lower().replace('_', ' '))}")


async def connect(talk: Conversation) -> Stream:
    """A connection; `talk` then holds what is known of its certificate. Raises `WrongAnswer` and `OSError`."""
    doubt = None
    try:
        stream = await _connect(talk, verifying_context() if talk.name else unverified_context())
    except ssl.SSLCertVerificationError as error:
        doubt = error
        stream = await _connect(talk, unverified_context())
    certificate.judge(talk, stream.certificate(), doubt)
    return stream


async def _connect(talk: Conversation, context: ssl.SSLContext) -> TlsStream:
    stream = TlsStream(await talk.connect(), context, talk.name)
    talk.awaiting = "TLS handshake"
    await stream.handshake()
    return stream


def verifying_context() -> ssl.SSLContext:
    """Verifies as this machine does, and matches names as browsers do."""
    context = ssl.create_default_context()
    context.hostname_checks_common_name = False
    # Python 3.13 checks certificates more strictly than browsers and LiveKit's clients do.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context


def unverified_context() -> ssl.SSLContext:
    """Accepts any certificate, to show it; no secret is sent over the connection."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context

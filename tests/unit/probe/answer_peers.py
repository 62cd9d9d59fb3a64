"""Small peers on loopback for `test_answers.py`, and the certificates that they show."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

LOCAL = "127.0.0.1"
DAY = timedelta(days=1)
Handle = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def says(data: bytes, after: int = 1) -> Handle:
    """A peer that sends this once it has got so many bytes, and closes."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if after:
            await reader.readexactly(after)
        writer.write(data)
        await writer.drain()

    return handle


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(-1)


async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while not writer.is_closing():
        writer.write(b"\x00" * 4096)
        await writer.drain()


@asynccontextmanager
async def tcp(handle: Handle, context: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """A server on a free port, which it gives."""

    async def guarded(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await handle(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(guarded, LOCAL, 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


class _Udp(asyncio.DatagramProtocol):
    def __init__(self, answer: Callable[[bytes, tuple[str, int]], list[bytes]]) -> None:
        self.answer = answer

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        for reply in self.answer(data, addr):
            self.transport.sendto(reply, addr)


@asynccontextmanager
async def udp(answer: Callable[[bytes, tuple[str, int]], list[bytes]]) -> AsyncIterator[int]:
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: _Udp(answer), local_addr=(LOCAL, 0))
    try:
        yield transport.get_extra_info("sockname")[1]
    finally:
        transport.close()


ROOTS = {"trusted": 900 * DAY, "ended": -DAY, "unknown": 900 * DAY}  # until when they are valid, from now


@dataclass(frozen=True)
class Kind:
    """A certificate to be issued: its names, when it is valid, counted from now, and who signs it."""

    names: tuple[str, ...] = ("turn.example.org", "*.example.org")
    begins: timedelta = -DAY
    ends: timedelta = 53 * DAY + DAY / 2
    signer: str = "trusted"  # or "ended", "unknown", "itself"


class Authority:
    """Issues certificates; the roots called "trusted" and "ended" are in `root`, in PEM."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.root = folder, folder / "root.pem"
        self.signers = {name: self._root(name, ends) for name, ends in ROOTS.items()}
        trusted = [self.signers[name][0].public_bytes(serialization.Encoding.PEM) for name in ("trusted", "ended")]
        self.root.write_bytes(b"".join(trusted))

    def context(self, kind: Kind) -> ssl.SSLContext:
        """For a server that shows it."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.write(kind))
        return context

    def write(self, kind: Kind) -> Path:
        """A file with the certificate and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        issuer, signer = self.signers.get(kind.signer, (None, key))
        made = _builder("turn.example.org", key, kind.begins, kind.ends)
        made = made.issuer_name(issuer.subject if issuer else _name("turn.example.org"))
        if kind.names:
            made = made.add_extension(x509.SubjectAlternativeName([_general(name) for name in kind.names]), False)
        written = self.folder / f"{abs(hash(kind))}.pem"
        plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        written.write_bytes(
            made.sign(signer, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(serialization.Encoding.PEM, *plain)
        )
        return written

    @staticmethod
    def _root(name: str, ends: timedelta) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
        key = ec.generate_private_key(ec.SECP256R1())
        made = _builder(name, key, -900 * DAY, ends).issuer_name(_name(name))
        made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        return made.sign(key, hashes.SHA256()), key


def _builder(name: str, key: ec.EllipticCurvePrivateKey, begins: timedelta, ends: timedelta) -> x509.CertificateBuilder:
    now = datetime.now(timezone.utc)
    made = x509.CertificateBuilder().subject_name(_name(name)).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number())
    return made.not_valid_before(now + begins).not_valid_after(now + ends)


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)

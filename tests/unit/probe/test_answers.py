"""Whether a service answers in its own protocol, told by peers on loopback that are right, wrong or hostile."""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
import struct
import subprocess
import sys
from collections.abc import Coroutine
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from livekit_firewall.model.addresses import Family
from livekit_firewall.model.ports import PortRange, Protocol
from livekit_firewall.model.services import Service
from livekit_firewall.probe.answers import ASKABLE, ask
from livekit_firewall.probe.answers import stun as stun_module
from livekit_firewall.probe.answers.conversation import LONGEST, WrongAnswer, printable
from livekit_firewall.probe.results.verdict import ServiceAnswer
from tests.e2e.livekit_server.stun import answer as stun_answer

from .answer_peers import DAY, LOCAL, Authority, Handle, Kind, endless, says, silent, tcp, udp

NAME = "turn.example.org"
QUICK = 0.3
SECURE = (Service.TURN_TLS, Service.HTTPS, Service.SIP_TLS)
PLAIN = sorted({service for service, protocol in ASKABLE if protocol is Protocol.TCP} - set(SECURE))


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def trusting(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """This machine trusts the root of that name, and no other."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.root))
    monkeypatch.setenv("SSL_CERT_DIR", str(authority.folder / "none"))
    return authority


def ask_tcp(
    service: Service,
    handle: Handle,
    context: ssl.SSLContext | None = None,
    name: str | None = None,
    timeout: float = 5.0,
) -> ServiceAnswer:
    async def run() -> ServiceAnswer | None:
        async with tcp(handle, context) as port:
            return await ask(service, Protocol.TCP, port, LOCAL, name, Family.IPV4, timeout)

    answer = asyncio.run(run())
    assert answer is not None
    return answer


def ask_udp(service: Service, replies: object, timeout: float = 5.0) -> ServiceAnswer:
    async def run() -> ServiceAnswer | None:
        async with udp(replies) as port:  # type: ignore[arg-type]
            return await ask(service, Protocol.UDP, port, LOCAL, None, Family.IPV4, timeout)

    answer = asyncio.run(run())
    assert answer is not None
    return answer


# --- what can be asked


def test_a_service_without_a_protocol_check_is_not_queried() -> None:
    nothing = [(Service.ICE_TCP, Protocol.TCP), (Service.WHIP_ICE_TCP, Protocol.TCP), (Service.ICE_UDP, Protocol.UDP)]
    nothing += [(Service.TURN_UDP, Protocol.TCP), (Service.HTTPS, Protocol.UDP), (Service.REDIS, Protocol.TCP)]
    for service, protocol in nothing:
        assert (service, protocol) not in ASKABLE
        assert asyncio.run(ask(service, protocol, 9, LOCAL, None, Family.IPV4)) is None


def test_importing_it_loads_no_library() -> None:
    heavy = ("aioice", "dns", "sipmessage", "cryptography")
    program = f"import sys, livekit_firewall.probe.answers; print([m for m in {heavy} if m in sys.modules])"
    path = str(Path(__file__).parents[3] / "components")
    ran = subprocess.run(
        [sys.executable, "-c", program], env={"PYTHONPATH": path}, capture_output=True, text=True, check=False
    )
    assert ran.stdout == "[]\n", ran.stderr


def test_an_answer_names_its_service_port_and_family() -> None:
    async def run() -> tuple[int, ServiceAnswer | None]:
        async with tcp(says(b"HTTP/1.1 200 OK\r\n\r\n")) as port:
            return port, await ask(Service.HEALTH, Protocol.TCP, port, LOCAL, None, Family.IPV4)

    port, answer = asyncio.run(run())
    assert answer == ServiceAnswer(Service.HEALTH, PortRange.tcp(port), Family.IPV4, True, "HTTP answers 200 OK")


def test_what_a_peer_says_cannot_move_a_cursor() -> None:
    assert printable(b"\x1b[2J\xff\r\n") == r"\x1b[2J\xff\r\n"
    assert printable(b"x" * 80) == "x" * 80
    assert printable("a\u202eb") == r"a\u202eb"
    assert printable("x" * 500) == "x" * (LONGEST - 1) + "…"


# --- STUN over UDP


def stun_message(kind: int, request: bytes, *attributes: tuple[int, bytes]) -> bytes:
    body = b"".join(struct.pack("!HH", number, len(value)) + value for number, value in attributes)
    return struct.pack("!HH", kind, len(body)) + request[4:20] + body


def test_turn_over_udp_reports_our_mapped_address() -> None:
    seen: list[int] = []

    def replies(data: bytes, source: tuple[str, int]) -> list[bytes]:
        seen.append(source[1])
        return [stun_answer(data, source) or b""]

    answer = ask_udp(Service.TURN_UDP, replies)
    assert answer.ok
    assert answer.says == f"STUN binding answers; it sees this machine as 127.0.0.1:{seen[0]}"
    assert len(seen) == 1


def test_a_question_that_is_lost_twice_is_asked_again() -> None:
    seen: list[bytes] = []

    def replies(data: bytes, source: tuple[str, int]) -> list[bytes]:
        seen.append(data)
        return [stun_answer(data, source) or b""] if len(seen) == 3 else []

    assert ask_udp(Service.TURN_UDP, replies, timeout=1.0).ok
    assert len(set(seen)) == 1, "each time the same transaction, as RFC 8489 wants"


def test_an_address_of_ipv6_stands_in_brackets() -> None:
    from aioice.stun import Class, Message, Method

    message = Message(Method.BINDING, Class.RESPONSE, attributes={"XOR-MAPPED-ADDRESS": ("2001:db8::7", 4242)})
    assert stun_module._judge(message, "STUN") == "STUN; it sees this machine as [2001:db8::7]:4242"


WRONG_STUN = {
    "another transaction": (lambda ask: stun_message(0x101, bytes(20)), 'does not answer as STUN: sent "'),
    "no cookie": (lambda ask: ask[:2] + bytes(6) + ask[8:], 'does not answer as STUN: sent "'),
    "our own request": (lambda ask: ask, "a STUN message that does not answer a binding request"),
    "no address": (lambda ask: stun_message(0x101, ask), "a STUN answer without our address in it"),
    "an attribute cut short": (lambda ask: stun_message(0x101, ask, (0x24, b"\0")), "a STUN answer that cannot be"),
    "an address of no family": (lambda ask: stun_message(0x101, ask, (0x20, bytes(8))), "a STUN answer that cannot be"),
    "a length that lies": (lambda ask: stun_message(0x101, ask) + b"more", "a STUN answer that cannot be read"),
    "refused": (lambda ask: stun_message(0x111, ask, (9, b"\0\0\4\x03no\x1b")), r"refuses a STUN binding: 403 no\x1b"),
    "SIP": (lambda ask: b"SIP/2.0 400 Bad Request\r\n\r\n", "speaks SIP, not STUN"),
}


@pytest.mark.parametrize("case", WRONG_STUN)
def test_a_wrong_stun_answer_is_reported(case: str) -> None:
    make, expected = WRONG_STUN[case]
    answer = ask_udp(Service.TURN_UDP, lambda data, source: [make(data)], timeout=QUICK)
    assert not answer.ok
    assert answer.says.startswith(expected)


def test_a_server_that_wants_credentials_first_is_there() -> None:
    answer = ask_udp(Service.TURN_UDP, lambda data, source: [stun_message(0x111, data, (9, b"\0\0\4\1"))])
    assert (answer.ok, answer.says) == (True, "STUN binding answers; it wants credentials (401)")


def test_strange_datagrams_do_not_hide_the_answer_behind_them() -> None:
    def replies(data: bytes, source: tuple[str, int]) -> list[bytes]:
        return [b"strange"] * 5 + [stun_answer(data, source) or b""]

    assert ask_udp(Service.TURN_UDP, replies).ok


def test_a_flood_is_not_listened_to() -> None:
    """After 64 datagrams it is over, long before the hour that there would be."""
    answer = ask_udp(Service.TURN_UDP, lambda data, source: [b"strange"] * 64, timeout=3600)
    assert (answer.ok, answer.says) == (False, 'does not answer as STUN: sent "strange"')


@pytest.mark.parametrize(("service", "what"), [(Service.TURN_UDP, "STUN"), (Service.SIP, "SIP")])
def test_silence_over_udp_has_a_name(service: Service, what: str) -> None:
    answer = ask_udp(service, lambda data, source: [], timeout=QUICK)
    assert (answer.ok, answer.says) == (False, f"no {what} answer within 0.3 s")


@pytest.mark.parametrize("protocol", Protocol)
def test_a_port_where_nobody_listens_says_so(protocol: Protocol) -> None:
    async def run() -> ServiceAnswer | None:
        async with tcp(silent) as port_of_tcp, udp(lambda data, source: []) as port_of_udp:
            port = port_of_tcp if protocol is Protocol.TCP else port_of_udp
        await asyncio.sleep(0)
        return await ask(Service.SIP, protocol, port, LOCAL, None, Family.IPV4)

    answer = asyncio.run(run())
    assert answer is not None
    assert (answer.ok, answer.says) == (False, "refused: nobody listens there, or a firewall rejects")


# --- TLS and certificates


async def web(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    request = await reader.readuntil(b"\r\n\r\n")
    host = re.search(rb"\r\nHost: (\S+)\r\n", request)
    writer.write(b"HTTP/1.1 204 " + (host[1] if host and request.startswith(b"GET / HTTP/1.1\r\n") else b"?") + b"\r\n")


CERTIFICATES = {
    "as it should be": (Kind(), True, "certificate for turn.example.org, *.example.org; 53 days left; "),
    "of many names": (
        Kind(names=(NAME, "b.test", "c.test", "d.test", "203.0.113.7")),
        True,
        "certificate for turn.example.org, b.test, c.test and 2 more; 53 days left; ",
    ),
    "of an address": (Kind(names=(NAME, "203.0.113.7")), True, "certificate for turn.example.org, 203.0.113.7; 53"),
    "for one more day": (
        Kind(ends=1.5 * DAY),
        True,
        "certificate for turn.example.org, *.example.org; 1 day left: renew it; ",
    ),
    "for hours": (
        Kind(ends=DAY / 2),
        True,
        "certificate for turn.example.org, *.example.org; less than a day left: re",
    ),
    "expired": (
        Kind(begins=-9 * DAY, ends=-3.5 * DAY),
        False,
        "certificate for turn.example.org, *.example.org; expired 3 days ago, on 20",
    ),
    "of tomorrow": (Kind(begins=DAY), False, "certificate for turn.example.org, *.example.org; not valid before 20"),
    "for another": (
        Kind(names=("meet.example.org",)),
        False,
        "certificate for meet.example.org; 53 days left; not for turn.example.org; ",
    ),
    "without a name": (
        Kind(names=()),
        False,
        "certificate without subjectAltName, which clients need (subject: turn.example.org); 53 days left; not for ",
    ),
    "of nobody": (
        Kind(signer="itself"),
        False,
        "certificate for turn.example.org, *.example.org; 53 days left; self-signed, so that clients do not trust it; ",
    ),
    "of nobody and expired": (
        Kind(signer="itself", begins=-9 * DAY, ends=-1.5 * DAY),
        False,
        "certificate for turn.example.org, *.example.org; expired 1 day ago, on 20",
    ),
    "of an issuer that has ended": (
        Kind(signer="ended"),
        False,
        "certificate for turn.example.org, *.example.org; 53 days left; a certificate of its chain has expired; ",
    ),
    "of a stranger": (
        Kind(signer="unknown"),
        False,
        "certificate for turn.example.org, *.example.org; 53 days left; not trusted by this machine: the chain is inc",
    ),
}


@pytest.mark.parametrize("case", CERTIFICATES)
def test_a_certificate_is_judged_and_the_service_behind_it_asked(case: str, trusting: Authority) -> None:
    kind, ok, expected = CERTIFICATES[case]
    answer = ask_tcp(Service.HTTPS, web, trusting.context(kind), NAME)
    assert answer.says[: len(expected)] == expected
    assert answer.says.endswith("; HTTP answers 204 turn.example.org")
    assert answer.ok is ok
    assert answer.says.count("valid") + answer.says.count("expired") <= 1, "the dates are judged once"


@pytest.mark.matrix
@pytest.mark.parametrize("name", [None, LOCAL, "[::1]"])
@pytest.mark.parametrize("case", CERTIFICATES)
def test_of_a_host_given_by_address_only_the_dates_are_judged(case: str, name: str | None, trusting: Authority) -> None:
    kind, _, expected = CERTIFICATES[case]
    answer = ask_tcp(Service.HTTPS, web, trusting.context(kind), name)
    assert answer.says.startswith(expected.split("; ")[0])
    assert "; name and issuer not judged, as the host is an address; HTTP answers 204 127.0.0.1" in answer.says
    assert answer.ok is (case not in ("expired", "of tomorrow", "of nobody and expired"))


def test_an_issuer_beside_the_system_is_not_trusted(authority: Authority) -> None:
    answer = ask_tcp(Service.HTTPS, web, authority.context(Kind()), NAME)
    assert not answer.ok
    assert "; not trusted by this machine: the chain is incomplete, or its root unknown; " in answer.says


@pytest.mark.parametrize(
    ("name", "asked"), [(NAME, NAME), (f"{NAME}.", NAME), ("BÜCHER.example", "xn--bcher-kva.example")]
)
def test_the_name_is_what_tls_asks_for(name: str, asked: str, trusting: Authority) -> None:
    names: list[str | None] = []
    context = trusting.context(Kind(names=(asked,)))
    context.sni_callback = lambda _, sni, __: names.append(sni)
    assert ask_tcp(Service.HTTPS, web, context, name).ok
    assert names == [asked]


@pytest.mark.parametrize("name", ["", ".", "a..b", "a\r\nX: y", "x" * 70, "host name"])
def test_what_is_no_name_is_not_asked_for(name: str) -> None:
    answer = ask_tcp(Service.HTTP, web, None, name)
    assert not answer.ok
    assert answer.says.startswith("cannot be asked by its name, which is no DNS name (got ")


def test_turn_over_tls_answers_a_binding(trusting: Authority) -> None:
    async def turn(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        reply = stun_answer(await reader.readexactly(20), writer.get_extra_info("peername")) or b""
        writer.write(reply[:7])
        await writer.drain()
        await asyncio.sleep(0.01)
        writer.write(reply[7:])

    answer = ask_tcp(Service.TURN_TLS, turn, trusting.context(Kind()), NAME)
    assert answer.ok
    known = re.escape(
        "certificate for turn.example.org, *.example.org; 53 days left; STUN binding answers over TLS; it sees"
    )
    assert re.fullmatch(known + r" this machine as 127\.0\.0\.1:\d+", answer.says)


def test_what_is_known_of_the_certificate_is_reported_though_the_service_is_silent(trusting: Authority) -> None:
    answer = ask_tcp(Service.TURN_TLS, silent, trusting.context(Kind()), NAME, timeout=1.0)
    known = "certificate for turn.example.org, *.example.org; 53 days left; no STUN answer within 1 s"
    assert (answer.ok, answer.says) == (False, known)


NO_TLS = {
    "HTTP": (says(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "speaks HTTP, not TLS"),
    "SSH, unasked": (says(b"SSH-2.0-OpenSSH_9.2\r\n", after=0), "speaks SSH, not TLS"),
    "mail": (says(b"220 mail.example.org ESMTP\r\n", after=0), "speaks SMTP or FTP, not TLS"),
    "bytes": (says(b"\x00\x01\x02\x03\x04\x05\x06"), r'does not answer as TLS: sent "\x00\x01\x02\x03\x04\x05\x06"'),
    "bytes without end": (endless, r'does not answer as TLS: sent "\x00\x00'),
    "nothing, and closes": (says(b"", after=517), "closed the connection before the end of the TLS handshake"),
    "the start of a record": (says(b"\x16\x03\x03\x10", after=517), "closed the connection before the end of the TLS"),
    "an alert": (says(b"\x15\x03\x03\x00\x02\x02\x28"), "TLS fails: it accepts none of the ciphers of this machine"),
    "an alert about the name": (
        says(b"\x15\x03\x03\x00\x02\x02\x70"),
        "TLS fails: it has no certificate for that name",
    ),
}


@pytest.mark.matrix
@pytest.mark.parametrize("service", SECURE)
@pytest.mark.parametrize("name", [None, NAME])
@pytest.mark.parametrize("case", NO_TLS)
def test_what_is_not_tls_is_reported(case: str, name: str | None, service: Service) -> None:
    handle, expected = NO_TLS[case]
    answer = ask_tcp(service, handle, None, name)
    assert not answer.ok
    assert answer.says.startswith((expected, "reset the connection before the TLS handshake"))


def ask_mute(service: Service, name: str | None, monkeypatch: pytest.MonkeyPatch) -> ServiceAnswer:
    """The time is over once the peer has got what it does not answer, however long that took."""

    async def run() -> ServiceAnswer | None:
        asked = asyncio.Event()

        async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read(1)
            asked.set()
            await reader.read(-1)

        async def until_asked(work: Coroutine[object, object, None], timeout: float) -> None:
            task = asyncio.ensure_future(work)
            await asked.wait()
            task.cancel()
            await asyncio.wait([task])
            raise asyncio.TimeoutError

        monkeypatch.setattr(asyncio, "wait_for", until_asked)
        async with tcp(mute, None) as port:
            return await ask(service, Protocol.TCP, port, LOCAL, name, Family.IPV4)

    answer = asyncio.run(run())
    assert answer is not None
    return answer


@pytest.mark.parametrize("service", SECURE)
@pytest.mark.parametrize("name", [None, NAME])
def test_silence_where_tls_is_awaited(name: str | None, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = ask_mute(service, name, monkeypatch)
    assert (answer.ok, answer.says) == (False, "no TLS handshake within 3 s")


def test_endless_tls_is_cut_off(trusting: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("livekit_firewall.probe.answers.tls.MOST", 100)
    answer = ask_tcp(Service.HTTPS, web, trusting.context(Kind()), NAME)
    assert (answer.ok, answer.says) == (False, "sent more than 100 bytes of TLS")


def test_a_peer_that_resets_says_so(trusting: Authority) -> None:
    async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        linger_no_time = struct.pack("ii", 1, 0)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_no_time)

    answer = ask_tcp(Service.HTTPS, reset, None, NAME)
    assert (answer.ok, answer.says) == (False, "reset the connection before the TLS handshake")


# --- HTTP

HTTP = {
    "OK": (b"HTTP/1.1 200 OK\r\nx", True, "HTTP answers 200 OK"),
    "unhealthy": (b"HTTP/1.0 406 Not Acceptable\r\n", True, "HTTP answers 406 Not Acceptable"),
    "without a phrase": (b"HTTP/2 301\r\n", True, "HTTP answers 301"),
    "with a long phrase": (b"HTTP/1.1 200 " + b"x" * 200 + b"\n", True, f"HTTP answers 200 {'x' * 75}…"),
    "with colours": (b"HTTP/1.1 200 \x1b[31m\r\n", True, r"HTTP answers 200 \x1b[31m"),
    "no number": (b"HTTP/1.1 yes\r\n", False, r'does not answer as HTTP: sent "HTTP/1.1 yes\r\n"'),
    "no end": (b"HTTP/1.1 " + b"2" * 9000, False, 'no HTTP status line in 4096 bytes, but "HTTP/1.1 222'),
    "half a line": (b"HTTP/1.1 20", False, "closed the connection after 11 bytes, before the HTTP status line"),
    "TLS": (b"\x15\x03\x01\x00\x02\x02\x16", False, "speaks TLS, not HTTP"),
    "nothing": (b"", False, "closed the connection before the HTTP status line"),
}


@pytest.mark.parametrize("case", HTTP)
def test_any_status_line_is_an_answer_and_nothing_else(case: str) -> None:
    sent, ok, expected = HTTP[case]
    answer = ask_tcp(Service.API, says(sent, after=60))
    assert answer.says[: len(expected)] == expected
    assert answer.ok is ok


# --- SIP


def sip_reply(request: bytes, status: str = "200 OK", **changed: str) -> bytes:
    """An answer with the headers that must be copied, made by hand."""
    copied = {line.split(b":")[0].decode(): line.decode() for line in request.split(b"\r\n")[1:] if line}
    copied = {key: line for key, line in copied.items() if key in ("Via", "From", "To", "Call-ID", "CSeq")} | changed
    return f"SIP/2.0 {status}\r\n{''.join(line + chr(13) + chr(10) for line in copied.values())}\r\n".encode()


def sip_peer(make: object) -> Handle:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(make(await reader.readuntil(b"\r\n\r\n")))  # type: ignore[operator]

    return handle


OPTIONS = re.compile(
    r"OPTIONS sip:(?P<to>127\.0\.0\.1:\d+)(?P<by>(;transport=(TCP|TLS))?) SIP/2\.0\r\n"
    r"Via: SIP/2\.0/(?P<over>UDP|TCP|TLS) (?P<here>127\.0\.0\.1:\d+);branch=z9hG4bK[0-9a-f]{16};rport\r\n"
    r"Max-Forwards: 70\r\n"
    r"From: <sip:probe@(?P=here)(?P=by)>;tag=[0-9a-f]{16}\r\n"
    r"To: <sip:(?P=to)(?P=by)>\r\n"
    r"Call-ID: [0-9a-f]{32}\r\n"
    r"CSeq: 1 OPTIONS\r\n"
    r"Contact: <sip:probe@(?P=here)(?P=by)>\r\n"
    r"Content-Length: 0\r\n\r\n"
)


@pytest.mark.parametrize("transport", ["UDP", "TCP", "TLS"])
def test_options_is_asked_as_rfc_3261_has_it_and_any_status_counts(transport: str, trusting: Authority) -> None:
    asked: list[bytes] = []

    def reply(request: bytes, *_: object) -> bytes:
        asked.append(request)
        return sip_reply(request, "481 Call/Transaction Does Not Exist")

    if transport == "UDP":
        answer = ask_udp(Service.SIP, lambda data, source: [reply(data)])
    elif transport == "TCP":
        answer = ask_tcp(Service.SIP, sip_peer(reply))
    else:
        answer = ask_tcp(Service.SIP_TLS, sip_peer(reply), trusting.context(Kind()), None)
    assert answer.ok
    assert answer.says.endswith("SIP OPTIONS answers 481 Call/Transaction Does Not Exist")
    sent = OPTIONS.fullmatch(asked[0].decode())
    assert sent, asked[0]
    assert (sent["over"], sent["by"]) == (transport, "" if transport == "UDP" else f";transport={transport}")


SIP = {
    "folded": (lambda ask: sip_reply(ask).replace(b"branch", b"\r\n branch"), True, "SIP OPTIONS answers 200 OK"),
    "after keep-alives": (lambda ask: b"\r\n\r\n" + sip_reply(ask), True, "SIP OPTIONS answers 200 OK"),
    "without a phrase": (lambda ask: sip_reply(ask, "200 "), True, "SIP OPTIONS answers 200"),
    "compact": (
        lambda ask: sip_reply(ask).replace(b"Via", b"v").replace(b"Call-ID", b"i"),
        True,
        "SIP OPTIONS answers",
    ),
    "another call": (lambda ask: sip_reply(ask, **{"Call-ID": "Call-ID: 1"}), False, "a SIP answer to another request"),
    "another branch": (
        lambda ask: sip_reply(ask, Via="Via: SIP/2.0/TCP a;branch=z9hG4bK1"),
        False,
        "a SIP answer to an",
    ),
    "no Via": (lambda ask: sip_reply(ask, Via="X: y"), False, "a SIP answer to another request"),
    "status 1000": (lambda ask: sip_reply(ask, "1000 OK"), False, "a SIP answer without a status: SIP/2.0 1000 OK"),
    "no status": (lambda ask: sip_reply(ask, "OK OK"), False, "a SIP answer that cannot be read: invalid literal for"),
    "a header without a colon": (lambda ask: sip_reply(ask, Via="Via"), False, "a SIP answer that cannot be read: not"),
    "no UTF-8": (lambda ask: b"SIP/2.0 200 \xff\r\n\r\n", False, "a SIP answer that cannot be read: 'utf-8' codec"),
    "HTTP": (lambda ask: b"HTTP/1.1 400 Bad Request\r\n\r\n", False, "speaks HTTP, not SIP"),
    "without end": (lambda ask: sip_reply(ask, X="X: " + "y" * 9000), False, 'no SIP answer in 4096 bytes, but "SIP/2'),
    "half": (lambda ask: b"SIP/2.0 200", False, "closed the connection after 11 bytes, before the SIP answer"),
    # sipmessage would be at these for many seconds
    "a request": (
        lambda ask: b"OPTIONS tel:" + b"a" * 60_000 + b"! SIP/2.0\r\n\r\n",
        False,
        "does not answer as SIP: se",
    ),
    "headers": (
        lambda ask: b"SIP/2.0 200 OK\r\n" + b"".join(b"%x:\r\n" % i for i in range(9000)) + b"\r\n",
        False,
        "no SIP answer in 4096 bytes, but ",
    ),
}


@pytest.mark.parametrize("case", SIP)
def test_a_sip_answer_must_be_to_our_request(case: str) -> None:
    make, ok, expected = SIP[case]
    answer = ask_tcp(Service.SIP, sip_peer(make))
    expected_or_cut = expected if len(expected) < 60 else expected[:60]
    assert answer.says.startswith(expected_or_cut)
    assert answer.ok is ok


def test_a_sip_answer_over_udp_to_another_request_is_not_ours() -> None:
    replies = [{"Call-ID": "Call-ID: 1"}, {"Via": "Via: SIP/2.0/UDP a;branch=z9hG4bK1"}]
    answer = ask_udp(Service.SIP, lambda data, source: [sip_reply(data, **one) for one in replies], timeout=QUICK)
    assert not answer.ok
    assert answer.says.startswith('does not answer as SIP: sent "SIP/2.0 200 OK')


def test_a_request_over_udp_is_no_answer() -> None:
    """Of requests sipmessage reads the URI, which can take it minutes."""
    answer = ask_udp(Service.SIP, lambda data, source: [data], timeout=QUICK)
    assert not answer.ok
    assert answer.says.startswith('does not answer as SIP: sent "OPTIONS sip:127.0.0.1')


# --- RTMP

RTMP = {
    "whole": (b"\x03" + bytes(1536), True, "RTMP handshake answers"),
    "with S2": (b"\x03" + bytes(3072), True, "RTMP handshake answers"),
    "encrypted": (b"\x06" + bytes(1536), False, "speaks version 6 of RTMP, not 3"),
    "cut short": (b"\x03" + bytes(1535), False, "closed the connection after 1536 bytes, before the RTMP handshake"),
    "HTTP": (b"HTTP/1.1 400 Bad Request\r\n\r\n", False, "speaks HTTP, not RTMP"),
    "TLS": (b"\x15\x03\x01\x00\x02\x02\x16", False, "speaks TLS, not RTMP"),
}


@pytest.mark.parametrize("case", RTMP)
def test_rtmp_is_its_version_and_a_block(case: str) -> None:
    sent, ok, expected = RTMP[case]
    answer = ask_tcp(Service.RTMP, says(sent, after=1537))
    assert (answer.ok, answer.says) == (ok, expected)


# --- whatever it is

SOME = st.one_of(
    st.binary(max_size=200),
    st.binary(max_size=60).map(lambda data: b"SIP/2.0 200 " + data + b"\r\n\r\n"),
    st.binary(max_size=60).map(lambda data: b"HTTP/1.1 " + data + b"\r\n"),
    st.binary(max_size=60).map(lambda data: b"\x16\x03\x03" + struct.pack("!H", len(data)) + data),
    st.binary(max_size=60).map(lambda data: b"\x03" + data * 40),
)


def is_fit_to_print(answer: ServiceAnswer) -> bool:
    return answer.says.isprintable() and 0 < len(answer.says) < 300


@pytest.mark.usefixtures("trusting")  # one root: to read the usual hundred takes most of a question
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=SOME)
def test_nothing_that_a_peer_sends_over_tcp_makes_it_fail(data: bytes) -> None:
    for service in (*PLAIN, *SECURE):
        assert is_fit_to_print(ask_tcp(service, says(data)))


@given(data=SOME)
def test_nothing_that_a_peer_sends_over_udp_makes_it_fail(data: bytes) -> None:
    def replies(request: bytes, source: object) -> list[bytes]:
        return [
            data,
            stun_message(0x101, request) + data,
            request[:2] + struct.pack("!H", len(data)) + request[4:20] + data,
        ]

    for service in (Service.TURN_UDP, Service.SIP):
        answer = ask_udp(service, replies, timeout=0.05)
        assert not answer.ok
        assert is_fit_to_print(answer)


@given(data=st.binary(max_size=100))
def test_nothing_after_the_header_of_our_transaction_makes_stun_fail(data: bytes) -> None:
    request = stun_module._request()
    for kind in (0x101, 0x111):
        whole = struct.pack("!HH", kind, len(data)) + request[4:20] + data
        try:
            said = stun_module._judge(stun_module._parse(whole), "STUN")
        except WrongAnswer as wrong:
            said = str(wrong)
        assert said.isprintable()


@pytest.mark.parametrize("service", PLAIN)
def test_bytes_without_end_end(service: Service) -> None:
    answer = ask_tcp(service, endless, timeout=3600)
    assert not answer.ok
    assert is_fit_to_print(answer)


@pytest.mark.parametrize("service", PLAIN)
def test_silence_over_tcp_has_a_name(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = ask_mute(service, None, monkeypatch)
    assert not answer.ok
    assert re.fullmatch(r"no (HTTP status line|SIP answer|RTMP handshake) within 3 s", answer.says)

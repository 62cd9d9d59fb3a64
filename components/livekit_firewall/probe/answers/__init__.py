"""Ask a service in its own protocol, at one port, as a client would, and judge its answer.

    answer = await ask(Service.TURN_TLS, Protocol.TCP, 5349, "203.0.113.1", "turn.example.org", Family.IPV4)
    answer.says   # "certificate for turn.example.org; 53 days left; STUN binding answers over TLS; it sees ..."

`ASKABLE` holds what can be asked. Not in it: ICE/TCP, of which all that can be known without credentials is that
it accepts; and TURN/TLS of a node behind a balancer that ends TLS (`turn.external_tls`), which speaks plain text
there: the caller must not ask that port for TURN_TLS, but may ask the balancer's.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
from collections.abc import Awaitable, Callable

from ...model.addresses import Family
from ...model.ports import PortRange, Protocol
from ...model.services import Question, Service
from ..results.verdict import ServiceAnswer
from . import rtmp, sip, stun, tls, web
from .conversation import Conversation, Stream, WrongAnswer, printable

Speak = Callable[[Conversation, float], Awaitable[None]]
_NAME = re.compile(r"[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*")


async def ask(
    service: Service,
    protocol: Protocol,
    port: int,
    address: str,
    name: str | None,
    family: Family,
    timeout: float = 3.0,
) -> ServiceAnswer | None:
    """The service's answer, or None when there is no question for it.

    Args:
        address: a literal of `family`.
        name: the DNS name that clients use, for TLS and HTTP; None or an address if there is none, and then of a
            certificate only the dates are judged.
        timeout: for all of it, in seconds.

    Whatever the peer does ends in an answer, within the time; what it sends is bounded, and printable in `says`.
    `says` is plain text that holds words of the peer: escape it where it is shown with markup.
    """
    question = _QUESTIONS.get((service, protocol))
    if question is None:
        return None
    speak = _SPEAK[question]
    talk = Conversation(address, port, None)
    try:
        talk.name = _dns_name(name)
        await asyncio.wait_for(speak(talk, timeout), timeout)
    except WrongAnswer as wrong:
        talk.say(str(wrong), ok=False)
    except asyncio.TimeoutError:
        talk.say(talk.instead or f"no {talk.awaiting} within {timeout:g} s", ok=False)
    except OSError as error:
        talk.say(_broken(error, talk.awaiting), ok=False)
    finally:
        talk.close()
    return ServiceAnswer(service, PortRange(protocol, port, port), family, talk.ok, "; ".join(talk.found))


def _dns_name(name: str | None) -> str | None:
    """The name as TLS and HTTP need it; None for an address. Raises `WrongAnswer` for anything else."""
    if name is None:
        return None
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        pass
    else:
        return None
    try:
        ascii_name = name.removesuffix(".").encode("idna").decode("ascii")
    except UnicodeError:
        ascii_name = ""
    if not _NAME.fullmatch(ascii_name):
        raise WrongAnswer(f"cannot be asked by its name, which is no DNS name (got {printable(name)})")
    return ascii_name


def _broken(error: OSError, awaiting: str) -> str:
    if isinstance(error, ConnectionRefusedError):
        return "refused: nobody listens there, or a firewall rejects"
    if isinstance(error, ConnectionError):  # reset, aborted, a broken pipe
        return f"reset the connection before the {awaiting}"
    return f"no {awaiting}: {printable(error.strerror or str(error))}"


def _plain(speak: Callable[[Conversation, Stream], Awaitable[None]]) -> Speak:
    async def over_tcp(talk: Conversation, _: float) -> None:
        await speak(talk, await talk.connect())

    return over_tcp


def _secure(speak: Callable[[Conversation, Stream], Awaitable[None]]) -> Speak:
    async def over_tls(talk: Conversation, _: float) -> None:
        await speak(talk, await tls.connect(talk))

    return over_tls


_SPEAK: dict[Question, Speak] = {
    Question.STUN_UDP: stun.over_udp,
    Question.STUN_TLS: _secure(stun.over_stream),
    Question.HTTP: _plain(web.over_stream),
    Question.HTTPS: _secure(web.over_stream),
    Question.SIP_UDP: sip.over_udp,
    Question.SIP_TCP: _plain(sip.over_tcp),
    Question.SIP_TLS: _secure(sip.over_tls),
    Question.RTMP: _plain(rtmp.over_stream),
}
_QUESTIONS = {(service, asked.protocol): asked for service in Service for asked in service.record.questions}
ASKABLE = frozenset(_QUESTIONS)

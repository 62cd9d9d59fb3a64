"""A server's certificate: its names, how long it is valid, whether it is trusted."""

from __future__ import annotations

import ssl
import warnings
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from msgspec import Struct

from .conversation import Conversation, WrongAnswer, printable

if TYPE_CHECKING:
    from cryptography import x509

# Let's Encrypt's clients renew 30 days before the end: whoever has less than this left has missed it.
SHORT = timedelta(days=14)
_DAY = timedelta(days=1)
_SHOWN = 3

# OpenSSL's codes of verification (x509_vfy.h) that are about time, which we tell from the dates themselves.
_TIMES = {9: "a certificate of its chain is not yet valid", 10: "a certificate of its chain has expired"}
_HOSTNAME_MISMATCH = 62
_DOUBTS = {
    **_TIMES,
    18: "self-signed, so that clients do not trust it",
    19: "signed by a root that this machine does not trust",
    20: "not trusted by this machine: the chain is incomplete, or its root unknown",
    21: "not trusted by this machine: the chain is incomplete, or its root unknown",
    23: "revoked",
    26: "not made for a server",
    66: "its key is too short for this machine",
}


class Certificate(Struct, frozen=True):
    """The fields of a certificate that decide whether clients accept it.

    Attributes:
        names: DNS names and addresses of subjectAltName, the only ones that clients look at.
        common_name: the name of the subject, or "".
        begins, ends: when it is valid, in UTC.
    """

    names: tuple[str, ...]
    common_name: str
    begins: datetime
    ends: datetime


def judge(talk: Conversation, der: bytes, doubt: ssl.SSLCertVerificationError | None) -> None:
    """Adds to `talk` what the certificate is, and why OpenSSL refused it. Raises `WrongAnswer` if it cannot be read.

    Without a name that the peer is known by, only its dates are judged.
    """
    found, now = read(der), datetime.now(timezone.utc)
    talk.say(_names(found))
    when, in_time = _time_left(found, now)
    talk.say(when, in_time)
    if doubt is not None and (in_time or doubt.verify_code not in _TIMES):
        talk.say(_doubt(doubt, talk.name), ok=False)
    if talk.name is None:
        talk.say("name and issuer not judged, as the host is an address")


def read(der: bytes) -> Certificate:
    """Raises `WrongAnswer`."""
    from cryptography import x509

    # For an invalid certificate cryptography warns, or raises one of many errors.
    odd = (ValueError, TypeError, x509.InvalidVersion, x509.DuplicateExtension, x509.UnsupportedGeneralNameType)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parsed = x509.load_der_x509_certificate(der)
            common = parsed.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
            common_name = str(common[0].value) if common else ""
            return Certificate(
                _alternatives(parsed), common_name, parsed.not_valid_before_utc, parsed.not_valid_after_utc
            )
    except odd as error:
        raise WrongAnswer(f"a certificate that cannot be read: {printable(str(error))}") from None


def _alternatives(parsed: x509.Certificate) -> tuple[str, ...]:
    from cryptography import x509

    try:
        names = parsed.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    addresses = names.get_values_for_type(x509.IPAddress)
    return (*names.get_values_for_type(x509.DNSName), *map(str, addresses))


def _names(found: Certificate) -> str:
    if not found.names:
        subject = f" (subject: {printable(found.common_name)})" if found.common_name else ""
        return f"certificate without subjectAltName, which clients need{subject}"
    more = f" and {len(found.names) - _SHOWN} more" if len(found.names) > _SHOWN else ""
    return f"certificate for {printable(', '.join(found.names[:_SHOWN]))}{more}"


def _time_left(found: Certificate, now: datetime) -> tuple[str, bool]:
    """The phrase, and whether it is valid now."""
    if now < found.begins:
        return f"not valid before {found.begins:%Y-%m-%d %H:%M} UTC, by this machine's clock", False
    left = found.ends - now
    if left < timedelta():
        return f"expired {_days(-left)} ago, on {found.ends:%Y-%m-%d}", False
    return f"{_days(left)} left{': renew it' if left < SHORT else ''}", True


def _days(span: timedelta) -> str:
    days = span // _DAY
    return f"{days} day{'' if days == 1 else 's'}" if days else "less than a day"


def _doubt(doubt: ssl.SSLCertVerificationError, name: str | None) -> str:
    if doubt.verify_code == _HOSTNAME_MISMATCH:
        return f"not for {name}"
    return _DOUBTS.get(doubt.verify_code) or f"not trusted by this machine: {printable(doubt.verify_message)}"

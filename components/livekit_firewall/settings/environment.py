"""The values that variables and flags set for a LiveKit service, by the key of its own configuration.

Precedence is that of the services. In livekit-server, flags and variables generated from keys win over the file, and
its hand-written flags win over those (livekit/livekit pkg/config/config.go NewConfig, updateFromCLI;
cmd/server/main.go). SIP, ingress and egress use a variable only for a key that their file does not set
(pkg/config/config.go of each).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from ..inputs.compose.model import Entry
from ..inputs.document import read_value
from ..inputs.numbers import WrittenInt, go_number
from ..inputs.shown import show
from ..model.errors import Place, Report
from .overrides import Override
from .refusals import parse_address
from .schemas import NAMES, BaseFlag, Schema, schema_of
from .schemas.releases import is_release
from .server import Rtc, udp_mux

BODY, FILE = "--config-body", "--config"

SWITCHES = {
    **dict.fromkeys(("1", "t", "T", "true", "TRUE", "True"), True),
    **dict.fromkeys(("0", "f", "F", "false", "FALSE", "False"), False),
}
"""Texts that a flag or a variable reads as a boolean (strconv.ParseBool)."""

EMPTY_IS_ZERO = "1.9.1"
"""The first release of livekit-server with urfave/cli v3, to which an empty text is the zero value."""

IN_PARTS = {
    "rtc.udp_port": ("rtc.udp_port.start", "rtc.udp_port.end", "-"),
    "rtc.node_ip": ("rtc.node_ip.ipv4", "rtc.node_ip.ipv6", ","),
}
"""Key to the two flags' keys that set its parts, and the separator that joins the parts in the file."""

Flags = Iterable[tuple[str, Entry]]


def known_schema(service: str, version: str | None) -> Schema:
    """The schema of a release; the newest for an unknown one, which is reported when the file is read."""
    newest = schema_of(service)
    return schema_of(service, version) if version and version.removeprefix("v") in newest.versions else newest


def note_unknown_release(schema: Schema, tag: str, place: Place, report: Report) -> None:
    """A finding for an image's tag that is a release's number; `schema` is the one that is used in its place."""
    if is_release(tag.removeprefix("v")):
        text = f"{schema.name} {tag} is not known here, and is taken for {schema.version}"
        report.finding("release-unknown", "warning", place, text)


def readers_of(name: str) -> tuple[str, ...]:
    """The services that read a variable of this name."""
    return tuple(service for service in NAMES if name in variables_of(schema_of(service)))


def variables_of(schema: Schema) -> frozenset[str]:
    """The names of all variables that the service reads, including those that hold or name its whole file."""
    return frozenset(schema.variables) | {flag.variable for flag in schema.base_flags if flag.variable}


def variable_for(name: str) -> str:
    """The real variable for a name guessed from the key: UDP_PORT for LIVEKIT_RTC_UDP_PORT; "" for none."""
    pairs = schema_of("livekit").variables.items()
    return next((one for one, key in pairs if name == "LIVEKIT_" + key.upper().replace(".", "_")), "")


def key_without_variable(name: str) -> str:
    """The key of a list of livekit-server, for a name made from it: lists have no variable; "" for any other name."""
    lists = (key for key, one in schema_of("livekit").keys.items() if one.type.startswith("list<"))
    return next((key for key in lists if name == "LIVEKIT_" + key.upper().replace(".", "_")), "")


def note_misspelt(found: Mapping[str, Entry], known: Collection[str], report: Report) -> None:
    """A finding for each variable that no service reads and whose name is close to one that is read."""
    from difflib import get_close_matches

    for name, entry in found.items():
        if name not in known and name.startswith(_OWN):
            own, key = variable_for(name), key_without_variable(name)
            near = [own] if own else get_close_matches(name[:80], sorted(known), n=1, cutoff=0.85)
            fix = f"it has none: set {key} in the configuration" if key else f"did you mean {near[0]}?" if near else ""
            if fix and (key or near[0] not in found):
                text = "no LiveKit service reads a variable of this name"
                report.finding("variable-unknown", "warning", entry.place, text, fix)


_OWN = ("LIVEKIT_", "SIP_", "INGRESS_", "EGRESS_", "NODE_", "UDP_", "REDIS_")


def configuration_option(
    schema: Schema, flag: str, variables: Mapping[str, Entry], flags: Flags = ()
) -> tuple[str, Entry] | None:
    """The value of `--config-body` or `--config` and the name of its flag or variable; None if unset or empty."""
    given = [entry for name, entry in flags if name == flag and entry.value]
    if given:
        return f"flag {flag}", given[-1]
    variable = next((one.variable for one in schema.base_flags if one.flag == flag), None)
    entry = variables.get(variable) if variable else None
    return (f"variable {variable}", entry) if entry and entry.value else None


def overrides_of(schema: Schema, variables: Mapping[str, Entry], flags: Flags, report: Report) -> dict[str, Override]:
    """By key, the values of variables and flags; a value that the service refuses is a problem in `report`."""
    base = {flag.flag: flag for flag in schema.base_flags}
    own = {flag.variable for flag in base.values()}
    by_flag = [(f"flag {flag}", flag in base, schema.flags[flag], one) for flag, one in flags if flag in schema.flags]
    by_variable = [
        (f"variable {name}", name in own, key, variables[name])
        for name, key in schema.variables.items()
        if name in variables and variables[name].value is not None
    ]
    found: dict[str, Override] = {}
    for is_base in (False, True):
        for origin, is_of_base, key, entry in (*by_variable, *by_flag):
            if is_of_base is is_base:
                override = _override(schema, origin, key, entry, report, is_base=is_base)
                if override:
                    found[key] = replace(override, rank=2 * is_base + origin.startswith("flag "))
    return dict(_joined(found))


def _joined(found: Mapping[str, Override]) -> Iterator[tuple[str, Override]]:
    for key, (first, second, sign) in IN_PARTS.items():
        parts = [found[part] for part in (first, second) if part in found]
        # the start of a range alone is one port; the end alone has no effect
        if key not in found and parts and (first in found or sign == ","):
            text = sign.join(str(part.value) for part in parts)
            yield key, replace(parts[0], value=text, place=replace(parts[0].place, path=key))
    parts_of = {part for first, second, _ in IN_PARTS.values() for part in (first, second)}
    yield from ((key, override) for key, override in found.items() if key not in parts_of)


def _override(schema: Schema, origin: str, key: str, entry: Entry, report: Report, *, is_base: bool) -> Override | None:
    place, text = replace(entry.place, path=key, origin=origin), entry.value or ""
    is_fallback = schema.service != "livekit"
    if is_base and key in _BASE:
        value = _BASE[key](text, place, report)
    else:
        known = schema.at(key) or schema.flag_only.get(key)
        value = _value(known.type if known else "string", text, place, schema, report)
    return None if value is None else Override(value, place, is_fallback)


def _empty(kind: str, schema: Schema) -> Any:
    """The value of an empty variable or flag: None with urfave/cli v2, the zero value with v3 (`EMPTY_IS_ZERO`)."""
    order = schema.versions.index
    if schema.service != "livekit" or order(schema.version) < order(EMPTY_IS_ZERO):
        return None
    return False if kind == "bool" else 0


def _value(kind: str, text: str, place: Place, schema: Schema, report: Report) -> Any:
    """A text as the flag's type reads it; None if it sets nothing or is refused."""
    if kind == "string":
        return text
    if not text:
        return _empty(kind, schema)
    if kind == "bool":
        return _switch(text, place, report)
    number = go_number(text.strip())
    if number is None or ("float" not in kind and not isinstance(number, WrittenInt)):
        # a duration too: the flag generated from such a key counts nanoseconds
        expected = "must be a number" if "float" in kind else "must be an integer"
        hint = "the service does not start with it"
        if text.startswith(("tcp://", "udp://")):  # Kubernetes sets NAME_PORT so for each Service of a namespace
            hint += "; Kubernetes sets it for a Service of that name, so give the Service another one"
        report.problem(place, show(place.path, text), expected, hint)
        return None
    return int(number) if isinstance(number, WrittenInt) else float(number)


def _switch(text: str, place: Place, report: Report) -> bool | None:
    if text not in SWITCHES:
        report.problem(place, "", "must be true or false", "the service does not start with it")
    return SWITCHES.get(text)


def _keys(text: str, place: Place, report: Report) -> Any:
    if ":" in text and not text.strip(" :"):
        return None  # `${KEY}: ${SECRET}` of a compose file whose .env is not at hand: not known, and opens no port
    before = len(report.problems)
    value = read_value(text, place, report)
    if len(report.problems) == before and not isinstance(value, Mapping):
        hint = "livekit-server does not start without the space"
        report.problem(place, "", 'must be "KEY: SECRET", with a space behind the colon', hint)
        return None
    return value


def _addresses(text: str, place: Place, report: Report) -> list[str]:  # noqa: ARG001 (one of several readers)
    return [one.strip() for one in text.split(",")]


def _mux(text: str, place: Place, report: Report) -> str | None:
    try:
        udp_mux(Rtc(udp_port=text))
    except ValueError as error:
        _dropped(place, str(error), report)
        return None
    return text or None


def _node_ip(text: str, place: Place, report: Report) -> str | None:
    parts = text.split(",")
    if text and (len(parts) > 2 or not all(parse_address(part.strip()) for part in parts)):
        _dropped(place, "must be an address, or one of each family", report)
        return None
    return text or None


def _dropped(place: Place, expected: str, report: Report) -> None:
    text = f"{expected}; livekit-server drops what it cannot read here, and runs as if it were not set"
    report.finding("override-dropped", "error", place, text)


def _development(text: str, place: Place, report: Report) -> bool | None:
    return _switch(text or "true", place, report)


_BASE: Mapping[str, Callable[[str, Place, Report], Any]] = {
    "keys": _keys,
    "bind_addresses": _addresses,
    "rtc.udp_port": _mux,
    "rtc.node_ip": _node_ip,
    "development": _development,
}
"""Key to the reader of its hand-written flag."""


def takes_value(flag: BaseFlag | None, kind: str) -> bool:
    """Whether the word after a flag is its value; a boolean flag has none, or one after `=`."""
    if flag is not None:
        return flag.flag not in ("--dev", "--disable-strict-config")
    return kind != "bool"

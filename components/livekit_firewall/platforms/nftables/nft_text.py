"""Expressions and statements of nft's JSON in nft's own words: `ip saddr @banned tcp dport 443 limit rate 1/hour`.

What is not known is quoted as JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from ...model.text import printable

MOST_ELEMENTS = 6
LONGEST = 300
_BARE_META = {"iif", "oif", "iifname", "oifname", "iiftype", "oiftype", "iifgroup", "oifgroup", "skuid", "skgid"}
_QUOTED = ("iif", "oif", "iifname", "oifname", "day", "hour", "time")
"""Keys whose values nft writes in quotes."""


def text_of(statements: Iterable[Mapping[str, Any]]) -> str:
    """Statements in order, those that only count or log left out."""
    words = " ".join(word for one in statements if (word := _statement(one)))
    return printable(words if len(words) <= LONGEST else f"{words[:LONGEST]}… ({len(words):,} characters)")


def expression(value: Any) -> str:
    """One expression: `tcp dport`, `10.0.0.0/8`, `{ 22, 80-90 }`."""
    if isinstance(value, bool):
        return "exists" if value else "missing"
    if isinstance(value, str | int):
        return str(value)
    if isinstance(value, list):
        return ",".join(map(expression, value))
    kind, about = next(iter(value.items()), ("", None)) if isinstance(value, dict) else ("", None)
    write = EXPRESSIONS.get(kind)
    try:
        return write(about) if write else _json(value)
    except (AttributeError, KeyError, TypeError, ValueError):
        return _json(value)


def _json(value: Any) -> str:
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= 100 else f"{text[:100]}…"


def _meta(about: Any) -> str:
    key = str(about["key"])
    return key if key in _BARE_META else f"meta {key}"


def _payload(about: Any) -> str:
    return (
        f"@{about['base']},{about['offset']},{about['len']}"
        if "base" in about
        else f"{about['protocol']} {about['field']}"
    )


def _ct(about: Any) -> str:
    return " ".join(str(one) for one in ("ct", about.get("dir"), about["key"]) if one)


def _several(about: Any, between: str) -> str:
    return between.join(map(expression, about))


def _elements(about: Any) -> str:
    given = about if isinstance(about, list) else [about]
    shown = [_element(one) for one in given[:MOST_ELEMENTS]]
    more = [f"and {len(given) - MOST_ELEMENTS:,} more"] if len(given) > MOST_ELEMENTS else []
    return f"{{ {', '.join([*shown, *more])} }}"


def _element(one: Any) -> str:
    if isinstance(one, list) and len(one) == 2:
        return f"{expression(one[0])} : {_statement(one[1]) if isinstance(one[1], dict) else expression(one[1])}"
    return expression(one)


def _with_fields(kind: str) -> Callable[[Any], str]:
    def write(about: Any) -> str:
        if not isinstance(about, dict):
            return f"{kind} {expression(about)}"
        words = [kind] if "name" not in about or kind != "exthdr" or "field" not in about else []
        order = ("dir", "name", "field", "key", "mode", "mod", "expr")
        return " ".join([*words, *(expression(about[key]) for key in order if key in about)])

    return write


EXPRESSIONS: Mapping[str, Callable[[Any], str]] = {
    "payload": _payload,
    "meta": _meta,
    "ct": _ct,
    "concat": lambda about: _several(about, " . "),
    "set": _elements,
    "elem": lambda about: expression(about["val"]),
    "range": lambda about: _several(about, "-"),
    "prefix": lambda about: f"{expression(about['addr'])}/{about['len']}",
    "fib": lambda about: f"fib {_several(about['flags'], ' . ')} {about['result']}",
    "map": lambda about: f"{expression(about['key'])} map {expression(about['data'])}",
    **{
        sign: lambda about, sign=sign: _several(about, f" {sign} ")  # type: ignore[misc]
        for sign in ("&", "|", "^", "<<", ">>")
    },
    **{
        kind: _with_fields(kind)
        for kind in ("exthdr", "tcp option", "ip option", "socket", "rt", "ipsec", "numgen", "jhash", "symhash", "osf")
    },
}


def _match(about: Any) -> str:
    left, right, op = expression(about["left"]), about["right"], about["op"]
    is_quoted = left.removeprefix("meta ") in _QUOTED
    value = _in_quotes(right) if is_quoted else expression(right)
    is_plain = op in ("==", "in") and not (op == "==" and isinstance(about["left"], dict) and "&" in about["left"])
    return f"{left} {value}" if is_plain else f"{left} {op} {value}"


def _in_quotes(value: Any) -> str:
    if isinstance(value, dict) and isinstance(value.get("set"), list):
        return _elements([_in_quotes(one) for one in value["set"]])
    if isinstance(value, dict) and isinstance(value.get("range"), list):
        return "-".join(map(_in_quotes, value["range"]))
    return f'"{value}"' if isinstance(value, str) and not value.startswith(("@", "{")) else expression(value)


def _over(about: Mapping[str, Any]) -> str:
    return "over " if about.get("inv") else ""


def _limit(about: Any) -> str:
    unit = f" {about['rate_unit']}" if about.get("rate_unit", "packets") != "packets" else ""
    burst = f" burst {about['burst']} packets" if about.get("burst", 5) not in (0, 5) else ""
    return f"limit rate {_over(about)}{about['rate']}{unit}/{about['per']}{burst}"


def _quota(about: Any) -> str:
    return f"quota {_over(about)}{about['val']} {about.get('val_unit', 'bytes')}"


def _update(kind: str) -> Callable[[Any], str]:
    def write(about: Any) -> str:
        given = about.get("stmt") or []
        inner = text_of(given if isinstance(given, list) else [given])
        data = f" : {expression(about['data'])}" if "data" in about else ""
        element = expression(about["elem" if "elem" in about else "key"])
        return f"{about.get('op', 'add')} {about[kind]} {{ {' '.join(filter(None, [element, inner]))}{data} }}"

    return write


def _meter(about: Any) -> str:
    return f"meter {about['name']} {{ {expression(about['key'])} {text_of([about['stmt']])} }}"


def _xt(about: Any) -> str:
    return f'xt {about["type"]} "{about["name"]}"' if about else "xt"


def _nat(kind: str) -> Callable[[Any], str]:
    def write(about: Any) -> str:
        given = about or {}
        address = expression(given["addr"]) if "addr" in given else ""
        port = f":{expression(given['port'])}" if "port" in given else ""
        family = f"{given['family']} " if "family" in given else ""
        return f"{kind} {family}to {address}{port}" if address or port else kind

    return write


def _queue(about: Any) -> str:
    return f"queue to {expression(about['num'])}" if isinstance(about, dict) and "num" in about else "queue"


def _named(kind: str, write: Callable[[Any], str]) -> Callable[[Any], str]:
    """A statement of its own, or one that names an object: `limit name "slow"`."""

    def either(about: Any) -> str:
        if isinstance(about, str):
            return f'{kind} name "{about}"'
        return f"{kind} name {expression(about)}" if isinstance(about, dict) and "map" in about else write(about)

    return either


STATEMENTS: Mapping[str, Callable[[Any], str]] = {
    "match": _match,
    "vmap": lambda about: f"{expression(about['key'])} vmap {expression(about['data'])}",
    "limit": _named("limit", _limit),
    "quota": _named("quota", _quota),
    "synproxy": _named("synproxy", lambda _about: "synproxy"),
    "ct count": lambda about: f"ct count {_over(about)}{about['val']}",
    "set": _update("set"),
    "map": _update("map"),
    "meter": _meter,
    "xt": _xt,
    "mangle": lambda about: f"{expression(about['key'])} set {expression(about['value'])}",
    "reject": lambda _about: "reject",
    "queue": _queue,
    "counter": lambda about: f"counter name {expression(about)}" if isinstance(about, dict) and "map" in about else "",
    **{kind: _nat(kind) for kind in ("dnat", "snat", "redirect", "masquerade", "tproxy")},
    **{
        kind: lambda about, kind=kind: f"{kind} {about['target']}"  # type: ignore[misc]
        for kind in ("jump", "goto")
    },
    **{
        kind: lambda _about, kind=kind: kind  # type: ignore[misc]
        for kind in ("accept", "drop", "return", "continue", "notrack")
    },
    **{kind: lambda _about: "" for kind in ("log", "comment", "last", "ct helper", "ct timeout", "ct expectation")},
}


def _statement(one: Mapping[str, Any]) -> str:
    kind, about = next(iter(one.items()), ("", None))
    write = STATEMENTS.get(kind)
    try:
        return write(about) if write else _json(one)
    except (AttributeError, KeyError, TypeError, ValueError):
        return _json(one)

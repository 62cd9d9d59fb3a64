"""Reading a `HetznerTarget`: which servers, how the load balancer reaches them, and everything wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from ...inputs.field_types import Ids, Switch, Tags, TextsOrOutputs, is_output
from ...inputs.shown import key_name, show
from ...model.addresses import Identity
from ...model.errors import Place, Problem
from ...model.text import escaped, quoted
from ..platform import PLACEHOLDER
from ..target_values import members_named

SERVERS = "the id of a server, a positive integer"
SELECTORS = "a label selector such as app=livekit, on one line"
ANOTHER = "an output with another value"

DIGITS = 16
"""Of `MOST`; Python refuses to read thousands of them."""

MOST = 2**53 - 1
"""Pulumi sends numbers as doubles, which hold no greater integer for certain."""

LABEL = r"[a-zA-Z0-9]([a-zA-Z0-9._-]{0,61}[a-zA-Z0-9])?"
KEY = re.compile(rf"([a-z0-9]([a-z0-9.-]{{0,251}}[a-z0-9])?/)?{LABEL}")
VALUE = re.compile(rf"({LABEL})?")
"""Source: https://docs.hetzner.cloud/reference/cloud#labels; the prefix `hetzner.cloud/` is Hetzner's own."""

RESERVED = "hetzner.cloud/"


class HetznerTarget(Struct, frozen=True, kw_only=True):
    """A firewall of Hetzner Cloud for servers, by id or by label.

    Attributes:
        as the keys of their names in `firewall_args.HetznerArgs`, which describes each.
    """

    server_ids: Ids | None = None
    label_selectors: TextsOrOutputs | None = None
    private_load_balancer: Switch = False
    labels: Tags = {}

    @property
    def names(self) -> frozenset[Identity]:
        """See `platform.Target`. No rule names the load balancer: nothing filters the network that it comes by."""
        return frozenset({Identity.LOAD_BALANCER} if self.private_load_balancer else ())


class TargetMembers(Struct, frozen=True):
    """What the firewall is applied to.

    Attributes:
        servers: integers, or outputs of other resources.
        selectors: texts, or outputs of other resources.
    """

    servers: tuple[object, ...] = ()
    selectors: tuple[object, ...] = ()


def read_target(target: HetznerTarget) -> tuple[TargetMembers, list[Problem]]:
    """The servers and selectors, each once, and what is wrong.

    Without any the firewall would guard nothing, and one that is taken out of the program stays applied, as the
    provider leaves what it is not told of: so one of the two is required.
    """
    problems: list[Problem] = []
    servers = [_server(one) for one in members_named(target.server_ids, "hetzner.server_ids", problems)]
    selectors = members_named(target.label_selectors, "hetzner.label_selectors", problems)
    for one in servers:
        if expected := _server_problem(one):
            got = quoted(one, 300) if isinstance(one, str | bool) else show("hetzner.server_ids", one)
            problems.append(Problem(Place("hetzner.server_ids"), got, expected))
    problems += (
        Problem(Place("hetzner.label_selectors"), quoted(str(one), 300), SELECTORS)
        for one in selectors
        if not is_output(one) and _selector_problem(one)
    )
    if target.server_ids is None and target.label_selectors is None:
        hint = "name the servers that the firewall is for, best by a label"
        problems.append(Problem(Place("hetzner"), "", "server_ids or label_selectors are required", hint))
    problems += label_problems(target.labels)
    return TargetMembers(_each_once(servers), _each_once(selectors)), problems


def _each_once(values: object) -> tuple[object, ...]:
    """Two outputs are never known to be equal."""
    found: dict[object, object] = {}
    for one in values if isinstance(values, list | tuple) else ():
        found.setdefault(one if isinstance(one, int | str) else id(one), one)
    return tuple(found.values())


def _server(value: object) -> object:
    """Ids are integers to the provider, texts as outputs and in stack config, floats when hosted."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= DIGITS:
        return int(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _server_problem(value: object) -> str:
    if is_output(value) or value == PLACEHOLDER:
        return ""
    return "" if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MOST else SERVERS


def _selector_problem(value: object) -> str:
    is_one = isinstance(value, str) and value.strip() == value != "" and escaped(value) == value
    return "" if is_one else SELECTORS


def server_problems(server: object) -> list[Problem]:
    """Of the id of a server that was an output."""
    expected = SERVERS if server == PLACEHOLDER else _server_problem(_server(server))
    return [Problem(Place("hetzner.server_ids"), ANOTHER, expected)] if expected else []


def selector_problems(selector: object) -> list[Problem]:
    """Of a selector that was an output."""
    expected = _selector_problem(selector)
    return [Problem(Place("hetzner.label_selectors"), ANOTHER, expected)] if expected else []


def label_problems(labels: object) -> Iterator[Problem]:
    """Of what is known of the labels. No value is shown."""
    if not isinstance(labels, Mapping):  # an output, which is judged when it is known
        return
    for key, value in labels.items():
        place = Place(f"hetzner.labels.{key_name(key)}")
        if not KEY.fullmatch(str(key)) or str(key).startswith(RESERVED):
            expected = "a key of 1 to 63 letters, digits, dots, hyphens and underscores, the ends a letter or digit"
            yield Problem(place, "", expected, "a prefix such as example.org/ may stand before it")
        if not is_output(value) and not (isinstance(value, str) and VALUE.fullmatch(value)):
            expected = "a text of at most 63 letters, digits, dots, hyphens and underscores"
            yield Problem(place, "", expected, "the ends are a letter or digit")

"""A page as one HTML file that loads nothing: the templates, and what makes foreign text harmless in them."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from ....deployment.audiences import AudiencePeers
from ....deployment.listener import Listener
from ....model.addresses import Identity
from ....model.rules import Rule, RuleSet
from ....model.text import printable
from ..exposure import Exposure

LONGEST = 2000
"""Characters of one foreign text; a longer one is cut."""
_TEXT = re.compile(r">[^<]+")
"""Outside of tags, where quotes mean nothing and people who read the source expect them."""


def page(template: str, scripts: Iterable[str], known: str, **values: object) -> str:
    """The template with these values, as ASCII characters: the same in whatever encoding it is written.

    Args:
        scripts: the files that its one script consists of.
        known: the JSON that the script judges by.
        values: what the template needs besides.
    """
    made = (
        _environment()
        .get_template(template)
        .render(
            words=("anywhere", *(identity.value for identity in Identity)),
            known=source(known),
            style=source(_text("page.css")),
            script=source("".join(map(_text, scripts))),
            hash=_hash,
            **values,
        )
    )
    made = _TEXT.sub(lambda found: found[0].replace("&#34;", '"').replace("&#39;", "'"), made)
    return made.encode("ascii", "xmlcharrefreplace").decode("ascii")


def source(text: str) -> Markup:
    """The text of a `style` or `script`, which no browser unescapes: it must not hold what ends it."""
    if "</" in text or "<!--" in text or not text.isascii():
        raise ValueError("a style or script must be ASCII without '</' and '<!--'")
    return Markup(text)  # noqa: S704 (nothing else is marked so)


def shown(value: object) -> object:
    """What becomes of each value in a template, before it is escaped: control characters and marks that turn the
    direction of writing are shown as escapes.
    """
    return value if isinstance(value, Markup) else printable(value, LONGEST)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FunctionLoader(_text),
        autoescape=True,
        finalize=shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _hash(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()


@cache
def _text(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


Closed = list[tuple[Listener, str]]
"""Each listener that nobody reaches, and why."""


def closed_of(exposed: Exposure) -> Closed:
    told = exposed.as_json()["closed"]
    return [(item, str(one["because"])) for item, one in zip(exposed.closed, told, strict=True)]


def known_of(exposed: Exposure, rules: RuleSet, closed: Closed, audiences: Iterable[AudiencePeers]) -> str:
    """What the script judges by. A browser does not run it: it is no JavaScript."""
    shut = [
        {
            "service": listener.service.label,
            "protocol": listener.ports.protocol.value,
            "first": listener.ports.first,
            "last": listener.ports.last,
            "key": printable(listener.key, LONGEST),
            "because": because,
        }
        for listener, because in closed
    ]
    named = [
        {
            "name": one.identity.value,
            "ports": [{"protocol": p.protocol.value, "first": p.first, "last": p.last} for p in one.ports],
            "peers": list(map(str, one.peers)),
        }
        for one in audiences
    ]
    admitted, besides = _rows(map(_rule, rules.ingress)), _rows(map(_rule, exposed.besides))
    unsure = _rows(map(_rule, exposed.not_filtered))
    parts = f'"rules":{admitted},"besides":{besides},"unsure":{unsure}'
    return f'{{{parts},"closed":{_rows(shut)},"audiences":{_rows(named)}}}'


def _rule(rule: Rule) -> dict[str, object]:
    return {
        "service": rule.service.label,
        "protocol": rule.ports.protocol.value,
        "first": rule.ports.first,
        "last": rule.ports.last,
        "peer": str(rule.peer),
        "key": printable(rule.key, LONGEST),
        "reason": printable(rule.reason, LONGEST),
    }


def _rows(rows: Iterable[object]) -> str:
    return "[" + ",\n".join(map(row, rows)) + "]"


def row(value: object) -> str:
    """The value as JSON. A `<` in a text could end the script, and no `&` may look like one that escapes."""
    return json.dumps(value, separators=(",", ":")).replace("<", "\\u003c").replace("&", "\\u0026")

"""The exposure as a page for people: one HTML file that loads nothing, searches, filters and answers questions.

    Path("exposure.html").write_text(html(expose(deployment), deployment.rules))

The same input gives the same bytes. Everything stands in the HTML (`page.html`); the script (`reach.js` judges,
`page.js` shows) only adds the search and "can X reach Y?". The content security policy names the hashes of the one
style and the one script, so that nothing else runs or loads, whatever a configuration holds.
"""

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
from ....model.rules import RuleSet
from ....model.text import printable
from ..expose import Exposure
from .headline import SEVERITIES, contents, headline

__all__ = ["html"]

LONGEST = 2000
"""Characters of one foreign text; a longer one is cut."""
_TEXT = re.compile(r">[^<]+")
"""Outside of tags, where quotes mean nothing and people who read the source expect them."""


def html(exposed: Exposure, rules: RuleSet, subject: str = "", audiences: Iterable[AudiencePeers] = ()) -> str:
    """The page.

    Args:
        exposed: what the page shows.
        rules: what "can X reach Y?" is judged by: all rules of the deployment.
        subject: what it is about: a stack, files; "" where nothing names it.
        audiences: whom a question about an audience means.

    Returns:
        An HTML document of ASCII characters, the same in whatever encoding it is written.
    """
    told = exposed.as_json()["closed"]
    closed = [(item, str(one["because"])) for item, one in zip(exposed.closed, told, strict=True)]
    page = (
        _environment()
        .get_template("page.html")
        .render(
            exposed=exposed,
            subject=subject,
            headline=headline(exposed),
            contents=contents(exposed),
            words=("anywhere", *(identity.value for identity in Identity)),
            closed=closed,
            findings=sorted(exposed.findings, key=lambda finding: SEVERITIES.index(finding.severity)),
            known=source(_known(rules, closed, audiences)),
            style=source(_text("page.css")),
            script=source(_text("reach.js") + _text("page.js")),
            hash=_hash,
        )
    )
    page = _TEXT.sub(lambda found: found[0].replace("&#34;", '"').replace("&#39;", "'"), page)
    return page.encode("ascii", "xmlcharrefreplace").decode("ascii")


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


def _known(rules: RuleSet, closed: Iterable[tuple[Listener, str]], audiences: Iterable[AudiencePeers]) -> str:
    """What the script judges by. A browser does not run it: it is no JavaScript."""
    admitted = [
        {
            "service": rule.service.label,
            "protocol": rule.ports.protocol.value,
            "first": rule.ports.first,
            "last": rule.ports.last,
            "peer": str(rule.peer),
            "key": printable(rule.key, LONGEST),
            "reason": printable(rule.reason, LONGEST),
        }
        for rule in rules.ingress
    ]
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
    return f'{{"rules":{_rows(admitted)},"closed":{_rows(shut)},"audiences":{_rows(named)}}}'


def _rows(rows: Iterable[object]) -> str:
    """One per line. A `<` in a text could end the script, and no `&` may look like one that escapes."""
    lines = [json.dumps(row, separators=(",", ":")) for row in rows]
    lines = [line.replace("<", "\\u003c").replace("&", "\\u0026") for line in lines]
    return "[" + ",\n".join(lines) + "]"

"""The exposure as a page for people: one HTML file that loads nothing, searches, filters and answers questions.

    Path("exposure.html").write_text(html(expose(deployment), deployment.rules))

The same input gives the same bytes. Everything stands in the HTML; the script (`reach.js` judges, `page.js` shows)
only adds the search and "can X reach Y?". The content security policy names the hashes of the one style and the one
script, so that nothing else runs or loads, whatever a configuration holds.
"""

from __future__ import annotations

import json
from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any
from xml.etree import ElementTree as ET

from ....model.rules import RuleSet
from ....model.text import printable
from ..expose import Exposure
from .ask import ask
from .elements import LONGEST, document, element, source
from .reached import reached
from .sections import baselines, closed, findings, notes, outbound, page_header, with_reasons

__all__ = ["html"]

TITLE = "Who can reach what"
SCRIPTS = ("reach.js", "page.js")


def html(exposed: Exposure, rules: RuleSet) -> str:
    """The page.

    Args:
        exposed: what the page shows.
        rules: what "can X reach Y?" is judged by: all rules of the deployment.

    Returns:
        An HTML document of ASCII characters.
    """
    style, script = _text("page.css"), "".join(_text(name) for name in SCRIPTS)
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_policy(style, script)),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", TITLE),
        source("style", style),
    )
    body = element(
        "body",
        element("a", "Skip to the table", class_="skip", href="#reached"),
        page_header(exposed),
        element(
            "main",
            ask(),
            reached(exposed),
            closed(exposed),
            baselines(exposed),
            outbound(exposed),
            notes(exposed),
            findings(exposed),
        ),
        element("footer", element("p", "Made by livekit-firewall. This page loads nothing and sends nothing.")),
        _data(exposed, rules),
        source("script", script),
    )
    return document(element("html", head, body, lang="en"))


def _policy(style: str, script: str) -> str:
    directives = (
        "default-src 'none'",
        f"style-src '{_hash(style)}'",
        f"script-src '{_hash(script)}'",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
    return "; ".join(directives)


def _hash(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()


@cache
def _text(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _data(exposed: Exposure, rules: RuleSet) -> ET.Element:
    """What the script judges by. A browser does not run it: it is no JavaScript."""
    known: dict[str, list[dict[str, Any]]] = {
        "rules": [
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
        ],
        "closed": [
            {
                "service": listener.service.label,
                "protocol": listener.ports.protocol.value,
                "first": listener.ports.first,
                "last": listener.ports.last,
                "key": printable(listener.key, LONGEST),
                "because": because,
            }
            for listener, because in with_reasons(exposed)
        ],
    }
    text = json.dumps(known, separators=(",", ":")).replace("<", "\\u003c").replace("},{", "},\n{")
    return source("script", text, type="application/json", id="known")

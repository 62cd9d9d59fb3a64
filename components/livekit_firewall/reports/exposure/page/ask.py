"""The form that asks whether somebody reaches a port. `page.js` shows it and answers."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from ....model.addresses import Identity
from .elements import element

PLAIN = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
WORDS = ("anywhere", *(identity.value for identity in Identity))


def ask() -> ET.Element:
    return element(
        "section",
        element("h2", "Can X reach Y?", id="ask-title"),
        element(
            "form",
            _field("Who", "who", "An address, a block, anywhere, load-balancer or same-group", list="words"),
            _field("Reaches", "ports", "tcp/443, or a range such as udp/50000-60000"),
            element("button", "Answer", type="submit"),
            element("datalist", *(element("option", value=word) for word in WORDS), id="words"),
            id="question",
            novalidate=True,
        ),
        element("div", id="answer", role="status", aria_live="polite"),
        id="ask",
        aria_labelledby="ask-title",
        hidden=True,
    )


def _field(label: str, name: str, hint: str, **attributes: str) -> ET.Element:
    """Described by its hint, and by the answer, which says what is wrong with it."""
    described = {"aria_describedby": f"{name}-hint answer"}
    return element(
        "div",
        element("label", label, for_=name),
        element("input", type="text", id=name, required=True, **described, **PLAIN, **attributes),
        element("p", hint, id=f"{name}-hint", class_="hint"),
        class_="field",
    )

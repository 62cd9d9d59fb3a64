"""The table of who reaches what, with its search and filters."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree as ET

from ....model.ports import Protocol
from ..expose import Exposure, Reach
from .elements import element
from .tables import code, row, table

HEADINGS = ("Service", "Ports", "From", "Key", "For")
SHOWN_PEERS = 6
"""More than these are folded, and still found by the search and printed."""


def reached(exposed: Exposure) -> ET.Element:
    if not exposed.reached:
        says = element("p", "No rule lets anybody in.")
        return element("section", _heading(), says, id="reached", aria_labelledby="reached-title", tabindex="-1")
    return element(
        "section",
        _heading(),
        _filters(exposed.reached),
        table(
            "Each service that another machine reaches: its ports, from where, and the key that causes it.",
            HEADINGS,
            [_row(reach) for reach in exposed.reached],
            "ways-in",
        ),
        element(
            "p", "No row fits. ", element("button", "Show all", type="button", id="show-all"), id="none", hidden=True
        ),
        id="reached",
        aria_labelledby="reached-title",
        tabindex="-1",
    )


def _heading() -> ET.Element:
    return element("h2", "Who can reach what", id="reached-title")


def _row(reach: Reach) -> ET.Element:
    rule = reach.rules[0]
    cells = (rule.service.label, code(str(rule.ports)), _from(reach), code(reach.key), rule.service.purpose)
    marks = {"data_service": rule.service.label, "data_protocol": rule.ports.protocol.value}
    return row(HEADINGS, cells, data_public="yes" if reach.is_public else "no", **marks)


def _from(reach: Reach) -> ET.Element:
    peers = [element("li", element("code", _name(str(one.peer)))) for one in reach.rules]
    mark = element("span", "open to the internet", class_="public") if reach.is_public else None
    if len(peers) <= SHOWN_PEERS:
        return element("div", mark, element("ul", *peers, class_="peers"))
    folded = element(
        "details",
        element("summary", f"and {len(peers) - SHOWN_PEERS} more"),
        element("ul", *peers[SHOWN_PEERS:], class_="peers"),
    )
    return element("div", mark, element("ul", *peers[:SHOWN_PEERS], class_="peers"), folded)


def _name(peer: str) -> str:
    """Identities are words, blocks are not."""
    return peer.replace("-", " ")


def _filters(reaches: Iterable[Reach]) -> ET.Element:
    services = dict.fromkeys(reach.rules[0].service.label for reach in reaches)
    every = [element("option", "Every service", value=""), *(element("option", one, value=one) for one in services)]
    protocols = [
        element("option", "TCP and UDP", value=""),
        *(element("option", one.value.upper(), value=one.value) for one in Protocol),
    ]
    return element(
        "form",
        _field("Search", element("input", type="search", id="search", autocomplete="off", spellcheck="false")),
        _field("Service", element("select", *every, id="service", autocomplete="off")),
        _field("Protocol", element("select", *protocols, id="protocol", autocomplete="off")),
        element(
            "label",
            element("input", type="checkbox", id="public", autocomplete="off"),
            element("span", "Open to the internet only"),
            class_="tick",
        ),
        element("button", "Clear", type="button", id="clear"),
        element("p", "", id="count", role="status", aria_live="polite"),
        id="filters",
        class_="filters",
        role="search",
        aria_label="Rows of the table",
        hidden=True,
    )


def _field(label: str, control: ET.Element) -> ET.Element:
    return element("div", element("label", label, for_=control.attrib["id"]), control, class_="field")

"""The headline, and the sections below the table: what stays closed, what passes besides, what goes out."""

from __future__ import annotations

from collections import Counter
from xml.etree import ElementTree as ET

from ....deployment.listeners import Listener
from ....model.errors import Finding
from ..expose import Exposure
from .elements import Child, element
from .tables import code, row, table

SEVERITIES = ("error", "warning", "note")
"""The gravest first."""


def page_header(exposed: Exposure) -> ET.Element:
    return element(
        "header",
        element("p", "livekit-firewall", class_="kicker"),
        element("h1", _headline(exposed)),
        element("p", "What this page does not list is closed.", class_="lead"),
        element("nav", element("ul", *_contents(exposed)), aria_label="On this page"),
    )


def _headline(exposed: Exposure) -> str:
    besides = ", ".join(exposed.open_besides)
    return _ways_in(exposed) + (f"; besides the rules {besides} is open to the internet" if besides else "")


def _ways_in(exposed: Exposure) -> str:
    ways, public = len(exposed.reached), sum(reach.is_public for reach in exposed.reached)
    if not ways:
        return "Nobody reaches anything" if not exposed.open_besides else "No rule lets anybody in"
    if ways == 1:
        return f"1 way in, {'' if public else 'not '}open to the internet"
    return f"{ways} ways in, {'none' if not public else 'all' if public == ways else public} open to the internet"


def _contents(exposed: Exposure) -> list[ET.Element]:
    counts = Counter(finding.severity for finding in exposed.findings)
    said = ", ".join(_count(counts[severity], severity) for severity in SEVERITIES if counts[severity])
    links = (
        ("reached", "Who can reach what", str(len(exposed.reached))),
        ("closed", "Closed", str(len(exposed.closed))),
        ("besides", "Besides the rules", str(sum(map(len, exposed.baselines.values())))),
        ("outbound", "Reaches out to", str(len(exposed.outbound))),
        ("notes", "Worth knowing", str(len(exposed.notes))),
        ("findings", "Findings", said or "0"),
    )
    return [
        element("li", element("a", name, " ", element("span", count, class_="count"), href=f"#{target}"))
        for target, name, count in links
        if count != "0" or target == "reached"
    ]


def _count(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"


def closed(exposed: Exposure) -> ET.Element | None:
    headings = ("Service", "Ports", "Key", "Because")
    rows = [
        row(headings, (item.service.label, code(str(item.ports)), code(item.key), because))
        for item, because in with_reasons(exposed)
    ]
    caption = "Each socket that no other machine reaches, and why."
    return _section("closed", "Closed to every other machine", table(caption, headings, rows, "shut")) if rows else None


def with_reasons(exposed: Exposure) -> list[tuple[Listener, str]]:
    """What is closed, and why."""
    told = exposed.as_json()["closed"]
    return [(item, str(one["because"])) for item, one in zip(exposed.closed, told, strict=True)]


def baselines(exposed: Exposure) -> ET.Element | None:
    parts: list[ET.Element] = []
    for target, items in exposed.baselines.items():
        terms = [part for item in items for part in (element("dt", item.what), element("dd", item.why))]
        parts += [element("h3", f"On {target}"), element("dl", *terms)]
    return _section("besides", "Besides the rules", *parts) if parts else None


def outbound(exposed: Exposure) -> ET.Element | None:
    headings = ("To", "Ports", "Key", "For")
    rows = [row(headings, (need.to, code(str(need.ports)), code(need.key), need.purpose)) for need in exposed.outbound]
    caption = "Each flow that the services open themselves."
    return _section("outbound", "Reaches out to", table(caption, headings, rows, "out")) if rows else None


def notes(exposed: Exposure) -> ET.Element | None:
    items = [element("li", note) for note in exposed.notes]
    return _section("notes", "Worth knowing", element("ul", *items, class_="notes")) if items else None


def findings(exposed: Exposure) -> ET.Element | None:
    ordered = sorted(exposed.findings, key=lambda finding: SEVERITIES.index(finding.severity))
    items = [_finding(finding) for finding in ordered]
    return _section("findings", "Findings", element("ul", *items, class_="findings")) if items else None


def _finding(finding: Finding) -> ET.Element:
    place = str(finding.place)
    return element(
        "li",
        element("p", element("strong", finding.severity, class_=finding.severity), " ", f"{finding.text}."),
        element("p", f"What to do: {finding.fix}.") if finding.fix else None,
        element("p", element("code", place), " ", element("code", finding.id), class_="hint"),
    )


def _section(name: str, title: str, *children: Child) -> ET.Element:
    return element(
        "section", element("h2", title, id=f"{name}-title"), *children, id=name, aria_labelledby=f"{name}-title"
    )

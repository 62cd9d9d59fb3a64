"""A run as JUnit XML, for CI: a test case for each target and family, and for each answer of a service.

    Path("probe.xml").write_text(as_junit(outcome, advice))

Shape: what Jenkins, GitLab and GitHub's reporters share (junit-10.xsd of Jenkins's xUnit plugin): one suite;
`failure` for what is not as wanted, `skipped` for what was not tested, `error` where there was nothing to test,
so that no such run is green.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from xml.etree import ElementTree as ET

from msgspec import Struct

from ...model.text import printable
from .advice import Advice
from .groups import Group, groups_of
from .lines import LONGEST, answer_lines, group_lines
from .report import headline, notes_of
from .verdict import Outcome, ProbeTarget, Row, ServiceAnswer, Verdict

CLASS = "livekit-firewall.probe"


class JUnitCase(Struct, frozen=True):
    """One test case: what was expected, and how it ended.

    Attributes:
        outcome: `failure`, `error` or `skipped`; "" passed.
        lines: what was found.
    """

    service: str
    name: str
    outcome: str
    lines: tuple[str, ...]


def as_junit(outcome: Outcome, advice: Sequence[Advice]) -> str:
    """The document. ASCII, so that it is the same in whatever encoding it is written; hostile texts are escaped."""
    cases = [*_ports(outcome.rows), *_answers(outcome.answers)]
    if not outcome.rows:
        cases.append(JUnitCase("run", "some port is tried", "error", (headline(outcome),)))
    count = {kind: sum(case.outcome == kind for case in cases) for kind in ("failure", "error", "skipped")}
    totals = {
        "name": "livekit-firewall probe",
        "tests": str(len(cases)),
        "failures": str(count["failure"]),
        "errors": str(count["error"]),
        "skipped": str(count["skipped"]),
        "time": f"{outcome.traffic.seconds:.3f}",
    }
    root = ET.Element("testsuites", totals)
    suite = ET.SubElement(root, "testsuite", {**totals, "hostname": printable(outcome.host, LONGEST)})
    properties = ET.SubElement(suite, "properties")
    for name, value in _properties(outcome):
        ET.SubElement(properties, "property", {"name": name, "value": value})
    for case in cases:
        _add(suite, case)
    said = [headline(outcome), *notes_of(outcome), *map(str, advice)]
    ET.SubElement(suite, "system-out").text = "\n".join(printable(line, 4 * LONGEST) for line in said)
    ET.indent(root)
    body: bytes = ET.tostring(root, encoding="us-ascii")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body.decode("ascii")}\n'


def _properties(outcome: Outcome) -> Iterator[tuple[str, str]]:
    for family, address in sorted(outcome.addresses.items()):
        yield family.label, printable(address)
    yield "listener", "yes" if outcome.has_listener else "no"
    yield "packets", str(outcome.traffic.packets)
    yield "seconds", f"{outcome.traffic.seconds:.3f}"


def _ports(rows: Iterable[Row]) -> Iterator[JUnitCase]:
    by_target: defaultdict[ProbeTarget, list[Row]] = defaultdict(list)
    for row in rows:
        by_target[row.target].append(row)
    for target, some in by_target.items():
        wish = "reachable" if target.wanted else "closed"
        name = f"{target.ports} {wish} over {target.family.label}"
        groups = sorted(groups_of(some), key=lambda group: _ORDER[group.as_wanted])
        service = str(target.service) if target.service else "ports"
        yield JUnitCase(service, name, _ended(groups), tuple(group_lines(groups)))


_ORDER = {False: 0, None: 1, True: 2}
"""Of what a reader should see first."""


def _ended(groups: Sequence[Group]) -> str:
    found = {group.as_wanted for group in groups}
    if False in found:
        return "failure"
    # a host that is not there tests nothing: green would be wrong
    if any(group.verdict is Verdict.UNREACHABLE_HOST for group in groups):
        return "error"
    return "skipped" if None in found else ""


def _answers(answers: Iterable[ServiceAnswer]) -> Iterator[JUnitCase]:
    for one in answers:
        name = f"{one.service.label} on {one.ports} answers over {one.family.label}"
        yield JUnitCase(str(one.service), name, "" if one.ok else "failure", tuple(answer_lines([one])))


def _add(suite: ET.Element, case: JUnitCase) -> None:
    about = {"classname": f"{CLASS}.{case.service}", "name": case.name, "time": "0"}
    element = ET.SubElement(suite, "testcase", about)
    if case.outcome:
        ended = ET.SubElement(element, case.outcome, {"message": case.lines[0]})
        ended.text = "\n".join(case.lines)
    else:
        ET.SubElement(element, "system-out").text = "\n".join(case.lines)

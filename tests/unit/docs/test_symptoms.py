"""The page of symptoms leads from each to findings, to verdicts of the probe, and to what to do."""

import re

from livekit_firewall.model.findings import CATALOGUE
from livekit_firewall.probe.results.verdict import Verdict

from .pages import ROOT

PAGE = (ROOT / "docs" / "symptoms.md").read_text(encoding="utf-8")
VERDICT = re.compile(r"reachable|blocked|open,|not tested|unreachable")
SECTIONS = dict(re.findall(r"^## (.+)\n((?:(?!## ).*\n)+)", PAGE, re.MULTILINE))
OF_PULUMI = "`make up` or `pulumi up` fails"


def quoted(text):
    return set(re.findall(r"`([^`\n]+)`", text))


def ids(text):
    return {word for word in quoted(text) if re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", word)}


def verdicts(text):
    return {word for word in quoted(text) if VERDICT.match(word)}


def test_every_id_is_one_of_a_finding():
    assert ids(PAGE) - CATALOGUE.keys() == set()


def test_every_verdict_is_one_of_the_probe():
    assert verdicts(PAGE) - {str(one) for one in Verdict} == set()


def test_each_symptom_leads_to_both():
    assert len(SECTIONS) > 9
    without = {name for name, text in SECTIONS.items() if not ids(text) or not verdicts(text)}
    assert without == {OF_PULUMI, "The range is not listening"}  # the second is no fault

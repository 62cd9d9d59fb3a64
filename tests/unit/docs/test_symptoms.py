"""The page of symptoms names findings and verdicts that there are."""

import re

from livekit_firewall.model.findings import CATALOGUE
from livekit_firewall.probe.results.verdict import Verdict

from .pages import ROOT

WORDS = set(re.findall(r"`([^`\n]+)`", (ROOT / "docs" / "symptoms.md").read_text(encoding="utf-8")))


def test_every_id_is_one_of_a_finding():
    named = {word for word in WORDS if re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", word)}
    assert named - CATALOGUE.keys() == set()
    assert len(named) > 20


def test_every_verdict_is_one_of_the_probe():
    said = {word for word in WORDS if re.match(r"(reachable|blocked|open,|not tested|unreachable)", word)}
    assert said - {str(one) for one in Verdict} == set()
    assert len(said) > 4

"""Findings as SARIF 2.1.0, which editors and code scanning show at the line.

Code scanning wants at most 25,000 results, `ruleId` with help, a region and a stable fingerprint.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from ...model.errors import Finding
from ...model.findings import CATALOGUE
from ...model.findings.entry import Entry
from ...model.text import escaped

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
NO_FILE = ".livekit-firewall.yaml"
"""Where a finding about arguments is shown: code scanning drops a result without a file."""


def sarif(findings: Sequence[Finding], ignored: Sequence[Finding], reasons: Mapping[str, str]) -> dict[str, Any]:
    """The log of one run. Ignored findings are in it as suppressed, with the reason."""
    ids = sorted({finding.id for finding in (*findings, *ignored)})
    index = {name: place for place, name in enumerate(ids)}
    results = [_result(finding, index) for finding in findings]
    for finding in ignored:
        suppression = {"kind": "external", "justification": reasons[finding.id]}
        results.append({**_result(finding, index), "suppressions": [suppression]})
    driver = {"name": "livekit-firewall", "rules": [_rule(CATALOGUE[name]) for name in ids]}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]}


def _rule(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "name": "".join(word.capitalize() for word in entry.id.split("-")),
        "shortDescription": {"text": entry.title.replace("`", "")},
        "fullDescription": {"text": entry.users},
        "help": {
            "text": f"{entry.users}\nFix: {entry.fix}\nSource: {entry.source}",
            "markdown": f"{entry.users}\n\n**Fix**: {entry.fix}\n\n**Source**: {entry.source}",
        },
        "defaultConfiguration": {"level": entry.severity},
        "properties": {"tags": ["firewall", "livekit"]},
    }


def _result(finding: Finding, index: Mapping[str, int]) -> dict[str, Any]:
    place = finding.place
    region = {"startLine": place.line or 1, **({"startColumn": place.column} if place.column else {})}
    uri = _uri(place.file or NO_FILE)
    about = f"{place.path}: " if place.path else ""
    # not the line: a comment added above is no new finding
    mark = hashlib.sha256(f"{finding.id} {uri} {place.path}".encode("utf-8", "replace")).hexdigest()
    return {
        "ruleId": finding.id,
        "ruleIndex": index[finding.id],
        "level": finding.severity,
        "message": {"text": escaped(f"{about}{finding.text}" + (f"; {finding.fix}" if finding.fix else ""))},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}],
        "partialFingerprints": {"findingPlace/v1": mark},
    }


def _uri(file: str) -> str:
    path = PurePath(file)
    if path.is_absolute():
        return path.as_uri()
    return quote(re.sub(r"^\./", "", path.as_posix()))

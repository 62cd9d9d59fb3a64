"""What `stubctl show` prints -> what it admits."""

from __future__ import annotations

from ...effective.evaluate import EffectiveRules, Selection, evaluate
from .render import native_rules


def recognises(value: object) -> bool:
    return isinstance(value, dict) and "stub_lines" in value


def read(value: object, selection: Selection) -> EffectiveRules:
    lines = value["stub_lines"] if isinstance(value, dict) else []
    return evaluate("the stub", [rule.parsed for rule in native_rules(lines)])

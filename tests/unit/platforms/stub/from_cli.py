"""What `stubctl show` prints -> what it admits."""

from __future__ import annotations

from ...effective.evaluate import EffectiveRules, Selection, evaluate
from ...effective.snapshot import said_of
from ...effective.syntax import block_of
from ...model.ports import PortRange


def recognises(value: object) -> bool:
    return isinstance(value, dict) and "stub_lines" in value


def read(value: object, asked: Selection) -> EffectiveRules:
    lines = value["stub_lines"] if isinstance(value, dict) else []
    said = [
        said_of(one["ports"], True, (PortRange.parse(one["ports"]),), [block_of(one["block"], "")], ()) for one in lines
    ]
    return evaluate("the stub", said)

"""The pack and `livekit-firewall review` say the same of what is after a change: nobody needs the pack to be safe."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livekit_firewall.model.addresses import Cidr, Peer
from livekit_firewall.model.ports import PortRange
from livekit_firewall.model.rules import Rule, RuleSet
from livekit_firewall.model.services import Service
from livekit_firewall.reports.review import review_texts
from livekit_firewall.reports.review.risk_texts import RISKS
from tests.sampling import sample
from tests.targets import CLOUDS
from tests.unit.reports.review.programs import UNKNOWN, digest
from tests.unit.reports.review.writers import THEIRS, written
from tests.unit.strategies import fewest_examples, rule_sets

from .analyzer import Made, Pack

PREVIEWS = Path(__file__).resolve().parents[2] / "previews"

SAID_BY = {
    "livekit-internal-ports-never-public": ("internal-public", "everything-public"),
    "livekit-everything-public": ("everything-public",),
    "livekit-sip-not-public": ("sip-public",),
    "livekit-ssh-not-public": ("ssh-public",),
}
"""Which risks of a review each policy tells."""


def after(told: dict[str, Any]) -> list[Made]:
    """What the engine hands to a policy pack at the end of a preview that prints this digest.

    But for the output `rules` of our component, which a digest does not have as it will be: a review does not know
    them either.
    """
    found = {}
    for step in told.get("steps", []):
        new, old = step.get("newState"), step.get("oldState") or {}
        if new is None or step["op"] in ("delete", "delete-replaced"):
            continue
        inputs = new.get("inputs", {})
        id_ = old.get("id", UNKNOWN) if step["op"] in ("same", "update") else UNKNOWN
        outputs = {**(old.get("outputs") or {} if step["op"] == "same" else {}), **inputs, "id": id_}
        outputs.pop("rules", None)
        found[step["urn"]] = Made(
            step["urn"],
            new["type"],
            inputs,
            outputs,
            new.get("parent", ""),
            new.get("propertyDependencies") or {},
        )
    return list(found.values())


def said_by_pack(pack: Pack, told: dict[str, Any]) -> set[tuple[str, str]]:
    """Each policy that is violated, with what it says of it."""
    answer = pack.check(after(told))
    return {
        (one.policy, risk.text)
        for one in answer.of(*SAID_BY)
        for risk in [_Told(one.message)]
    }  # fmt: skip


class _Told:
    """The text of a risk in a message: `RESOURCE: TEXT (by RULES): WHY. To do: FIX`."""

    def __init__(self, message: str) -> None:
        line = message.splitlines()[-1]
        why = next(f": {about.why}. To do: {about.fix}" for about in RISKS.values() if line.endswith(about.fix))
        assert line.endswith(why)
        self.text = line.removesuffix(why).partition(" (by ")[0].partition(": ")[2]


def said_by_review(text: str) -> set[tuple[str, str]]:
    risks = review_texts([("preview.json", text)]).risks
    return {(policy, risk.text) for risk in risks for policy, ids in SAID_BY.items() if risk.id in ids}


def previews() -> list[Path]:
    """Those that succeeded, each change on some platform: after an error the engine asks no policy of the stack."""
    told = (path for path in sorted(PREVIEWS.rglob("*.json")) if '"severity":"error"' not in path.read_text())
    return sample(told, lambda path: (path.parent.name, path.stem))


@pytest.fixture(scope="module")
def said_of(pack: Pack) -> Callable[[Path], set[tuple[str, str]]]:
    """What the pack says of a preview; each is asked of once, since all of them together take seconds."""
    return cache(lambda path: said_by_pack(pack, json.loads(path.read_text(encoding="utf-8"))))


def test_there_are_real_previews_and_some_of_them_are_refused(said_of):
    refused = {path.parent.name for path in previews() if said_of(path)}
    assert {*CLOUDS} <= refused


@pytest.mark.parametrize("path", previews(), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_of_real_previews(said_of, path: Path):
    assert said_of(path) == said_by_review(path.read_text(encoding="utf-8"))


RISKY = [
    PortRange.tcp(22),
    PortRange.tcp(7880),
    PortRange.tcp(6379),
    PortRange.tcp(3000, 8000),
    PortRange.udp(5060),
    PortRange.tcp(1, 65535),
    PortRange.udp(1, 65535),
]
BLOCKS = [Cidr.parse(text) for text in ("0.0.0.0/0", "::/0", "8.0.0.0/7", "10.0.0.0/8", "203.0.113.0/24")]


ADDED = st.builds(
    lambda ports, block: Rule(ports, Peer.of(block), Service.HTTPS), st.sampled_from(RISKY), st.sampled_from(BLOCKS)
)
RISKY_RULES = st.builds(
    lambda some, more: RuleSet.of([*some, *more]), rule_sets(), st.lists(ADDED, min_size=1, max_size=4)
)


@pytest.mark.parametrize("platform", sorted(THEIRS))
class TestOfAnyStack:
    @fewest_examples
    @given(RISKY_RULES, RISKY_RULES, st.randoms(use_true_random=False))
    def test_whatever_was_before(self, pack: Pack, platform, before, now, dice):
        told = digest(written(platform, before, dice, "node"), written(platform, now, dice, "node"))
        assert said_by_pack(pack, told) == said_by_review(json.dumps(told))

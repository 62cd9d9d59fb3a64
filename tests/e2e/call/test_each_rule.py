"""Each rule is needed: without it, whoever it is for does not get through, with fresh flows and a fresh client.

`make soak` tries each of each scenario, `make test` a part of them.

That they do with it is test_scenarios.py's part, under the very same conditions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.together import chosen, together

from .cases import Case, cases, rules_of, some
from .lab import Lab
from .scenarios import SCENARIOS
from .trial import answered, joining, load, running

pytestmark = pytest.mark.needs("linux", "root", "nft", "netns", "livekit-server")

AT_ONCE = 12
CALLS, OTHERS = list(cases(["call"])), list(cases(["ask", "echo", "relay"]))


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
def test_every_rule_is_there_for_a_need_that_is_named(scenario):
    """A rule without one is superfluous, a need without a rule is not met."""
    found = [case for case in cases() if case.scenario is scenario]
    assert [str(case) for case in found if case.need is None] == []
    named = {(service, need) for service, needs in scenario.needs.items() for need in needs}
    assert {(case.rule.service, case.need) for case in found} == named


def test_no_rule_escapes():
    """Each is tried, in each of its families."""
    halves = {
        (one.name, rule, block.family) for one in SCENARIOS for rule in rules_of(one.name) for block in rule.peer.blocks
    }
    assert {(case.scenario.name, case.rule, case.family) for case in [*CALLS, *OTHERS]} == halves


def join(case: Case, lab: Lab) -> dict[str, Any]:
    with running(lab, case.scenario):
        load(lab, case.scenario, case.without)
        with joining(lab, case, "alice") as (alice,):
            return alice.outcome()


def others(case: Case, lab: Lab) -> dict[str, bool]:
    """Of the scenario's needs other than calls, the case's among them, which are met without its rule."""
    every = [one for one in OTHERS if one.scenario is case.scenario]
    with running(lab, case.scenario, every):
        load(lab, case.scenario, case.without)
        return dict(zip(map(str, every), answered(lab, every), strict=True))


@pytest.fixture(scope="module")
def tried(request: pytest.FixtureRequest, livekit_server: Path) -> Iterator[Mapping[Case, Future[Any]]]:
    works = {case: partial(join, case) for case in chosen(request, test_without_the_rule_nobody_joins, "case")}
    works |= {case: partial(others, case) for case in chosen(request, test_without_the_rule_nothing_answers, "case")}
    with together(partial(Lab, livekit_server), AT_ONCE, works) as found:
        yield found


@pytest.mark.parametrize("case", some(CALLS), ids=str)
def test_without_the_rule_nobody_joins(tried, case):
    outcome = tried[case].result()
    assert outcome["event"] == "failed"
    assert "timed out" in outcome["why"] or "timeout" in outcome["why"], outcome


@pytest.mark.parametrize("case", some(OTHERS), ids=str)
def test_without_the_rule_nothing_answers(tried, case):
    """And everything else still does."""
    found = tried[case].result()
    assert found == {one: one != str(case) for one in found}

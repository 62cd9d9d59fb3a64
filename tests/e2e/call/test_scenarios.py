"""With the rules that we render, whoever they are for gets through, and a call runs in the way that it should.

What the scenarios are is data: scenarios.py.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.together import chosen, together

from .cases import Case, cases, some
from .lab import BALANCER, OPERATOR, Lab
from .scenarios import SCENARIOS, Scenario
from .trial import answered, ask, joining, load, running

pytestmark = pytest.mark.needs("linux", "root", "nft", "netns", "livekit-server")

AT_ONCE = 3
SECONDS = 1.0
"""Of call that are looked at."""

CALLS = [case for case in cases(["call"]) if case.need and case.need.transport]
OTHERS = {scenario.name: [case for case in cases(["ask", "echo", "relay"]) if case.scenario is scenario]
          for scenario in SCENARIOS}  # fmt: skip


def talk(case: Case, lab: Lab) -> list[dict[str, Any]]:
    """What two participants report of their call under this condition."""
    with running(lab, case.scenario):
        load(lab, case.scenario)
        with joining(lab, case, "alice", "bob") as clients:
            for one in clients:
                assert one.outcome()["event"] == "connected", f"{one.stdout}\n{one.stderr}"
            for one, other in zip(clients, ("bob", "alice"), strict=True):
                one.hears(other)
                one.report()
            time.sleep(SECONDS)
            return [one.report() for one in clients]


@pytest.fixture(scope="module")
def calls(request: pytest.FixtureRequest, livekit_server: Path) -> Iterator[Mapping[Case, Future[Any]]]:
    wanted = chosen(request, test_the_call_runs_in_the_way_that_the_rule_is_for, "case")
    with together(partial(Lab, livekit_server), AT_ONCE, {case: partial(talk, case) for case in wanted}) as found:
        yield found


@pytest.mark.parametrize("case", some(CALLS), ids=str)
def test_the_call_runs_in_the_way_that_the_rule_is_for(calls, case):
    for report, other in zip(calls[case].result(), ("bob", "alice"), strict=True):
        assert report["transports"] == [case.need.transport]
        assert list(report["heard"]) == [other]
        heard = report["heard"][other]
        assert min(heard["packets"], heard["frames"], heard["data"], report["sent"]) > 0, report


@pytest.fixture(scope="module")
def shared(livekit_server: Path) -> Iterator[Lab]:
    with Lab(livekit_server) as made:
        yield made


@pytest.mark.parametrize("name", [name for name, found in OTHERS.items() if found])
def test_whoever_else_has_a_rule_is_answered(shared, name):
    scenario: Scenario = next(one for one in SCENARIOS if one.name == name)
    with running(shared, scenario, OTHERS[name]):
        load(shared, scenario)
        found = answered(shared, OTHERS[name])
    assert dict(zip(map(str, OTHERS[name]), found, strict=True)) == {str(case): True for case in OTHERS[name]}


def test_sip_options_are_answered_to_the_trunk_and_to_nobody_else(shared):
    scenario: Scenario = next(one for one in SCENARIOS if one.name == "telephones and streams")
    sip = [case for case in OTHERS[scenario.name] if case.rule.service == "sip"]
    assert len(sip) == 4, "UDP and TCP, over both families"
    with running(shared, scenario, sip):
        load(shared, scenario)
        by_others = ask(shared, sip, "clients"), ask(shared, sip, BALANCER), ask(shared, sip, OPERATOR)
        by_trunk = ask(shared, sip, sip[0].need.who)
    assert by_trunk == ["SIP OPTIONS answers 200 OK"] * 4
    assert by_others == ([None] * 4,) * 3

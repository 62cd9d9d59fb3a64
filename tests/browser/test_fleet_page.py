"""The page of many stacks in a real browser: search, what a link unfolds, "which stacks let X reach Y?", no script,
paper, keyboard, 200 stacks. axe-core judges accessibility.
"""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from livekit_firewall.deployment.derive import read_deployment
from livekit_firewall.reports.explain.explain import explain, question
from livekit_firewall.reports.exposure.expose import expose
from livekit_firewall.reports.exposure.fleet import FleetStack
from livekit_firewall.reports.exposure.origin import Origin
from livekit_firewall.reports.exposure.page import fleet_html

from .conftest import Visit
from .pages import EVERYTHING
from .test_page import HOSTILE, judged

pytestmark = pytest.mark.needs("browser")

STACKS: dict[str, dict[str, Any]] = {
    "everything": EVERYTHING,
    "host": {"host": {}},
    "office": {
        "operators": {"cidrs": ["198.51.100.0/24"]}, "aws": {"vpc_id": "vpc-1"}, "clients": {"cidrs": ["10.0.0.0/8"]},
    },
    "two-firewalls": {"host": {}, "aws": {"vpc_id": "vpc-1"}},
}  # fmt: skip


def stack(name: str, given: dict[str, Any]) -> FleetStack:
    deployment = read_deployment(given, Path())
    return FleetStack(name, deployment, expose(deployment, origin=Origin(f"stack {name}")))


def page_of(*more: FleetStack) -> str:
    found = [stack(name, given) for name, given in STACKS.items()]
    origin = Origin("project calls", (), datetime(2026, 1, 1, tzinfo=timezone.utc))
    return fleet_html([*found, FleetStack("unread", problems=("it is gone",)), *more], origin)


@pytest.fixture
def page(visit: Visit) -> Any:
    return visit(page_of())


def shown(page: Any) -> list[str]:
    return page.locator("#fleet tbody tr:visible th").all_inner_texts()  # type: ignore[no-any-return]


def ask(page: Any, who: str, ports: str) -> dict[str, list[str]]:
    """Each verdict with the stacks that have it."""
    page.locator("#who").fill(who)
    page.locator("#ports").fill(ports)
    page.locator("#ports").press("Enter")
    return page.evaluate(  # type: ignore[no-any-return]
        """() => Object.fromEntries([...document.querySelectorAll("#answer .verdict")].map((one) => [
            one.querySelector("strong").textContent,
            [...one.nextElementSibling.querySelectorAll("a")].map((link) => link.textContent)]))"""
    )


QUESTIONS = [
    ("198.51.100.7", "tcp/22"),
    ("198.51.3.9", "udp/5060"),
    ("anywhere", "udp/50000-60000"),
    ("0.0.0.0/0", "tcp/7881"),
    ("10.1.2.3", "udp/50008"),
    ("operators", "tcp/22"),
    ("load-balancer", "tcp/7880"),
    ("203.0.113.9", "tcp/3306"),
]


def test_the_stacks_that_let_somebody_in_are_those_of_explain(page: Any) -> None:
    deployments = {name: read_deployment(given, Path()) for name, given in STACKS.items()}
    words = {"allowed": "Yes", "partly allowed": "In part", "denied": "No"}
    for asked in QUESTIONS:
        verdicts = {name: words[explain(one, question(*asked)).verdict] for name, one in deployments.items()}
        expected = {word: [name for name, one in verdicts.items() if one == word] for word in verdicts.values()}
        assert ask(page, *asked) == {**expected, "Not known": ["unread"]}, asked


def test_an_answer_says_why_and_leads_to_the_stack(page: Any) -> None:
    ask(page, "198.51.100.7", "tcp/22")
    key = "key operators.ssh_port"
    assert page.locator("#answer .because").first.locator("li").all_inner_texts() == [
        f"host: SSH on tcp/22 from anywhere: loading the ruleset must not lock its operator out; {key}",
        f"office: SSH on tcp/22 from 198.51.100.0/24: administration, for operators (operators.cidrs); {key}",
    ]  # fmt: skip
    page.locator("#answer").get_by_role("link", name="office").click()
    opened = page.locator("details.stack[open]")
    assert opened.locator("h3").all_inner_texts() == ["office"]
    assert opened.get_by_text("3 ways in, none open to the internet").is_visible()
    assert page.evaluate("document.activeElement.id") == "stack-3"
    opened.locator("summary").first.click()
    page.locator("#answer").get_by_role("link", name="office").click()
    assert page.locator("details.stack[open]").count() == 1


def test_a_mistake_in_the_question_is_said_at_its_field(page: Any) -> None:
    page.locator("#who").fill("nobody")
    page.locator("#ports").fill("tcp/22")
    page.locator("#ports").press("Enter")
    assert page.locator("#answer .mistake").inner_text().startswith("nobody is not an address")
    assert page.locator("[aria-invalid=true]").get_attribute("id") == "who"


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("198.51.8.0", ["everything"]),  # folded in its stack
        ("aws", ["office", "two-firewalls"]),
        ("GONE", ["unread"]),
        ("ssh host", ["host", "two-firewalls", "everything"]),
        ("<b>", []),
    ],
)
def test_the_search_looks_at_all_of_a_stack(page: Any, search: str, found: list[str]) -> None:
    page.locator("#search").fill(search)
    assert sorted(shown(page)) == sorted(found)
    assert sorted(page.locator("details.stack:visible h3").all_inner_texts()) == sorted(found)
    assert page.locator("#count").inner_text() == f"{len(found)} of 5 rows"
    assert page.locator("#none").is_visible() is (found == [])


def test_filters_narrow_together_and_clear_at_once(page: Any) -> None:
    page.get_by_label("Platform").select_option("AWS")
    assert shown(page) == ["office", "two-firewalls"]
    page.get_by_label("Platform").select_option("")
    page.get_by_label("With errors or warnings only").check()
    assert "unread" in shown(page)
    assert "everything" in shown(page)
    page.get_by_role("button", name="Clear").click()
    assert shown(page) == [*STACKS, "unread"]


@pytest.mark.matrix
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1200, 360])
def test_axe_finds_nothing_in_either_scheme_wide_or_narrow(visit: Visit, scheme: str, width: int) -> None:
    page = visit(page_of(), color_scheme=scheme, size=(width, 800))
    ask(page, "198.51.100.7", "tcp/22")
    for details in page.locator("details.stack > summary").all():
        details.click()
    assert judged(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_javascript_every_stack_is_there_and_a_link_unfolds_it(visit: Visit) -> None:
    page = visit(page_of(), java_script_enabled=False)
    assert shown(page) == [*STACKS, "unread"]
    assert page.locator("button:visible, input:visible, select:visible").count() == 0
    page.locator("#fleet").get_by_role("link", name="office").click()
    assert page.locator("#stack-3").is_visible()


def test_paper_shows_every_stack_unfolded_and_no_controls(page: Any) -> None:
    page.locator("#search").fill("office")
    page.emulate_media(media="print")
    assert shown(page) == [*STACKS, "unread"]
    assert page.get_by_text("198.51.8.0/24").first.is_visible()
    assert page.locator("button:visible, input:visible, select:visible").count() == 0


def test_hostile_names_are_shown_and_do_nothing(visit: Visit) -> None:
    hostile = [one for text in HOSTILE for one in (stack(text, {}), FleetStack(text, problems=(text,)))]
    page = visit(page_of(*hostile), reduced_motion="reduce")  # 20 links: to scroll there smoothly costs two seconds
    ask(page, "anywhere", "tcp/7881")
    said = [text if text.isprintable() else text.encode("unicode_escape").decode() for text in HOSTILE]
    assert page.locator("#answer a").all_text_contents()[-len(said) :] == said
    for link in page.locator("#answer a").all()[-len(said) :]:
        link.click()
    assert page.locator("details.stack[open] h3").all_text_contents() == said
    assert page.locator("details.stack[open] .problems li").all_text_contents() == said
    assert page.evaluate("typeof hacked") == "undefined"
    assert page.locator("img, iframe, main script").count() == 0


def test_200_stacks_are_searched_and_asked(visit: Visit) -> None:
    many = [stack(f"node-{n}", {"operators": {"cidrs": [f"192.0.2.{n}/32"]}}) for n in range(200)]
    page = visit(fleet_html(many, Origin()))
    page.locator("#search").fill("192.0.2.17/32")
    assert shown(page) == ["node-17"]
    assert ask(page, "192.0.2.18", "tcp/22")["Yes"] == ["node-18"]
    assert page.locator("#answer .verdict").all_inner_texts() == [
        "Yes in 1 of 200: tcp/22 from 192.0.2.18/32",
        "No in 199 of 200: tcp/22 from 192.0.2.18/32",
    ]

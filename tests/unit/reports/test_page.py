"""The page of `exposure --html` as a text: the same bytes for the same input, nothing loaded from elsewhere, and no
text of somebody else's as markup. What it does is judged in a browser: tests/browser.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from base64 import b64encode
from functools import cache
from hashlib import sha256
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livekit_firewall.deployment.derive import read_deployment
from livekit_firewall.deployment.listener import Listener
from livekit_firewall.deployment.outbound import Need
from livekit_firewall.model.addresses import Peer
from livekit_firewall.model.errors import Finding, Place
from livekit_firewall.model.ports import PortRange, Protocol
from livekit_firewall.model.rules import Reason, Rule, RuleSet
from livekit_firewall.model.services import Audience, Service
from livekit_firewall.platforms.facts import Baseline
from livekit_firewall.reports.exposure.expose import expose
from livekit_firewall.reports.exposure.exposure import Exposure, ReachableService
from livekit_firewall.reports.exposure.page import LONGEST, html, source

from ..argument_strategies import valid_arguments
from ..strategies import few_examples

ROOT = Path(__file__).resolve().parents[3]
GIVEN: dict[str, Any] = {
    "https": True,
    "sip": {},
    "trunks": ["198.51.100.0/24"],
    "operators": {"cidrs": ["203.0.113.0/28"]},
    "host": {},
}


class Read(HTMLParser):
    """The tags with their attributes, and the texts, as Python's own parser of HTML finds them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, str] = {}
        self._open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open.append(f"{tag} {dict(attrs).get('type', '')}".strip())

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop().partition(" ")[0] != tag:
            pass  # an element without an end, such as meta

    def handle_data(self, data: str) -> None:
        if self._open:
            self.texts[self._open[-1]] = self.texts.get(self._open[-1], "") + data

    @property
    def policy(self) -> str:
        return next(str(given["content"]) for tag, given in self.tags if given.get("http-equiv"))


def page_of(given: dict[str, Any]) -> str:
    deployment = read_deployment(given, Path())
    return html(expose(deployment), deployment.rules)


def test_the_same_input_gives_the_same_bytes_in_every_process() -> None:
    program = f"""import sys; from pathlib import Path
from livekit_firewall.deployment.derive import read_deployment
from livekit_firewall.reports.exposure.expose import expose
from livekit_firewall.reports.exposure.page import html
deployment = read_deployment({GIVEN}, Path())
sys.stdout.write(html(expose(deployment), deployment.rules))"""
    pages = [
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONPATH": str(ROOT / "components"), "PYTHONHASHSEED": seed, "LANG": "C"},
            capture_output=True, text=True, check=True, timeout=60,
        ).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    assert pages == [page_of(GIVEN)] * 2


@few_examples
@given(valid_arguments())
def test_a_page_holds_every_way_in_loads_nothing_and_is_ascii(arguments: dict[str, Any]) -> None:
    deployment = read_deployment(arguments, Path())
    exposed = expose(deployment)
    text = html(exposed, deployment.rules)
    found = Read(text)
    assert text.isascii()
    known = json.loads(found.texts["script application/json"])
    assert [(one["protocol"], one["first"], one["last"], one["peer"]) for one in known["rules"]] == [
        (str(rule.ports.protocol), rule.ports.first, rule.ports.last, str(rule.peer)) for rule in deployment.rules
    ]
    assert sum("data-public" in attributes for _, attributes in found.tags) == len(exposed.reached)
    assert {tag for tag, _ in found.tags} & {"link", "img", "iframe", "object", "embed", "base"} == set()
    for _, attributes in found.tags:
        assert not [
            name for name in attributes if name.startswith("on") or name in ("src", "srcset", "style", "action")
        ]
        assert (attributes.get("href") or "#").startswith("#")


def test_every_link_leads_to_something_on_the_page_and_every_id_is_there_once() -> None:
    tags = Read(page_of(GIVEN)).tags
    ids = [given["id"] for _, given in tags if "id" in given]
    assert len(ids) == len(set(ids))
    named = [given[key] for _, given in tags for key in ("href", "for", "aria-labelledby", "list") if key in given]
    described = [one for _, given in tags for one in (given.get("aria-describedby") or "").split()]
    assert {str(one).removeprefix("#") for one in [*named, *described]} <= set(ids)


def test_the_policy_lets_in_the_one_style_and_the_one_script_and_nothing_else() -> None:
    found = Read(page_of(GIVEN))
    style, script = (
        "sha256-" + b64encode(sha256(found.texts[name].encode()).digest()).decode() for name in ("style", "script")
    )
    assert found.policy.split("; ") == [
        "default-src 'none'",
        f"style-src '{style}'",
        f"script-src '{script}'",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ]
    assert [tag for tag, _ in found.tags].count("style") == 1
    assert [given.get("type") for tag, given in found.tags if tag == "script"] == ["application/json", None]


def test_style_and_script_load_nothing_and_make_no_markup_of_text() -> None:
    found = Read(page_of(GIVEN))
    assert not re.search(r"https?:|//[a-z]|url\(|@import|@font-face", found.texts["style"])
    assert not re.search(
        r"https?:|innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|Function\(|fetch|import",
        found.texts["script"],
    )


def page_that_says(text: str) -> tuple[Read, str]:
    """A page with this text in every field that holds one, and the page."""
    service, ports, place = Service.SSH, PortRange(Protocol.TCP, 22, 22), Place(text, text, 1)
    rule = Rule(ports, Peer.parse("0.0.0.0/0"), service, (Reason(text, text),))
    exposed = Exposure(
        reached=(ReachableService((rule,) * 8),),
        closed=(Listener(service, ports, frozenset(), text, True, Audience.NOBODY, place),),
        baselines={text: (Baseline(text, text),)},
        outbound=(Need(ports, text, text, text),),
        notes=(text,),
        findings=(Finding(text, "warning", place, text, f"do {text}"),),
    )
    page = html(exposed, RuleSet((rule,)))
    return Read(page), page


@cache
def harmless() -> Read:
    return page_that_says("QQQ")[0]


HOSTILE = [
    "</script>", "</code><script>alert(1)</script>", "<!--", "-->", "<script", "]]>", "</style><b onclick=x>", "\u202e",
    "\x00", "\ud800", "&lt;", "&#34;", "&#39;", "&amp;#34;", "&", '"', "'", '" onclick="x', "},{", "\\", "{{ 7*7 }}",
    "{% raw %}", "\u2028",
]  # fmt: skip


@few_examples
@given(st.text(min_size=1) | st.lists(st.sampled_from(HOSTILE), min_size=1).map("".join))
def test_any_text_in_every_field_stays_text(text: str) -> None:
    """The tags and attributes are those of a harmless text, and every text says what it said."""
    found, page = page_that_says(text)
    said = text if text.isprintable() else text.encode("unicode_escape").decode()
    assert page.isascii()
    assert found.tags == harmless().tags
    for name, told in harmless().texts.items():
        if name != "script application/json":
            assert found.texts[name] == told.replace("QQQ", said), name
    known = json.loads(found.texts["script application/json"])
    assert [known["rules"][0][key] for key in ("key", "reason")] == [said, said]
    assert known["closed"][0]["key"] == said


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_stays_text_in_every_field(text: str) -> None:
    test_any_text_in_every_field_stays_text.hypothesis.inner_test(text)  # type: ignore[attr-defined]


def test_a_text_of_a_megabyte_is_cut() -> None:
    assert len(page_that_says("x" * 1_000_000)[1]) < len(page_that_says("x")[1]) + 40 * LONGEST


def test_the_templates_escape_everything_and_quote_every_attribute() -> None:
    for name in ("page.html", "tables.html"):
        text = files("livekit_firewall.reports.exposure.page").joinpath(name).read_text(encoding="utf-8")
        assert not re.search(r"\|\s*safe|autoescape|Markup", text)
        assert not re.search(
            r"<[^>{%]*=(?!\")[^>]*>", re.sub(r"\{#.*?#\}|content=\"[^\"]*\"", "", text, flags=re.DOTALL)
        )


@pytest.mark.parametrize("text", ["</script>", "<!--", "caf\u00e9"])
def test_a_script_that_a_browser_would_read_otherwise_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be ASCII without"):
        source(text)


def test_the_engine_of_templates_is_loaded_for_the_page_alone() -> None:
    lines = [["rules", "--https"], ["exposure", "--https"], ["exposure", "--https", "--html"]]
    program = (
        "import sys; from livekit_firewall.cli.group import main\n"
        f"for line in {lines}:\n"
        "    try: main(line)\n"
        "    except SystemExit: print('jinja2' in sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": str(ROOT / "components")},
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert [one for one in done.stderr.split() if one in ("False", "True")] == ["False", "False", "True"]


@pytest.mark.parametrize(
    ("given", "headline"),
    [
        ({"livekit": False}, "Nobody reaches anything"),
        ({"livekit": False, "https": {"acme": False}}, "1 way in, open to the internet"),
        ({"livekit": False, "operators": {"cidrs": ["203.0.113.0/28"]}}, "1 way in, not open to the internet"),
        ({}, "2 ways in, all open to the internet"),
        ({"clients": {"cidrs": ["10.0.0.0/24"]}}, "2 ways in, none open to the internet"),
        ({"operators": {"cidrs": ["203.0.113.0/28"]}}, "3 ways in, 2 open to the internet"),
    ],
)
def test_the_headline_is_the_verdict(given: dict[str, Any], headline: str) -> None:
    assert f"<h1>{headline}</h1>" in page_of(given)

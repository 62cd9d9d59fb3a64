"""The picture as Mermaid's text: goldens, what it holds, and what no text in it can do.

That Mermaid draws it, and what is then to be seen, is for tests/browser/test_picture.py.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import readme_picture
from livekit_firewall.deployment.derive import read_deployment
from livekit_firewall.inputs.stack_config import arguments_from
from livekit_firewall.reports.exposure.flowchart import LOOKS, quoted, shown
from livekit_firewall.reports.exposure.picture import (
    LONGEST_TEXT,
    ClosedPort,
    Edge,
    Role,
    edges_of,
    fenced,
    mermaid,
    mermaid_of,
)

from ..argument_strategies import valid_arguments
from ..picture_strategies import HOSTILE, closed, edges, texts
from ..strategies import few_examples
from .test_exposure import SCENARIOS

ROOT = Path(__file__).parents[3]

CLIENTS = Edge("anywhere", Role.CLIENTS, "ICE/UDP", "udp/50000-60000")
CHANGE = [
    Edge("anywhere", Role.CLIENTS, "ICE/UDP", "udp/50000-60000", node="media"),
    Edge("anywhere", Role.CLIENTS, "ICE/TCP", "tcp/7881", "added", "media"),
    Edge("anywhere", Role.INTERNET, "API", "tcp/7880", "added", "media", internal=True),
    Edge("203.0.113.0/24", Role.OPERATORS, "SSH", "tcp/22", "removed", "media"),
    Edge("anywhere", Role.CLIENTS, "HTTPS", "tcp/443", node="proxy"),
    Edge("198.51.100.0/28", Role.TRUNKS, "SIP", "tcp/5060", "changed", "proxy"),
    Edge("198.51.100.0/28", Role.TRUNKS, "SIP", "udp/5060", "changed", "proxy"),
    Edge("sg-0123", Role.OTHER, "", "tcp/9000", node="proxy"),
]
SHUT = [ClosedPort("Redis", "tcp/6379", "proxy"), ClosedPort("API", "tcp/7880", "proxy")]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_picture_of_a_deployment(scenario: str, golden: Callable[[str, str, Any], None]) -> None:
    golden("picture", scenario, mermaid_of(read_deployment(SCENARIOS[scenario], ROOT)) + "\n")


@pytest.mark.parametrize("stack", ["local", "aws-example"])
def test_the_picture_of_a_stack(stack: str, golden: Callable[[str, str, Any], None]) -> None:
    config = yaml.safe_load((ROOT / "stacks" / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8"))["config"]
    golden("picture", stack, mermaid_of(read_deployment(arguments_from(config), ROOT)) + "\n")


def test_the_picture_of_a_change(golden: Callable[[str, str, Any], None]) -> None:
    golden("picture", "change", mermaid(CHANGE, SHUT) + "\n")


def test_the_picture_in_the_readme_is_what_the_program_draws() -> None:
    assert readme_picture.README.read_text(encoding="utf-8") == readme_picture.readme()


def test_nothing_is_a_picture_too() -> None:
    assert '["nobody reaches anything"]' in mermaid([])


def test_the_same_edges_make_the_same_picture_in_whatever_order_they_come() -> None:
    shuffled, shut = [*CHANGE, *CHANGE], [*SHUT, *SHUT]
    for seed in range(20):
        random.Random(seed).shuffle(shuffled)
        random.Random(seed).shuffle(shut)
        assert mermaid(shuffled, shut) == mermaid(CHANGE, SHUT)


def test_ports_of_one_service_share_an_arrow_and_stand_in_their_order() -> None:
    ports = ["udp/7881", "tcp/7880", "tcp/443", "tcp/5349", "udp/7882"]
    picture = mermaid([Edge("anywhere", Role.CLIENTS, "ICE/UDP", one) for one in ports])
    assert picture.count("-->") == 1
    assert '|"tcp/443\ntcp/5349\ntcp/7880\nand 2 more"|' in picture


@pytest.mark.parametrize(
    ("state", "arrow"), [("added", '==>|"added\n'), ("removed", '-.->|"removed\n'), ("changed", '-->|"changed\n')]
)
def test_a_change_differs_by_line_colour_and_word(state: Any, arrow: str) -> None:
    picture = mermaid([CLIENTS, Edge("anywhere", Role.CLIENTS, "ICE/TCP", "tcp/7881", state)])
    assert picture.count(arrow) == 1
    assert f"\nlinkStyle 1 {LOOKS[state].style}" in picture
    assert "and what changes" in picture


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("page", ["#ffffff", "#0d1117", "#18171d"])
@pytest.mark.parametrize("state", ["added", "changed", "removed"])
def test_colours_stand_out_on_light_and_dark_pages(state: Any, page: str) -> None:
    colour = re.search(r"stroke:(#[0-9a-f]{6})", LOOKS[state].style)
    assert colour
    dark, light = sorted([luminance(colour[1]), luminance(page)])
    assert (light + 0.05) / (dark + 0.05) >= 3  # WCAG 1.4.11


def many(states: list[Any], nodes: int = 1) -> list[Edge]:
    return [
        Edge(
            f"10.0.{number}.0/24", Role.OTHER, f"service {number}", f"tcp/{number + 1}", state, f"node {number % nodes}"
        )
        for number in range(60)
        for state in states
    ]


def test_the_unchanged_are_merged_first_where_there_are_too_many() -> None:
    picture = mermaid([*many(["same"]), *CHANGE[1:4]])
    assert picture.count("-->|") == 1
    assert '"others\n10.0.0.0/24\n10.0.1.0/24\nand 58 more"' in picture
    assert picture.count("==>|") == 2
    assert picture.count("-.->|") == 1


def test_what_has_no_arrow_is_counted_and_changes_stay_longest() -> None:
    picture = mermaid(many(["same", "added"], nodes=60), most=60)
    assert picture.count("==>|") == 60
    assert '["and 60 more"]' in picture


def test_more_closed_ports_than_a_box_holds_are_counted() -> None:
    picture = mermaid([], [ClosedPort("Internal", f"tcp/{port}") for port in range(9000, 9020)])
    assert '"closed to others\ntcp/9000 Internal\n' in picture
    assert 'tcp/9007 Internal\nand 12 more"]' in picture


@few_examples
@given(st.lists(edges(), max_size=80), st.lists(closed(), max_size=20), st.integers(1, 50))
def test_no_picture_is_larger_than_asked_or_than_mermaid_takes(
    some: list[Edge], shut: list[ClosedPort], most: int
) -> None:
    picture = mermaid(some, shut, most)
    assert len(re.findall(r"^p\d+ \S", picture, re.MULTILINE)) <= most
    assert len(picture) <= LONGEST_TEXT


@pytest.mark.parametrize("text", ['"' * 1_000_000, "😀" * 1_000_000, "a " * 500_000])
def test_a_megabyte_is_cut_to_a_line(text: str) -> None:
    picture = mermaid([Edge(text, Role.OTHER, text, text, node=text)], [ClosedPort(text, text, text)])
    assert len(picture) < 10_000


# What our own lines look like: all else would be a stranger's. A quoted text has no quote in it.
TEXT = r'"[^"`<>{}|\[\]()\\]*"'
OURS = re.compile(
    rf"flowchart LR|accTitle: Who reaches which ports(, and what changes)?|end"
    rf"|p\d+\(\[{TEXT}\]\)|subgraph n\d+ \[{TEXT}\]|[sx]\d+\[{TEXT}\]"
    rf"|p\d+ (-->|==>|-\.->)(\|{TEXT}\|)? s\d+"
    rf"|linkStyle [\d,]+ stroke:#[0-9a-f]{{6}},stroke-width:\dpx"
    rf"|classDef (frame|apart) fill:none,stroke:#8c959f(,stroke-dasharray:5)?|class [nx\d,]+ (frame|apart)"
)


@few_examples
@given(st.lists(edges(), max_size=6), st.lists(closed(), max_size=3))
def test_no_text_begins_a_line_of_its_own_or_leaves_its_quotes(some: list[Edge], shut: list[ClosedPort]) -> None:
    picture = mermaid(some, shut)
    assert re.fullmatch(rf"(({OURS.pattern})\n)+", picture + "\n")
    for word in ("%%", "---", "click", "style ", "direction", "href", "fa:fa"):
        assert word not in re.sub(TEXT, "", picture)
    assert "```" not in picture
    assert all(char.isprintable() or char == "\n" for char in picture)
    assert fenced(picture).splitlines().count("```") == 1


@given(texts())
def test_entities_alone_stand_for_what_mermaid_would_take_for_more_than_text(text: str) -> None:
    line = shown(text)
    again = re.sub(r"#(\d+);", lambda code: chr(int(code[1])), quoted(line)[1:-1])
    assert again == line
    assert len(line) <= 110


@pytest.mark.parametrize(
    "text", ["203.0.113.0/24", "2001:db8::/32", "::/0", "udp/50000-60000", "ICE/UDP", "SIP trunks"]
)
def test_what_we_write_ourselves_stays_legible_in_the_text(text: str) -> None:
    assert quoted(text) == f'"{text}"'


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('say "hi"', "say #34;hi#34;"),
        ("#35;", "#35;35#59;"),
        ("1. one", "1#46; one"),
        ("www.example.com", "www#46;example#46;com"),
        ("https://x", "https#58;//x"),
        ("- item", "#45; item"),
        ("_em_", "#95;em#95;"),
        ("fa:fa-ban", "fa#58;fa-ban"),
        ("style", "#115;tyle"),
        ("classDef", "#99;lassDef"),
        ("direction TB", "#100;irection TB"),
        ("\ufb02\u00b0lt\u00b6\u00df", "fl#176;lt#65533;\u00df"),
        ("```", "#96;#96;#96;"),
        ("a\nb\u202ec", "a b#65533;c"),
    ],
)
def test_each_of_what_mermaid_acts_on_is_written_as_an_entity(text: str, written: str) -> None:
    assert quoted(shown(text)) == f'"{written}"'


@pytest.mark.parametrize("text", HOSTILE)
def test_a_line_is_one_line_of_what_can_be_seen(text: str) -> None:
    assert shown(text).isprintable()
    assert shown(shown(text)) == shown(text)


@few_examples
@given(valid_arguments())
def test_a_picture_shows_every_port_that_is_open(arguments: dict[str, Any]) -> None:
    deployment = read_deployment(arguments, ROOT)
    picture = mermaid_of(deployment)
    for rule in deployment.rules.ingress:
        assert str(rule.ports) in picture or "more" in picture


def test_each_rule_shows_its_kind_of_source() -> None:
    arguments = yaml.safe_load(readme_picture.EXAMPLE.read_text(encoding="utf-8"))
    picture = mermaid_of(read_deployment(arguments, readme_picture.EXAMPLE.parent))
    assert re.findall(r'p\d\(\["([^"]*)"\]\)', picture) == [
        "clients\nanywhere",
        "load balancer\n10.0.0.0/24",
        "SIP trunks\n198.51.100.0/28",
        "operators\n203.0.113.0/24",
        "cluster\n192.0.2.0/29",
    ]


def test_ssh_that_the_host_leaves_open_is_shown() -> None:
    host = mermaid_of(read_deployment({"host": {}}, ROOT))
    assert '"the internet"' in host
    assert '"tcp/22"' in host
    behind = {"host": {}, "aws": {"vpc_id": "vpc-1"}}
    for given_ in ({**behind}, {"host": {}, "operators": {"cidrs": ["203.0.113.0/24"]}}, {"aws": behind["aws"]}):
        assert '"the internet"' not in mermaid_of(read_deployment(given_, ROOT))
    assert '"the internet\n0.0.0.0/0"' in mermaid_of(read_deployment({"host": {}, "ipv6": False}, ROOT))


def test_relay_ports_that_ice_opens_are_not_drawn_as_closed(tmp_path: Path) -> None:
    (tmp_path / "livekit.yaml").write_text(
        "rtc: {port_range_start: 30000, port_range_end: 60000}\n"
        "turn: {enabled: true, domain: turn.example.com, udp_port: 3478}\n"
    )
    deployment = read_deployment({"livekit_config": "livekit.yaml"}, tmp_path)
    _, shut = edges_of(deployment)
    assert "TURN relay" not in {one.service for one in shut}

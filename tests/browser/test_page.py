"""The page of `exposure --html` in a real browser: search, filters, keyboard, paper, dark mode, no script, and
content that means no good. axe-core judges accessibility.

Not proved here: other browsers than Chromium, and what a screen reader says; axe judges the markup that one reads.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from livekit_firewall.deployment.derive import read_deployment
from livekit_firewall.deployment.outbound import Need
from livekit_firewall.model.addresses import Peer
from livekit_firewall.model.errors import Finding, Place
from livekit_firewall.model.ports import PortRange, Protocol
from livekit_firewall.model.rules import Reason, Rule, RuleSet
from livekit_firewall.model.services import Service
from livekit_firewall.reports.exposure.expose import expose
from livekit_firewall.reports.exposure.exposure import Exposure, ReachableService
from livekit_firewall.reports.exposure.page import html

from .conftest import Visit
from .pages import EVERYTHING, page_of

pytestmark = pytest.mark.needs("browser")

SHOWN = """() => [...document.querySelectorAll("#ways-in tbody tr")].filter((row) => row.checkVisibility()).map(
    (row) => `${row.cells[0].textContent} ${row.cells[1].textContent}`)"""
TABLE = [
    "API tcp/7880",
    "ICE/UDP udp/50000-60000",
    "ICE/TCP tcp/7881",
    "TURN/UDP udp/3478",
    "TURN relay udp/30000-40000",
    "SIP tcp/5060",
    "SIP udp/5060",
    "SIP RTP udp/10000-20000",
    "RTMP tcp/1935",
    "WHIP tcp/8080",
    "WHIP ICE/UDP udp/7885",
    "SSH tcp/2222",
    "Redis tcp/6379",
]


@pytest.fixture
def page(visit: Visit) -> Any:
    return visit(page_of(EVERYTHING))


def test_the_headline_counts_what_the_table_shows(page: Any) -> None:
    assert page.evaluate(SHOWN) == TABLE
    assert page.locator("h1").inner_text() == "13 ways in, 6 open to the internet"
    assert page.locator("#ways-in .public:visible").count() == 6
    assert set(page.locator("#ways-in .public").all_inner_texts()) == {"open to the internet"}


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("turn", ["TURN/UDP udp/3478", "TURN relay udp/30000-40000"]),
        ("SIP rtp_port", ["SIP RTP udp/10000-20000"]),
        ("198.51.8.0", ["SIP tcp/5060", "SIP udp/5060", "SIP RTP udp/10000-20000"]),  # folded in the table
        ("same group redis", ["Redis tcp/6379"]),
        ("  ", TABLE),
        ("<b>", []),
    ],
)
def test_the_search_keeps_the_rows_with_every_word_and_says_how_many(page: Any, search: str, found: list[str]) -> None:
    page.locator("#search").fill(search)
    assert page.evaluate(SHOWN) == found
    assert page.locator("#count").inner_text() == f"{len(found)} of 13 rows"
    assert page.locator("#count").get_attribute("aria-live") == "polite"
    assert page.locator("#none").is_visible() is (found == [])


def test_filters_narrow_together_and_clear_at_once(page: Any) -> None:
    page.get_by_label("Protocol").select_option("TCP")
    page.get_by_label("Open to the internet only").check()
    assert page.evaluate(SHOWN) == ["ICE/TCP tcp/7881", "RTMP tcp/1935", "SSH tcp/2222"]
    page.get_by_label("Service").select_option("SSH")
    assert page.evaluate(SHOWN) == ["SSH tcp/2222"]
    page.get_by_label("Search").fill("redis")
    assert page.locator("#count").inner_text() == "0 of 13 rows"
    page.get_by_role("button", name="Show all").click()
    assert page.evaluate(SHOWN) == TABLE
    assert page.evaluate("document.activeElement.id") == "search"


def test_the_keyboard_alone_reaches_everything_sees_where_it_is_and_gets_out_again(visit: Visit) -> None:
    page = visit(page_of(EVERYTHING), reduced_motion="reduce")  # a page that still scrolls is hard to judge
    stops = []
    for _ in range(60):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            """() => { const one = document.activeElement; return one === document.body ? null :
               [one.id || one.getAttribute("href") || one.tagName, getComputedStyle(one).outlineStyle,
                one.getBoundingClientRect().top >= 0]; }"""
        )
        if stop is None:
            break
        stops.append(stop)
    assert [name for name, *_ in stops] == [
        "#reached", "#reached", "#closed", "#besides", "#outbound", "#notes", "#findings",
        "who", "ports", "BUTTON", "search", "service", "protocol", "public", "clear",
        "SUMMARY", "SUMMARY", "SUMMARY",
    ]  # fmt: skip
    assert {(outline != "none", visible) for _, outline, visible in stops} == {(True, True)}


def test_a_question_is_asked_and_answered_without_a_mouse(page: Any) -> None:
    page.locator("#who").focus()
    page.keyboard.type("198.51.3.9")
    page.keyboard.press("Tab")
    page.keyboard.type("udp/5060")
    page.keyboard.press("Enter")
    assert [line for line in page.locator("#answer").inner_text().splitlines() if line] == [
        "Yes allowed: udp/5060 from 198.51.3.9/32",
        "SIP on udp/5060 from 198.51.3.0/24: SIP signalling, for SIP trunks (trunks); key sip.sip_port",
    ]
    assert page.locator("#answer").get_attribute("aria-live") == "polite"


@pytest.mark.parametrize(
    ("who", "ports", "says"),
    [
        ("203.0.113.9", "tcp/5060", "SIP on tcp/5060 is open to 198.51.0.0/24 and not to this peer; key sip.sip_port"),
        ("203.0.113.9", "tcp/9090", "Internal on tcp/9090 is closed: bound to loopback; key ingress.http_relay_port"),
        ("203.0.113.9", "tcp/23", "No service of this configuration listens there."),
    ],
)
def test_a_denial_says_why(page: Any, who: str, ports: str, says: str) -> None:
    page.locator("#who").fill(who)
    page.locator("#ports").fill(ports)
    page.get_by_role("button", name="Answer").click()
    assert page.locator("#answer .verdict").inner_text() == f"No denied: {ports} from {who}/32"
    assert page.locator("#answer .because li").first.inner_text() == says


def test_what_is_not_known_says_on_what_it_depends(page: Any) -> None:
    page.locator("#who").fill("203.0.113.9")
    page.locator("#ports").fill("tcp/7879-7880")
    page.get_by_role("button", name="Answer").click()
    assert [line for line in page.locator("#answer").inner_text().splitlines() if line] == [
        "Depends not known: tcp/7879-7880 from 203.0.113.9/32",
        "API on tcp/7880 is open to same group and to this peer only if it is one of them; key port",
        "Denied", "tcp/7879 from 203.0.113.9/32", "Not known", "tcp/7880 from 203.0.113.9/32",
    ]  # fmt: skip


def test_the_skip_link_leads_to_the_table(page: Any) -> None:
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "reached"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "search"


@pytest.mark.matrix
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1200, 360])
def test_axe_finds_nothing_in_either_scheme_wide_or_narrow_whatever_is_shown(
    visit: Visit, scheme: str, width: int
) -> None:
    page = visit(page_of(EVERYTHING), color_scheme=scheme, size=(width, 800))
    is_dark = page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 29)"
    assert is_dark is (scheme == "dark")
    assert judged(page) == []
    for who, ports in [("anywhere", "udp/50000"), ("anywhere", "tcp/1-99"), ("0.0.0.0/0", "udp/1-65535"), ("?", "")]:
        page.locator("#who").fill(who)
        page.locator("#ports").fill(ports)
        page.locator("#ports").press("Enter")
        assert judged(page, "#ask") == []
    for folded in page.locator("summary:visible").all():
        folded.click()
    page.locator("#search").fill("nothing that is there")
    assert judged(page) == []


def judged(page: Any, part: str | None = None) -> list[str]:
    """What axe objects to in the page or a part of it, and where it cannot tell contrast."""
    from axe_playwright_python.sync_playwright import Axe

    axe = Axe() if page.evaluate("typeof axe") == "undefined" else Axe("")  # half a megabyte to compile
    found = axe.run(page, part, options={"resultTypes": ["violations", "incomplete"]}).response
    untold = [one for one in found["incomplete"] if one["id"] == "color-contrast"]
    return [f"{one['id']}: {node['html'][:200]}" for one in [*found["violations"], *untold] for node in one["nodes"]]


def test_axe_sees_pale_text(visit: Visit) -> None:
    """The judge itself: the same page with a colour that is too light."""
    page = visit(page_of(EVERYTHING), bypass_csp=True)
    page.add_style_tag(content=".lead { color: #bbb !important }")
    assert [line.partition(":")[0] for line in judged(page)] == ["color-contrast"]


def test_paper_shows_every_row_and_every_folded_address_but_no_controls(page: Any) -> None:
    page.locator("#search").fill("redis")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(SHOWN) == TABLE
    assert page.get_by_text("198.51.8.0/24").first.is_visible()
    assert page.locator("button:visible, input:visible, select:visible, summary:visible, nav:visible").count() == 0
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_printing_unfolds_and_folds_again(page: Any) -> None:
    folded = "[...document.querySelectorAll('details')].map((one) => one.open)"
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert set(page.evaluate(folded)) == {True}
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert set(page.evaluate(folded)) == {False}


def test_without_javascript_the_table_is_there_and_the_controls_are_not(visit: Visit) -> None:
    page = visit(page_of(EVERYTHING), java_script_enabled=False)
    rows = page.locator("#ways-in tbody tr:visible")
    assert [" ".join(row.locator("th, td").all_inner_texts()[:2]) for row in rows.all()] == TABLE
    assert page.locator("button:visible, input:visible, select:visible").count() == 0
    assert not page.get_by_text("Can X reach Y?").is_visible()


def test_less_motion_is_none(visit: Visit) -> None:
    moves = """["html", ".skip"].map((one) => getComputedStyle(document.querySelector(one))).map(
        (style) => `${style.scrollBehavior} ${style.transitionDuration}`)"""
    assert visit(page_of(EVERYTHING), reduced_motion="reduce").evaluate(moves) == ["auto 0s", "auto 0s"]
    assert visit(page_of(EVERYTHING), reduced_motion="no-preference").evaluate(moves) == ["smooth 0s", "auto 0.15s"]


@pytest.mark.parametrize("width", [320, 700, 800, 1400])
def test_nothing_sticks_out_at_any_width(visit: Visit, width: int) -> None:
    for text in (page_of(EVERYTHING), hostile_page("k" * 5000)):
        page = visit(text, size=(width, 800))
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_narrow_table_is_still_a_table_for_those_who_cannot_see_it(visit: Visit) -> None:
    page = visit(page_of(EVERYTHING), size=(360, 800))
    table = page.get_by_role("table", name="Each service that another machine reaches")
    assert page.evaluate("getComputedStyle(document.querySelector('#ways-in tr')).display") == "block"
    assert table.get_by_role("row").count() == len(TABLE) + 1
    assert table.get_by_role("rowheader", name="TURN relay").count() == 1


HOSTILE = [
    "</script><script>hacked = 1</script>",
    "<img src=x onerror=hacked=1>",
    '"><img src=https://example.com/x onerror=hacked=1>',
    "<!--<script>",
    "]]></style><style>*{display:none}</style>",
    "javascript:hacked=1",
    "\u202e3306/pct\u2066\u200f",
    "\x1b[31mred\x00\u2028",
    "${hacked = 1}{{hacked}}",
    "\ud800",
]


def hostile_page(text: str) -> str:
    """A page with the text wherever foreign text can be."""
    rule = Rule(PortRange.tcp(443), Peer.anywhere(), Service.HTTPS, (Reason(text, f"because {text}"),))
    place = Place(text, file=text)
    listener = read_deployment({}, Path()).listeners[0]
    exposed = replace(
        expose(read_deployment({"livekit": False}, Path())),
        reached=(ReachableService((rule,)),),
        closed=(replace(listener, key=text),),
        outbound=(Need(PortRange(Protocol.TCP, 6379, 6379), text, text, text),),
        notes=(text,),
        findings=(Finding("a-finding", "warning", place, text, text),),
    )
    assert isinstance(exposed, Exposure)
    return html(exposed, RuleSet.of([rule]))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_shown_and_do_nothing(visit: Visit, text: str) -> None:
    page = visit(hostile_page(text))
    page.locator("#who").fill("203.0.113.7")
    page.locator("#ports").fill("tcp/443")
    page.locator("#ports").press("Enter")
    shown = text if text.isprintable() else text.encode("unicode_escape").decode()
    assert page.locator("#ways-in td code").all_text_contents() == ["tcp/443", "anywhere", shown]
    assert page.locator("#answer .because").text_content().endswith(f"because {shown}; key {shown}")
    assert page.evaluate("typeof hacked") == "undefined"
    assert page.locator("img, iframe, body style, main script").count() == 0
    assert page.locator("script").count() == 2
    assert all(one.isprintable() for one in page.evaluate("document.documentElement.textContent").splitlines())


@pytest.mark.parametrize(
    "injected",
    [
        "<script>hacked = 1</script>",
        '<img src="x" onerror="hacked = 1">',
        '<script src="https://example.com/x.js"></script>',
        '<iframe srcdoc="<script>parent.hacked = 1</script>"></iframe>',
        '<link rel="stylesheet" href="https://example.com/x.css">',
    ],
)
def test_the_policy_stops_what_a_mistake_in_escaping_would_let_in(visit: Visit, injected: str) -> None:
    page = visit(page_of(EVERYTHING).replace("<h1>", f"{injected}<h1>"))
    assert page.evaluate("typeof hacked") == "undefined"
    assert page.evaluate(SHOWN) == TABLE
    assert visit.refused()


def test_a_script_that_wants_to_make_markup_of_text_is_refused(visit: Visit) -> None:
    page = visit(page_of(EVERYTHING))
    refused = page.evaluate(
        "() => { try { document.body.innerHTML = '<b>x</b>' } catch (error) { return error.name } }"
    )
    assert refused == "TypeError"
    assert visit.refused()


def test_a_page_of_nothing_says_so(visit: Visit) -> None:
    page = visit(page_of({"livekit": False}))
    assert page.locator("h1").inner_text() == "Nobody reaches anything"
    assert page.locator("main section:visible h2").all_inner_texts() == ["Can X reach Y?", "Who can reach what"]
    assert judged(page) == []

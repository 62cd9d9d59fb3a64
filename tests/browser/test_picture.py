"""The pictures, drawn by Mermaid itself, in the versions that tools/mermaid pins.

What is on the drawing must be the texts that were put in, and nothing else: a label is never a link, an icon, HTML,
Markdown or a directive.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from livekit_firewall.deployment.derive import read_deployment
from livekit_firewall.reports.exposure.picture import ClosedPort, Edge, Role, mermaid, mermaid_of

from ..unit.argument_strategies import valid_arguments
from ..unit.picture_strategies import HOSTILE, closed, edges

pytestmark = pytest.mark.needs("browser", "mermaid")

ROOT = Path(__file__).parents[2]
# Milliseconds each, in three versions.
few = settings(max_examples=min(40, settings().max_examples), deadline=None)

# As both sites do: strict, HTML labels, the theme by the reader's own. Mermaid's limits are its defaults.
DRAW = """async (picture) => {
  mermaid.initialize({
    startOnLoad: false, securityLevel: "strict", flowchart: {useMaxWidth: true, htmlLabels: true},
  });
  const place = document.getElementById("place");
  const {svg} = await mermaid.render("picture", picture);
  place.innerHTML = svg;
  const texts = (selector) => [...place.querySelectorAll(selector)].map((one) => one.innerText);
  const all = [...place.querySelectorAll("*")];
  return {
    boxes: texts(".node .nodeLabel"),
    frames: texts(".cluster .nodeLabel"),
    labels: texts(".edgeLabels foreignObject > div").filter((text) => text.trim()),
    arrows: place.querySelectorAll(".edgePaths path").length,
    thick: place.querySelectorAll(".edgePaths path.edge-thickness-thick").length,
    dotted: place.querySelectorAll(".edgePaths path.edge-pattern-dotted").length,
    title: place.querySelector("svg > title").textContent,
    caption: (place.querySelector("svg > text") || {}).textContent,
    tags: [...new Set(all.map((one) => one.localName))],
    attributes: [...new Set(all.flatMap((one) => [...one.attributes].map((two) => two.name)))],
    inline: [...new Set(all.filter((one) => one.closest(".label, .nodeLabel")).map((one) => one.localName))],
    theme: mermaid.mermaidAPI.getConfig().theme,
    security: mermaid.mermaidAPI.getConfig().securityLevel,
  };
}"""

# What a label is made of in the three versions.
PLAIN = {"g", "rect", "foreignObject", "foreignobject", "div", "span", "p", "br"}


class Sheet:
    """A page of its own with one version of Mermaid, which reaches no network, for one drawing after the other.

    Attributes:
        happened: what a drawing did besides being there: errors, dialogs, requests, pages that it went to or opened.
    """

    def __init__(self, page: Any, build: str) -> None:
        self.happened: list[str] = []
        page.set_content("<!doctype html><meta charset=utf-8><div id=place></div>")
        page.add_script_tag(content=build)
        self._page = page
        page.on("pageerror", lambda error: self.happened.append(str(error)))
        page.on("dialog", self._dismiss)
        for event in ("request", "popup", "framenavigated"):
            page.on(event, lambda one: self.happened.append(one.url))

    def _dismiss(self, dialog: Any) -> None:
        self.happened.append(dialog.message)
        dialog.dismiss()

    def draw(self, picture: str) -> dict[str, Any]:
        return self._page.evaluate(DRAW, picture)  # type: ignore[no-any-return]


@pytest.fixture(scope="module", params=["10", "11", "12"])
def sheet(request: pytest.FixtureRequest, browser: Any, mermaid_builds: Path) -> Iterator[Sheet]:
    context = browser.new_context(offline=True)
    build = (mermaid_builds / f"mermaid-{request.param}.js").read_text(encoding="utf-8")
    made = Sheet(context.new_page(), build)
    yield made
    context.close()
    assert made.happened == []


def drawn(sheet: Sheet, picture: str) -> dict[str, Any]:
    """The drawing as data. A picture that Mermaid cannot parse fails here, with its message."""
    picture.encode()  # what cannot be written to a file cannot be posted
    shown = sheet.draw(picture)
    happened, sheet.happened[:] = sheet.happened[:], []
    assert happened == []
    for key in ("boxes", "frames", "labels"):
        shown[key] = sorted(lines(text) for text in shown[key])
    assert not {"script", "img", "image", "a", "iframe", "i", "b", "em", "strong", "code", "math"} & set(shown["tags"])
    assert [name for name in shown["attributes"] if name.startswith("on") or name.endswith(("href", "src"))] == []
    assert set(shown["inline"]) <= PLAIN
    assert (shown["theme"], shown["security"]) == ("default", "strict")
    return shown


def lines(text: str) -> str:
    return "\n".join(line for line in (" ".join(line.split()) for line in text.split("\n")) if line)


def line(text: str) -> str:
    """What a text is on a label, said once more and apart from the code under test."""
    words = " ".join(text[:880].split())
    for placeholder, instead in (("\ufb02", "fl"), ("\u00b6", "\ufffd")):  # of Mermaid's own
        words = words.replace(placeholder, instead)
    visible = "".join(char if char.isprintable() else "\ufffd" for char in words)
    return visible if len(visible) <= 110 and len(text) <= 880 else visible[:109].rstrip() + "…"


def source_of(edge: Edge) -> str:
    who, part = line(edge.who), edge.role.value
    said = {"", part, "anywhere"} if edge.role is Role.INTERNET else {"", part}
    return part if who in said else f"{part}\n{who}"


def expected(given: list[Edge]) -> dict[str, list[str]]:
    """The texts of a drawing on which nothing is merged."""
    sources = {(line(edge.node), source_of(edge)) for edge in given}
    targets = {
        (line(edge.node), edge.role, (line(edge.service) or "not known") + (", internal" if edge.internal else ""))
        for edge in given
    }
    labels = [lines(f"{'' if edge.state == 'same' else edge.state}\n{line(edge.ports)}") for edge in given]
    return {
        "boxes": sorted(text for *_, text in [*sources, *targets]),
        "frames": sorted({line(edge.node) or "not named" for edge in given}),
        "labels": sorted(label for label in labels if label),
    }


def one_arrow(edge: Edge) -> object:
    """Edges that differ in this are not merged while there is room."""
    what = line(edge.service) or "not known", edge.internal
    return line(edge.node) or "not named", edge.role, line(edge.who), what, edge.state


@few
@given(st.lists(edges(), min_size=1, max_size=6, unique_by=one_arrow))
def test_a_drawing_shows_exactly_the_texts_that_were_put_in(sheet: Sheet, given: list[Edge]) -> None:
    shown = drawn(sheet, mermaid(given))
    assert {key: shown[key] for key in ("boxes", "frames", "labels")} == expected(given)
    assert shown["arrows"] == len(given)
    assert shown["thick"] == sum(edge.state == "added" for edge in given)
    assert shown["dotted"] == sum(edge.state == "removed" for edge in given)


@pytest.mark.matrix
@pytest.mark.parametrize("begin", range(0, len(HOSTILE), 10))
def test_no_text_is_more_than_text_wherever_it_stands(sheet: Sheet, begin: int) -> None:
    some = HOSTILE[begin : begin + 10]
    given = [Edge(text, Role.OTHER, text, text, node=text) for text in some]
    given += [Edge(text, Role.CLIENTS, text, text, "changed", text) for text in some]
    shown = drawn(sheet, mermaid(given, [ClosedPort(text, text, f"apart {text}") for text in some]))
    wanted = expected(given)
    apart = [lines(f"closed to others\n{line(f'{text} {text}')}") for text in some]
    assert shown["boxes"] == sorted([*wanted["boxes"], *apart])
    assert shown["frames"] == sorted([*wanted["frames"], *(line(f"apart {text}") for text in some)])
    assert shown["labels"] == wanted["labels"]


@few
@given(st.lists(edges(), max_size=12), st.lists(closed(), max_size=12), st.integers(1, 5))
def test_no_text_is_more_than_text_where_arrows_are_merged_and_left_out(
    sheet: Sheet, given: list[Edge], shut: list[ClosedPort], most: int
) -> None:
    shown = drawn(sheet, mermaid(given, shut, most))
    assert shown["arrows"] == min(shown["arrows"], most)
    assert bool(shown["arrows"]) == bool(given)


@pytest.mark.matrix
@pytest.mark.parametrize("text", ["", "x" * 300, "#;" * 200, '"<&#`' * 60, "😀" * 300, "\u202e" * 300])
def test_the_largest_pictures_are_drawn(sheet: Sheet, text: str) -> None:
    given = [
        Edge(
            f"{number}{text}", part, f"{number}{text}", f"{number}{text}", state, f"{number % 7}{text}", number % 2 == 0
        )  # type: ignore[arg-type]
        for number, (part, state) in enumerate([*product(Role, ["same", "added", "removed", "changed"])] * 40)
    ]
    shut = [ClosedPort(f"{number}{text}", text, f"{number % 50}{text}") for number in range(500)]
    shown = drawn(sheet, mermaid(given, shut))
    assert 1 <= shown["arrows"] <= 40
    assert any(text.startswith("and ") for text in shown["boxes"])


@few
@given(valid_arguments())
def test_each_deployment_is_drawn_with_all_that_it_opens_and_closes(sheet: Sheet, arguments: dict[str, Any]) -> None:
    deployment = read_deployment(arguments, ROOT)
    shown = drawn(sheet, mermaid_of(deployment))
    on_arrows = {label for text in shown["labels"] for label in text.split("\n")}
    assert {str(rule.ports) for rule in deployment.rules} <= on_arrows or any("more" in label for label in on_arrows)
    if not deployment.rules and not deployment.listeners:
        assert "nobody reaches anything" in shown["boxes"]


def test_the_goldens_are_drawn(sheet: Sheet) -> None:
    goldens = sorted((ROOT / "tests" / "unit" / "golden" / "picture").glob("*.txt"))
    assert goldens
    for golden in goldens:
        assert drawn(sheet, golden.read_text(encoding="utf-8"))["title"].startswith("Who reaches which ports")


def test_the_picture_in_the_readme_shows_who_reaches_what(sheet: Sheet) -> None:
    picture = (ROOT / "README.md").read_text(encoding="utf-8").split("```mermaid\n")[1].split("\n```")[0]
    shown = drawn(sheet, picture)
    assert shown["frames"] == ["node"]
    assert "load balancer\n10.0.0.0/24" in shown["boxes"]
    assert "udp/50000-60000" in shown["labels"]


CAPTION = "stack prod; 2026-01-01 00:00 UTC; read from stacks/Pulumi.prod.yaml, livekit.yaml"


def test_a_caption_stands_above_the_picture_whatever_it_is(sheet: Sheet) -> None:
    edge = Edge("anywhere", Role.CLIENTS, "HTTPS", "tcp/443")
    plain = drawn(sheet, mermaid([edge]))
    for text in (*HOSTILE, CAPTION):
        shown = drawn(sheet, mermaid([edge], caption=text))
        assert {key: shown[key] for key in ("boxes", "labels", "frames", "theme", "security", "title")} == {
            key: plain[key] for key in ("boxes", "labels", "frames", "theme", "security", "title")
        }
        assert set(shown["tags"]) - set(plain["tags"]) <= {"text"}
    assert shown["caption"] == CAPTION

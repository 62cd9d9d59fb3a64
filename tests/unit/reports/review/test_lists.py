"""Whatever a page lists, it lists whole or says how much it leaves out; the JSON has all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livekit_firewall.reports.review import Review, review_texts
from livekit_firewall.reports.review.drawing import picture_of
from livekit_firewall.reports.review.markdown import markdown
from livekit_firewall.reports.review.text import text
from tests.unit.strategies import few_examples

from .programs import AWS_GROUP, GCP, Thing, preview

NUMBERS = st.integers(1, 60)


def groups(names: Iterable[str], **rule: object) -> list[Thing]:
    """A group for each name, that all have one rule."""
    inside = [{"protocol": "tcp", "fromPort": 22, "toPort": 22, "cidrBlocks": ["0.0.0.0/0"], **rule}]
    return [Thing(AWS_GROUP, one, {"ingress": inside}) for one in names]


def opens(*names: str, **rule: object) -> Review:
    """A first preview with them."""
    sources = {"cidrBlocks": None, **rule}
    return review_texts([("p.json", preview([], groups(names, **sources)))])


def told(listed: str, shape: str) -> int:
    """How many a list tells of: those that it names, and those that it counts."""
    more = re.search(r"and ([\d,]+) more", listed)
    return len(re.findall(shape, listed)) + (int(more[1].replace(",", "")) if more else 0)


def cell(page: str, heading: str) -> str:
    """Of the table's one row."""
    lines = [line for line in page.splitlines() if line.startswith("| ")]
    heads, row = ([one.strip() for one in line.split("|")] for line in lines[:2])
    return row[heads.index(heading)]


def test_five_firewalls_are_five_in_every_format() -> None:
    found = opens(*(f"node-{number}" for number in range(1, 6)), cidrBlocks=["0.0.0.0/0"])
    assert "  added   node-1, node-2, node-3 and 2 more  in " in text(found)
    assert len(found.as_json()["stacks"][0]["changes"][0]["firewalls"]) == 5


@few_examples
@given(NUMBERS)
def test_firewalls(number: int) -> None:
    names = [f"node-{place}" for place in range(number)]
    found = opens(*names, cidrBlocks=["0.0.0.0/0"])
    line = next(line for line in text(found).splitlines() if line.startswith("  added "))
    assert told(line, r"node-\d+") == number
    assert found.as_json()["stacks"][0]["changes"][0]["firewalls"] == names
    picture = picture_of(found.parts[0])
    assert told(picture, "==>") == number
    below = next(line for line in markdown(found).splitlines() if line.startswith("Firewall"))
    assert told(below, r"`node-\d+`") == number
    row = cell(
        markdown(review_texts([("p", preview([], [*groups(names), *groups(["other"], toPort=23)]))])), "Firewall"
    )
    assert told(row, r"`(?:node-\d+|other)`") == number + 1
    risks = markdown(found).partition("### Risks")[2].partition("To do")[0]
    assert told(risks, r"`node-\d+`") == number


@few_examples
@given(NUMBERS, st.integers(1, 70))
def test_sources_known_by_name(number: int, length: int) -> None:
    names = [f"sg-{place}{'x' * length}" for place in range(number)]
    found = opens("node", securityGroups=names, protocol="icmp")
    change = found.as_json()["stacks"][0]["changes"][0]
    assert sorted(change["gained"]["names"]) == sorted(names)
    line = next(line for line in text(found).splitlines() if line.startswith("  added "))
    assert told(line, r"sg-\d+") == number
    assert told(cell(markdown(found), "Who"), r"sg-\d+") == number


@few_examples
@given(NUMBERS, st.booleans())
def test_blocks(number: int, is_long: bool) -> None:
    blocks = [f"2001:db8:1111:2222:3333:4444:{place:x}:1/128" if is_long else f"10.0.{2 * place}.0/24"
              for place in range(number)]  # fmt: skip
    shape = r"(?:10\.0\.\d+\.0/24|2001:db8[\w:]+/128)"
    found = opens("node", **{"ipv6CidrBlocks" if is_long else "cidrBlocks": blocks})
    assert len(found.as_json()["stacks"][0]["changes"][0]["gained"]["blocks"]) == number
    line = next(line for line in text(found).splitlines() if line.startswith("  added "))
    assert told(line, shape) == number
    assert told(cell(markdown(found), "Who"), shape) == number
    assert told(picture_of(found.parts[0]).partition("subgraph")[0], shape) == number


@few_examples
@given(NUMBERS)
def test_stacks_without_a_change(number: int) -> None:
    group = Thing(AWS_GROUP, "node")
    given_ = [(f"{place}.json", preview([group], [group], stack=f"stack-{place}")) for place in range(number + 1)]
    found = review_texts(given_)
    assert told(markdown(found).rpartition("no change in")[2], r"`stack-\d+`") == number + 1
    assert len(found.as_json()["stacks"]) == number + 1


@few_examples
@given(NUMBERS)
def test_properties_of_an_operation(number: int) -> None:
    old, new = ({f"property{place}{'x' * 50}": side for place in range(number)} for side in (1, 2))
    found = review_texts([("p", preview([Thing("a:b/c:D", "one", old)], [Thing("a:b/c:D", "one", new)]))])
    row = next(line for line in markdown(found).splitlines() if line.startswith("| `update`"))
    assert told(row, r"property\d+") == number
    assert len(found.as_json()["stacks"][0]["operations"][0]["changed"]) == number


@few_examples
@given(NUMBERS, st.sampled_from([500, 1_000, 3_000, 20_000]))
def test_a_page_that_is_limited_counts_what_it_leaves_out(number: int, limit: int) -> None:
    groups = [
        Thing(AWS_GROUP, f"node-{place}",
              {"ingress": [{"protocol": "tcp", "fromPort": 6000 + place, "toPort": 6000 + place,
                            "cidrBlocks": [f"10.{place}.0.0/16"]}]})
        for place in range(number)
    ]  # fmt: skip
    page = markdown(review_texts([("p", preview([], groups))]), limit)
    rows = re.findall(r"^\| added", page, re.MULTILINE)
    left = re.search(r"And ([\d,]+) added, not shown", page)
    assert len(rows) + int(left[1] if left else 0) == number or "The rest is longer than that" in page


def test_what_stays_beside_a_change_is_counted_where_the_picture_leaves_it_out() -> None:
    """Each range and block is an arrow; those beyond twenty are told."""
    tags = [f"tag-{place}" for place in range(40)]
    stay = [Thing(GCP, f"r{place}", {"allows": [{"protocol": "tcp", "ports": [str(2000 + 2 * place)]}],
                                     "sourceTags": [tag], "targetTags": ["t"]})
            for place, tag in enumerate(tags)]  # fmt: skip
    more = Thing(GCP, "more", {"allows": [{"protocol": "tcp", "ports": ["443"]}], "targetTags": ["t"]})
    picture = picture_of(review_texts([("p", preview(stay, [*stay, more]))]).parts[0])
    assert told(picture, r"-->|---") == 40


@pytest.mark.parametrize("keys", [1, 30])
def test_keys(keys: int) -> None:
    """And none is none."""
    assert cell(markdown(opens("node", cidrBlocks=["10.0.0.0/8"])), "Key") == "-"
    listed = ", ".join(f"key_{place}" for place in range(keys))
    found = opens("node", cidrBlocks=["10.0.0.0/8"], description=f"SSH: {listed}")
    assert json.dumps(listed)[1:-1] in json.dumps(found.as_json()) or keys == 30
    line = next(line for line in text(found).splitlines() if line.startswith("  added "))
    assert told(line, r"key_\d+") == keys
    assert told(cell(markdown(found), "Key"), r"key_\d+") == keys

"""Hostile names, descriptions and values: shown as text, or not at all.

The judge of Markdown is markdown-it with GitHub's extensions: tables, bare links, HTML.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from livekit_firewall.deployment.derive import read_deployment
from livekit_firewall.reports.review import review_texts
from livekit_firewall.reports.review.change import Review
from livekit_firewall.reports.review.configurations import compare_deployments
from livekit_firewall.reports.review.markdown import markdown
from livekit_firewall.reports.review.text import text
from tests.unit.strategies import fewest_examples

from .programs import AZURE_GROUP, GCP, HETZNER, OCEAN, Thing, digest, group, ingress, preview, stream

GITHUB = MarkdownIt("gfm-like", {"html": True})

BAD = [
    "<img src=x onerror=alert(1)>",
    "</summary></details><script>alert(1)</script>",
    "<!-- livekit-firewall -->",
    "`code` ``more`` ```",
    "a ` | b | c `",
    "| cell |\n|---|\n| two |",
    "\n\n# Heading\n\n- list\n",
    "[link](https://example.com) ![image](https://example.com/x.png)",
    "https://example.com/a www.example.com",
    "@everyone @octocat/team",
    "#123 org/repo#1 GH-1 0123456789abcdef0123456789abcdef01234567",
    "**bold** _under_ ~~gone~~ \\",
    "&lt;b&gt; &#x3c;i&#x3e;",
    "\x1b[31mred\x1b[0m \x07 \x9b2J",
    "\u202egnp.exe \u2066\u2069 \u200b\u200d\ufeff \u061c",
    "\r\nverdict: no change\r\n",
    "$$x$$ :smile: [^1] $`x`$",
    "```mermaid\ngraph LR; a-->b\n```",
    "\u2028line\u2029paragraph\x85next\x00nul",
    "`",
    "",
    " ",
    "-" * 3,
]
MARK = "zzqx"
"""In each hostile text, to find it again."""


def everywhere(bad: str) -> tuple[list[Thing], list[Thing]]:
    """Programs that have the text wherever a text can be: names, sources, tags, descriptions, types, ports."""
    bad = f"{MARK}{bad}{MARK}"
    owner = group(bad)
    azure = {"name": bad, "priority": 100, "access": "Allow", "direction": "Inbound", "protocol": "Tcp",
             "sourceAddressPrefix": bad, "sourcePortRange": "*", "destinationAddressPrefix": "*",
             "destinationPortRange": "443", "description": bad}  # fmt: skip
    google = {"network": bad, "targetTags": [bad], "allows": [{"protocol": "tcp"}, {"protocol": "icmp"}]}
    things = [
        owner,
        ingress(owner, bad, description=f"ICE/TCP: {bad}", cidrIpv4="0.0.0.0/0", fromPort=6379, toPort=6379),
        ingress(owner, f"{bad}1", referencedSecurityGroupId=bad),
        ingress(owner, f"{bad}2", ipProtocol=bad),
        ingress(owner, f"{bad}3", ipProtocol="tcp", fromPort=bad),
        ingress(owner, f"{bad}4", ipProtocol="50", prefixListId=bad),
        Thing(GCP, bad, {**google, "sourceTags": [bad], "description": f"ICE/UDP: {bad}"}),
        Thing(GCP, f"{bad}1", {**google, "direction": "EGRESS", "priority": 1, "denies": [{"protocol": "all"}]}),
        Thing(OCEAN, bad, {"tags": [bad], "inboundRules": [{"protocol": bad}, {"protocol": "udp",
                                                                             "sourceTags": [bad]}]}),
        Thing(HETZNER, bad, {"applyTos": [{"labelSelector": bad}], "rules": [
            {"direction": "in", "protocol": bad, "port": "1", "sourceIps": ["::/0"], "description": f"API: {bad}"},
            {"direction": bad, "protocol": "tcp", "port": bad, "sourceIps": [bad]}]}),
        Thing(AZURE_GROUP, bad, {"securityRules": [azure, {**azure, "protocol": bad}]}),
        Thing(bad, bad, {bad: bad}),
        Thing("pulumi-python:dynamic/livekit:RulesetFile", bad, {"content": bad}),
    ]  # fmt: skip
    return [Thing(bad, bad, {bad: "x"})], things


@cache
def reviewed(bad: str) -> Review:
    before, after = everywhere(bad)
    told = digest(before, after, stack=f"{MARK}{bad}", config={bad: bad, "livekit-firewall:https": bad})
    for step in told["steps"]:
        step["diffReasons"] = [bad]
    text = json.dumps(told)
    return review_texts([(bad, text), (f"{bad}2", text)])


def assert_inert(page: str) -> None:
    """No foreign text is markup, a link, a mention, or outside of code."""
    tokens = GITHUB.parse(page)
    for token in [*tokens, *(child for one in tokens for child in one.children or ())]:
        assert token.type not in ("link_open", "image", "html_inline", "hr"), token
        if token.type == "html_block":
            html = re.fullmatch(r"<details><summary>([\w ,]+)</summary>|</details>", token.content.strip())
            assert html, token.content
        if token.type == "fence":
            assert token.info == "mermaid", token
        if token.type == "text":
            assert MARK not in token.content, token.content
            assert "@" not in token.content, token.content
            assert not re.search(r"#\d|GH-\d", token.content), token.content
        if token.type == "code_inline":
            assert token.content.isprintable(), token.content
    assert page.replace("\n", "").isprintable()
    assert_tables(page, tokens)
    assert_closed(page)


def assert_tables(page: str, tokens: list[Any]) -> None:
    rows: list[int] = []
    heads = 0
    for token in tokens:
        if token.type == "thead_open":
            heads = 0
        if token.type == "th_open":
            heads += 1
        if token.type == "tr_open":
            rows.append(0)
        if token.type == "td_open":
            rows[-1] += 1
        if token.type == "tbody_open":
            rows.clear()
        if token.type == "tr_close" and rows and rows[-1]:
            assert rows[-1] == heads
    # a parser fills up and cuts off cells; so they are counted in the source as well
    for block in re.findall(r"(?:^\|.*\n?)+", page, re.MULTILINE):
        assert len({line.count("|") for line in block.splitlines()}) == 1, block


def assert_closed(page: str) -> None:
    assert page.count("<details>") == page.count("</details>")
    assert page.count("\n```") % 2 == 0


@pytest.mark.parametrize("bad", BAD)
class TestForeignTexts:
    def test_are_inert_in_markdown(self, bad):
        page = markdown(reviewed(bad))
        assert page.startswith("moved: ")
        assert MARK in page
        assert_inert(page)

    def test_are_inert_in_a_terminal(self, bad):
        shown = text(reviewed(bad))
        assert shown.replace("\n", "").isprintable()
        assert shown.startswith("moved: ")
        assert not any(line.startswith(("verdict", "#", "|")) for line in shown.splitlines())

    def test_are_ascii_in_json(self, bad):
        told = json.dumps(reviewed(bad).as_json())
        assert told.isascii()
        assert json.loads(told)["verdict"] == "moved"

    def test_are_inert_in_the_review_of_configurations(self, bad):
        targets = {"gcp": {"network": "n", "target_tags": [f"{MARK}{bad}"]}, "digitalocean": {"tags": [f"{MARK}{bad}"]}}
        deployment = read_deployment({"https": True, "trunks": ["198.51.100.0/24"], **targets}, Path())
        page = markdown(Review((compare_deployments(f"{MARK}{bad}", None, deployment),)))
        assert_inert(page)


@fewest_examples
@given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(BAD))
def test_any_text_is_inert(some, bad):
    assert_inert(markdown(reviewed(some + bad)))


def test_a_name_without_end_is_cut():
    bad = "<b>|`@x " * 25_000
    review = reviewed(bad)
    page = markdown(review)
    assert len(page) < 100_000
    assert_inert(page)
    assert len(text(review)) < 100_000


class TestSecrets:
    def test_are_never_shown(self):
        secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "CIPHER",
                  "plaintext": '"HUNTER2"'}  # fmt: skip
        owner = group()
        after = [
            owner,
            ingress(owner, "a", fromPort=secret),
            ingress(owner, "b", referencedSecurityGroupId=secret),
            Thing(OCEAN, "c", {"tags": [secret], "inboundRules": secret, "outboundRules": [{"protocol": secret}]}),
            Thing(GCP, "d", {"network": secret, "allows": [secret], "sourceRanges": secret, "targetTags": secret}),
            Thing(AZURE_GROUP, "e", {"securityRules": [secret, {"access": secret}, {"sourceAddressPrefix": secret}]}),
            Thing("pulumi-python:dynamic/livekit:RulesetFile", "f", {"content": secret}),
        ]
        for told in (preview([], after), stream(digest([], after))):
            review = review_texts([("x", told)])
            pages = [markdown(review), text(review), json.dumps(review.as_json())]
            assert not any(word in page for page in pages for word in ("CIPHER", "HUNTER2", "4dabf18193072939"))


@cache
def many_stacks() -> Review:
    """Many stacks with much of everything, and one error that must not be missed."""
    things = []
    for number in range(40):
        owner = group(f"group{number}")
        things += [
            owner,
            *(ingress(owner, f"{number}-{port}", fromPort=port, toPort=port) for port in range(9000, 9012)),
        ]
    worst = [group("worst"), ingress(group("worst"), "redis", fromPort=6379, toPort=6379)]
    return review_texts([
        ("a", preview([], things, stack="a")),
        ("b", preview([], [*things, *worst], stack="b")),
    ])  # fmt: skip


class TestTheCutThatALimitMakes:
    @fewest_examples
    @given(st.integers(500, 60_000))
    def test_holds_begins_with_the_verdict_and_is_well_formed(self, limit):
        page = markdown(many_stacks(), limit)
        assert len(page.encode("utf-16-le")) // 2 <= limit
        assert page.startswith("wider: ")
        assert_inert(page)

    @pytest.mark.parametrize("limit", [1000, 2000, 5000, 20_000, 65_536])
    def test_keeps_the_error_to_the_last(self, limit):
        assert "Redis on tcp/6379 is open to the internet" in markdown(many_stacks(), limit)

    def test_is_none_where_all_fits(self):
        assert markdown(many_stacks(), 10_000_000) == markdown(many_stacks())

    @pytest.mark.matrix
    @pytest.mark.parametrize("limit", [500, 700, 1000, 1500, 3000, 6000])
    @pytest.mark.parametrize("bad", BAD)
    def test_is_well_formed_with_hostile_names_too(self, bad, limit):
        page = markdown(reviewed(bad), limit)
        assert len(page.encode("utf-16-le")) // 2 <= limit
        assert_inert(page)

"""Hypothesis strategies for edges of a picture: harmless ones, and texts that try to be more than text."""

from __future__ import annotations

from hypothesis import strategies as st

from livekit_firewall.reports.exposure.picture import ClosedPort, Edge, Role

HOSTILE = [
    'a"]; click p0 "javascript:alert(1)"; x["',
    '"] --> evil["evil"]',
    "`**bold**` _em_ ~~gone~~ **bold** `code`",
    "```\n# heading\n```mermaid",
    "%%{init: {'securityLevel': 'loose', 'theme': 'forest'}}%%",
    "---\nconfig:\n  theme: forest\n---",
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script><b>b</b><br/>",
    "&lt;b&gt; &amp; &#60; &quot;",
    "#quot;#lt;script#gt;#35;#60;i#62; #9829; #;",
    "fl°°60¶ß ﬂ°°60¶ß ﬂ°lt¶ß",
    "style p0: x#35; style: #59; classDef: a#35;b;",
    "mystyle a:#x; style 1:2#35;",
    "classDef a:b# c",
    "click p0 href https://example.com _blank",
    "[link](https://example.com) ![img](https://example.com/x.png) <https://example.com>",
    "https://example.com www.example.com a@example.com ftp://example.com",
    "@everyone #1 !2 GH-3 \\n \\",
    "fa:fa-ban fab:fa-github fas:fa-x fak:fa-a mdi:home fa:fa:fa-ban",
    "$$x^2$$ $y$ \\(z\\) \\[w\\]",
    "1. one", "2) two", "- item", "+ item", "* item", "> quote", "# heading", "=====", "---", "| a | b |", "[ ] task",
    "end", "subgraph x", "flowchart TD", "graph", "direction TB", "default", "o--o", "x", "accDescr: y", "::: c",
    "a;b;c", "a -->|x| b", "a & b & c", "{{hex}} ((round)) [/slant/] >flag]", 'p0@{ shape: "cloud" }',
    "\x00\x07\x1b[31mred\x1b[0m", "\u202egnp.exe\u2066x\u2069\u200e", "\ud800 lone", "line\r\nbreak\u2028next\u0085x",
    "\u200b", "zero\u200bwidth\ufeff", "e\u0301 \u0e01\u0e33 हिन्दी עברית العربية 日本語 😀 👩‍👩‍👧",
    "constructor", "__proto__", "toString", "null", "undefined", "NaN", "0", "-1", "1e5",
    "203.0.113.0/24", "2001:db8::/32", "::/0", "fa:fa::/32", "udp/50000-60000", "x" * 300, "word " * 60, "#;" * 200,
]  # fmt: skip

ALPHABET = "\"'`#;&<>[](){}|\\/%@$*_~^=+-.:,!? \n\t°¶ßﬂabefstylexX01\u202e\u200d\x1b😀é"


def texts() -> st.SearchStrategy[str]:
    pieces = st.sampled_from(HOSTILE) | st.text(ALPHABET, max_size=30) | st.text(max_size=20)
    return pieces | st.lists(pieces, max_size=3).map("".join)


STATES = st.sampled_from(["same", "added", "removed", "changed"])


def edges(text: st.SearchStrategy[str] | None = None) -> st.SearchStrategy[Edge]:
    text = texts() if text is None else text
    return st.builds(Edge, text, st.sampled_from(Role), text, text, STATES, text, st.booleans())


def closed(text: st.SearchStrategy[str] | None = None) -> st.SearchStrategy[ClosedPort]:
    text = texts() if text is None else text
    return st.builds(ClosedPort, text, text, text)

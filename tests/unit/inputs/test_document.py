"""Files as untrusted input: each is read, or refused with a short error that has the place; none blocks."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from livekit_firewall.inputs import yaml_builder
from livekit_firewall.inputs.document import Document, parse_within, read_document
from livekit_firewall.model.errors import Place, Report

from ..strategies import few_examples

NAME = "conf/livekit.yaml"


def read(tmp_path: Path, content: bytes | str) -> tuple[Document | None, list[str]]:
    path = tmp_path / "livekit.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_path(path)


def read_path(path: Path) -> tuple[Document | None, list[str]]:
    report = Report()
    started = time.process_time()
    found = read_document(path, NAME, report)
    assert time.process_time() - started < 4, "hostile files are refused within 5 s"
    texts = [str(problem) for problem in report.problems]
    # never assert on the document itself: an expanded alias bomb is too large to print
    is_refused = found is None
    assert is_refused == bool(texts)
    assert all(len(text) < 500 and text.isprintable() for text in texts)
    return found, texts


BOMB = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{new}: &{new} [{','.join([f'*{old}'] * 10)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
MERGE_BOMB = "a: &a {x: 1, y: 2}\n" + "".join(
    f"{new}: &{new} [{','.join([f'*{old}'] * 40)}]\n" for old, new in zip("abcd", "bcde", strict=True)
)
TOO_MANY = (
    "must be smaller (got more than 100,000 values); is it the configuration? aliases count as often as they are used"
)

# libyaml looks ahead from 0.2.6 on, and stops at 1,000 levels of its own
AHEAD = 1003 if hasattr(yaml, "_yaml") and yaml._yaml.get_version() >= (0, 2, 6) else 103

REFUSED: dict[str, tuple[bytes | str, str]] = {
    "a list at the top": (
        "- port: 7880\n",
        "conf/livekit.yaml:1:1: must hold a mapping of keys to values (got a list)",
    ),
    "a single value": ("hello\n", "conf/livekit.yaml:1:1: must hold a mapping of keys to values (got a single value)"),
    "a key that stands twice": (
        "port: 7880\nrtc: {}\nport: 7881\n",
        "conf/livekit.yaml:3:1: a key must not stand twice (got 'port'); it stands in line 1 already",
    ),
    "a nested key that stands twice": (
        "rtc:\n  tcp_port: 1\n  udp_port: 2\n  tcp_port: 3\n",
        "conf/livekit.yaml:4:3: a key must not stand twice (got 'tcp_port'); it stands in line 2 already",
    ),
    "a key that stands twice on one line": (
        "rtc: {tcp_port: 1, tcp_port: 1}\n",
        "conf/livekit.yaml:1:20: a key must not stand twice (got 'tcp_port'); it stands in line 1 already",
    ),
    "a tab for indentation": (
        "rtc:\n\ttcp_port: 1\n",
        ("conf/livekit.yaml:2:1: not valid YAML: found character that cannot start any token; "
        "indent with spaces, not tabs"),
    ),
    "an open quote": ("a: 'b\n", "conf/livekit.yaml:2:1: not valid YAML: found unexpected end of stream"),
    "two colons": (
        "a: b: c\n",
        "conf/livekit.yaml:1:5: not valid YAML: mapping values are not allowed in this context",
    ),
    "a bomb of aliases": (BOMB, f"conf/livekit.yaml:5:29: {TOO_MANY}"),
    "a bomb of aliases to mappings": (MERGE_BOMB, f"conf/livekit.yaml:4:41: {TOO_MANY}"),
    "an alias to itself": (
        "a: &a [*a]\n",
        "conf/livekit.yaml:1:8: must name an anchor that stands before it (got an alias)",
    ),
    "an alias to nothing": (
        "a: *nothing\n",
        "conf/livekit.yaml:1:4: must name an anchor that stands before it (got an alias)",
    ),
    "too many values": ("".join(f"k{n}:\n" for n in range(50_000)), f"conf/livekit.yaml:50000:8: {TOO_MANY}"),
    "lists within lists": (
        "a: " + "[" * 100_000,
        f"conf/livekit.yaml:1:{AHEAD}: must not be nested that deep (got more than 100 levels)",
    ),
    "mappings within mappings": (
        "".join(" " * level + "a:\n" for level in range(500)),
        "conf/livekit.yaml:101:101: must not be nested that deep (got more than 100 levels)",
    ),
    "Latin-1": (
        "port: 7880\nregion: Köln\n".encode("latin-1"),
        "conf/livekit.yaml:2:10: must be UTF-8 text (got the byte 0xf6); save it as UTF-8",
    ),
    "UTF-16": (
        "port: 7880\n".encode("utf-16"),
        "conf/livekit.yaml:1:1: must be UTF-8 text (got the byte 0xff); save it as UTF-8",
    ),
    "a NUL": (
        "port: 7880\nköln: a\0b\n",
        "conf/livekit.yaml:2:8: must be text without control characters (got the character U+0000); save it as UTF-8",
    ),
    "a bell": (
        "port: 7880 \x07\n",
        "conf/livekit.yaml:1:12: must be text without control characters (got the character U+0007); remove it",
    ),
    "a number of 5,000 digits": (
        "port: " + "9" * 5000 + "\n",
        "conf/livekit.yaml:1:7: must be a number of usual size (got a number of 5,000 digits)",
    ),
    "a merge of what is no mapping": (
        "rtc:\n  <<: 5\n",
        "conf/livekit.yaml:2:3: what << merges must be a mapping (got something else)",
    ),
    "a mapping as a key": ("? {a: b}\n: c\n", "conf/livekit.yaml:1:3: a key must be a text (got a collection)"),
    "a Python object": (
        "port: !!python/name:os.system ''\n",
        "conf/livekit.yaml:1:7: not valid YAML: the tag is none of YAML's own; remove the tag",
    ),
    "a tag of nobody": (
        "port: !!Ref x\n",
        "conf/livekit.yaml:1:7: not valid YAML: the tag is none of YAML's own; remove the tag",
    ),
    "no switch": ("port: !!bool x\n", "conf/livekit.yaml:1:7: must be a valid bool (got 'x')"),
    "a number without digits": ("port: !!int ''\n", "conf/livekit.yaml:1:7: must be a valid int (got '')"),
    "a number that is none": ("port: !!int x\n", "conf/livekit.yaml:1:7: must be a valid int (got 'x')"),
    "YAML of another version": (
        "%YAML 2.0\n---\na: 1\n",
        "conf/livekit.yaml:1:1: not valid YAML: found incompatible YAML document",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_a_hostile_file_is_refused_with_its_place(case: str, tmp_path: Path) -> None:
    content, expected = REFUSED[case]
    _, problems = read(tmp_path, content)
    assert problems == [expected]


def test_a_file_over_10_mb_is_refused_and_one_of_just_that_is_read(tmp_path: Path) -> None:
    just = b"port: 7880\n#" + b"x" * (10_000_000 - 12)
    found, _ = read(tmp_path, just)
    assert found is not None
    assert found.value == {"port": 7880}
    message = "conf/livekit.yaml: must be at most 10 MB (got 10,000,001 bytes); is it the configuration?"
    assert read(tmp_path, just + b"x") == (None, [message])


def test_a_file_of_100_mb_is_not_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "livekit.yaml"
    with path.open("wb") as stream:
        stream.truncate(100_000_000)
    message = "conf/livekit.yaml: must be at most 10 MB (got 100,000,000 bytes); is it the configuration?"
    assert read_path(path) == (None, [message])


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    assert read_path(tmp_path) == (None, [f"{NAME}: must be a file that can be read (got a directory)"])
    missing = f"{NAME}: cannot be read (got No such file or directory); check the path and its permissions"
    assert read_path(tmp_path / "missing.yaml") == (None, [missing])
    loop = tmp_path / "loop.yaml"
    loop.symlink_to(loop)
    message = f"{NAME}: cannot be read (got Too many levels of symbolic links); check the path and its permissions"
    assert read_path(loop) == (None, [message])
    message = f"{NAME}: cannot be read (got NUL in the path); check the path and its permissions"
    assert read_path(tmp_path / "a\0b") == (None, [message])


@pytest.mark.needs("linux")
def test_a_pipe_and_a_device_are_refused_without_waiting_for_them(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.yaml"
    os.mkfifo(pipe)
    message = f"{NAME}: must be a file that can be read (got a special file)"
    assert read_path(pipe) == (None, [message])
    assert read_path(Path("/dev/zero")) == (None, [message])


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "livekit.yaml"
    path.write_text("port: 7880\n")
    path.chmod(0)
    if os.geteuid() == 0:  # root reads everything, so that the refusal has to be played

        def refuse(*_: Any, **__: Any) -> Any:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(os, "open", refuse)
    message = f"{NAME}: cannot be read (got Permission denied); check the path and its permissions"
    assert read_path(path) == (None, [message])


READ: dict[str, tuple[bytes | str, Any]] = {
    "nothing": ("", {}),
    "comments": ("# nothing\n", {}),
    "null": ("~\n", {}),
    "a byte order mark": (b"\xef\xbb\xbfport: 7880\n", {"port": 7880}),
    "CRLF": (b"port: 7880\r\nrtc:\r\n  tcp_port: 1\r\n", {"port": 7880, "rtc": {"tcp_port": 1}}),
    "several documents, the first of which counts": ("port: 7880\n---\nport: 1\n", {"port": 7880}),
    "several documents, of which the second is broken": ("port: 7880\n---\n[[[\n", {"port": 7880}),
    "an alias": ("a: &a {x: 1}\nb: *a\n", {"a": {"x": 1}, "b": {"x": 1}}),
    "a merge, under which own keys win": (
        "a: &a {x: 1, y: 1}\nb:\n  <<: *a\n  y: 2\n",
        {"a": {"x": 1, "y": 1}, "b": {"x": 1, "y": 2}},
    ),
    "a merge of two, the first of which wins": ("b:\n  <<: [{x: 1}, {x: 2, y: 2}]\n", {"b": {"x": 1, "y": 2}}),
    "numbers and switches": (
        "a: 0x10\nb: 1.5\nc: yes\nd: off\ne: '5'\nf: ~\ng: -1\n",
        {"a": 16, "b": 1.5, "c": True, "d": False, "e": "5", "f": None, "g": -1},
    ),
    "dates and the sign =, which are texts": (
        "a: 2020-13-45\nb: 2020-01-01\nc: =\n",
        {"a": "2020-13-45", "b": "2020-01-01", "c": "="},
    ),
    "a range, which is a text": ("udp_port: 7882-7892\n", {"udp_port": "7882-7892"}),
    "a Python tag on a list, which stays a list": (
        "a: !!python/object/apply:os.system ['exit 1']\n",
        {"a": ["exit 1"]},
    ),
}


@pytest.mark.parametrize("case", READ)
def test_an_unusual_file_is_read(case: str, tmp_path: Path) -> None:
    content, expected = READ[case]
    found, problems = read(tmp_path, content)
    assert problems == []
    assert found is not None
    assert found.value == expected


def test_every_key_has_its_line_and_column(tmp_path: Path) -> None:
    found, _ = read(tmp_path, "port: 7880\nrtc:\n  tcp_port: 7881\n  ips: {includes: [10.0.0.0/8, '::/0']}\n")
    assert found is not None
    assert found.marks == {
        "port": (1, 1),
        "rtc": (2, 1),
        "rtc.tcp_port": (3, 3),
        "rtc.ips": (4, 3),
        "rtc.ips.includes": (4, 9),
        "rtc.ips.includes[0]": (4, 20),
        "rtc.ips.includes[1]": (4, 32),
    }
    assert str(found.place("rtc.tcp_port")) == f"{NAME}:3:3: rtc.tcp_port"
    assert str(found.place("rtc.udp_port")) == f"{NAME}:2:1: rtc.udp_port"
    assert str(found.place("turn.udp_port")) == f"{NAME}: turn.udp_port"


@pytest.mark.parametrize(
    "text", ["keys:\n  API: !!int 0x_\n", "keys: [!!int 0x_]\n", "redis:\n  password: !!int s3cr3t\n"]
)
def test_a_value_that_may_be_secret_is_not_shown(text: str, tmp_path: Path) -> None:
    _, (message,) = read(tmp_path, text)
    assert message.endswith("must be a valid int (got a value that is not shown)")


@pytest.mark.parametrize("case", ["a key that stands twice", "a bomb of aliases", "lists within lists", "a NUL"])
def test_without_the_parser_in_c_the_errors_are_the_same(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yaml_builder, "_Loader", yaml.SafeLoader)
    content, expected = REFUSED[case]
    _, problems = read(tmp_path, content[:5000])
    assert problems == [expected.replace(f":{AHEAD}:", ":103:")]


SIGNS = [*"[]{}:,-?&*!|>'\"%@`#~ab1\n\t ", "\n  ", ": ", "- ", "&a ", "*a", "<<: ", "---\n", "0x", "7880"]
TAGS = ["!!int ", "!!bool ", "!!float ", "!!binary ", "!!null "]
ODD = ["\0", "\x85", "\ufeff", "😀"]
YAML = st.lists(
    st.sampled_from([*SIGNS, *TAGS, *ODD]),
    max_size=30,
).map("".join)  # fmt: skip


@few_examples
@given(YAML | st.text(max_size=40))
def test_no_text_raises_and_what_is_read_is_a_mapping(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    found, _ = read_path(path)
    assert found is None or type(found.value) is dict


class TestOverlaid:
    """Values merged over a document keep their own places; the places of replaced values are dropped."""

    BELOW = Document(
        "values.yaml",
        {"rtc": {"udp_port": 1, "ips": ["a", "b"]}, "port": 2},
        {
            "rtc": (1, 1),
            "rtc.udp_port": (2, 3),
            "rtc.ips": (3, 3),
            "rtc.ips[0]": (4, 5),
            "rtc.ips[1]": (5, 5),
            "port": (6, 1),
        },
    )

    def test_each_value_stands_where_it_comes_from(self):
        variable = Place("rtc.udp_port", "docker-compose.yml", 12, 7, "variable UDP_PORT")
        both = self.BELOW.overlaid({"rtc": {"udp_port": 7882}}, {"rtc.udp_port": variable})
        assert both.value == {"rtc": {"udp_port": 7882, "ips": ["a", "b"]}, "port": 2}
        assert str(both.place("rtc.udp_port")) == "docker-compose.yml:12:7: rtc.udp_port (variable UDP_PORT)"
        assert str(both.place("rtc.ips[1]")) == "values.yaml:5:5: rtc.ips[1]"
        assert str(both.place("rtc.node_ip")) == "values.yaml:1:1: rtc.node_ip"

    def test_a_list_replaces_a_list_and_its_places(self):
        both = self.BELOW.overlaid({"rtc": {"ips": ["c"]}}, {"rtc.ips": Place("", origin="chart default")})
        assert both.value["rtc"]["ips"] == ["c"]
        assert str(both.place("rtc.ips")) == "rtc.ips (chart default)"
        assert "rtc.ips[1]" not in both.marks

    def test_a_file_over_defaults_leaves_each_its_place(self):
        defaults = Document(
            "", {"rtc": {"tcp_port": 7881, "udp_port": 9}}, places={"": Place("", origin="chart default")}
        )
        both = self.BELOW.over(defaults)
        assert both.value["rtc"] == {"tcp_port": 7881, "udp_port": 1, "ips": ["a", "b"]}
        assert [str(both.place(f"rtc.{key}_port")) for key in ("tcp", "udp")] == [
            "rtc.tcp_port (chart default)",
            "values.yaml:2:3: rtc.udp_port",
        ]


class TestWithin:
    """A document within a text of another document."""

    @pytest.mark.parametrize(
        ("text", "place"),
        [
            ("a:\n  body: |\n    port: 1\n    rtc:\n      udp_port: 2\n", "o.yml:5:7: rtc.udp_port (variable V)"),
            ("a:\n  body: |2-\n\n    port: 1\n    rtc:\n      udp_port: 2\n", "o.yml:6:7: rtc.udp_port (variable V)"),
            ('a:\n  body: "port: 1\\nrtc: {udp_port: 2}"\n', "o.yml:2:3: rtc.udp_port (variable V)"),
        ],
    )
    def test_a_key_stands_at_its_line_of_the_outer_file(self, tmp_path, text, place):
        path, report = tmp_path / "o.yml", Report()
        path.write_text(text)
        outer = read_document(path, "o.yml", report)
        inner = parse_within(outer, "a.body", outer.value["a"]["body"], "variable V", report)
        assert not report.problems
        assert inner.value == {"port": 1, "rtc": {"udp_port": 2}}
        assert str(inner.place("rtc.udp_port")) == place

    def test_a_problem_stands_at_its_line_of_the_outer_file(self, tmp_path):
        path, report = tmp_path / "o.yml", Report()
        path.write_text("a:\n  body: |\n    port: 1\n    port: 2\n")
        outer = read_document(path, "o.yml", report)
        assert parse_within(outer, "a.body", outer.value["a"]["body"], "variable V", report) is None
        assert str(report.problems[0].place) == "o.yml:4:5: (variable V)"

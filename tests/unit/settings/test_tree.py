"""A value of a service's configuration carries its place, its name and whether the user set it."""

from __future__ import annotations

from pathlib import Path

import pytest

from livekit_firewall.inputs.document import Document
from livekit_firewall.model.errors import Place, Report
from livekit_firewall.settings.overrides import Override
from livekit_firewall.settings.server_checks import read_server
from livekit_firewall.settings.sources import Source, read_service, refuse_unused_overrides
from livekit_firewall.settings.tree import Tree, Value

FILE = Document("livekit.yaml", {"rtc": {"tcp_port": 7000}}, {"rtc": (1, 1), "rtc.tcp_port": (1, 7)})
SET = Place("port", origin="--set")
ARGUMENTS = Tree({"port": 7880, "rtc": {"udp_port": 7882}}, renamed={"rtc": ""})


def test_a_value_of_a_file_stands_at_its_line_and_is_a_fact() -> None:
    value = Tree(FILE.value, FILE)["rtc.tcp_port"]
    assert value == Value(7000, Place("rtc.tcp_port", "livekit.yaml", 1, 7), is_set=True)
    assert (value.name, value.is_fact) == ("rtc.tcp_port", True)


def test_a_key_that_a_file_lacks_stands_at_its_section() -> None:
    value = Tree(FILE.value, FILE)["rtc.udp_port"]
    assert value == Value(None, Place("rtc.udp_port", "livekit.yaml", 1, 1), is_set=False)
    assert value.is_fact


@pytest.mark.parametrize(
    ("tree", "key", "name"),
    [
        (ARGUMENTS, "rtc.udp_port", "udp_port"),
        (ARGUMENTS, "port", "port"),
        (Tree({"sip_port": 5062}, prefix="sip."), "sip_port", "sip.sip_port"),
    ],
)
def test_an_argument_is_called_as_the_user_writes_it_and_is_no_fact(tree: Tree, key: str, name: str) -> None:
    assert (tree[key].place, tree[key].is_set, tree[key].is_fact) == (Place(name), True, False)


def test_of_a_file_and_arguments_each_value_keeps_its_own_place() -> None:
    tree = Tree(FILE.value, FILE).with_arguments(ARGUMENTS)
    assert tree.values == {"port": 7880, "rtc": {"tcp_port": 7000, "udp_port": 7882}}
    assert str(tree["rtc.tcp_port"].place) == "livekit.yaml:1:7: rtc.tcp_port"
    assert str(tree["rtc.udp_port"].place) == "udp_port"
    assert tree["turn.enabled"].is_fact


def test_a_preset_is_read_and_not_set() -> None:
    tree = Tree({"port": 7880}, is_preset=True)
    assert (tree["port"].given, tree["port"].is_set) == (7880, False)


class TestSource:
    """The first source that is given: file, arguments, preset."""

    def test_arguments_win_over_a_preset(self) -> None:
        found = read_service(
            read_server, Source(service="livekit", arguments=ARGUMENTS, preset={"port": 1}), Path(), Report()
        )
        assert found
        assert (found.own.port, found.tree["port"].is_set, found.is_sound) == (7880, True, True)

    def test_without_a_file_or_arguments_it_is_the_preset(self) -> None:
        found = read_service(read_server, Source(service="livekit", preset={"port": 7000}), Path(), Report())
        assert found
        assert (found.own.port, found.tree.is_preset) == (7000, True)

    def test_an_override_wins_over_the_file(self, tmp_path: Path) -> None:
        (tmp_path / "livekit.yaml").write_text("port: 7000\n", encoding="utf-8")
        source = Source(service="livekit", path="livekit.yaml", overrides={"port": Override(7001, SET)})
        found = read_service(read_server, source, tmp_path, Report())
        assert found
        assert (found.own.port, found.tree["port"].place) == (7001, SET)

    def test_a_service_with_problems_has_its_defaults_and_is_not_sound(self) -> None:
        report = Report()
        source = Source(service="livekit", arguments=Tree({"port": 70000}))
        found = read_service(read_server, source, Path(), report)
        assert found
        assert (found.own.port, found.is_sound, len(report.problems)) == (7880, False, 1)

    def test_an_override_of_a_service_that_does_not_run_or_is_a_preset_is_refused(self) -> None:
        report = Report()
        sources = [Source(service="livekit", path="x"), Source(service="sip", preset={"sip_port": 5060})]
        given = {"port": Override(1, SET)}
        refuse_unused_overrides({"livekit": given, "sip": given, "egress": given}, sources, report)
        assert [problem.got for problem in report.problems] == ["egress", "sip"]

    def test_without_a_file_overrides_alone_say_what_runs(self) -> None:
        source = Source(service="livekit", overrides={"port": Override(7001, SET)})
        found = read_service(read_server, source, Path(), Report())
        assert found
        assert (found.own.port, str(found.tree["port"].place)) == (7001, "port (--set)")
        assert (str(found.tree["rtc"].place), found.tree["rtc"].is_fact) == ("rtc (no file)", True)

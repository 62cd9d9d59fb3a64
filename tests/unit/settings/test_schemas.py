"""The keys of every released version, as tools/schemas.py generates them from the tables."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import schemas as generator
from livekit_firewall.settings.schemas import NAMES, UnknownVersionError, schema_of
from livekit_firewall.settings.schemas.charts import chart_of, charts

ROOT = Path(__file__).resolve().parents[3]


def test_the_shipped_files_are_those_of_the_generator() -> None:
    assert {file: file.read_text(encoding="utf-8") for file in generator.written()} == generator.written()


@pytest.mark.parametrize(("version", "keys"), [("1.5.3", 211), ("1.7.2", 246), ("1.9.11", 376), ("1.13.5", 406)])
def test_a_version_has_the_keys_that_its_code_has(version: str, keys: int) -> None:
    """The first four counts come from the compiled package, plus 15 to 19 keys of protobuf messages."""
    assert len(schema_of("livekit", version).keys) == keys


def test_a_key_has_the_type_the_default_and_the_variable_of_its_version() -> None:
    old, new = (schema_of("livekit", version).keys["rtc.udp_port"] for version in ("1.4.5", "1.5.0"))
    assert (old.type, old.default, old.variable) == ("uint32", 0, "LIVEKIT_RTC_UDP_PORT")
    assert (new.type, new.default, new.variable) == ("custom:PortRange", None, None)


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("rtc.tcp_port", "rtc.tcp_port"),
        ("room.room_configurations.lobby.agents[0].metadata", "room.room_configurations.*.agents[].metadata"),
        ("rtc.turn_servers[12].host", "rtc.turn_servers[].host"),
        ("keys.rtc", None),
        ("rtc.tcp_port.start", None),
        ("signal_relay.enabled", None),
    ],
)
def test_a_path_of_a_file_finds_its_key(path: str, key: str | None) -> None:
    found = schema_of("livekit").at(path)
    assert (found and found.path) == key


def test_a_key_of_other_versions_says_which() -> None:
    gone = schema_of("livekit").unknown("signal_relay.enabled")
    assert gone is not None
    assert (gone.since, gone.until) == ("1.4.0", "1.5.2")
    assert schema_of("livekit").unknown("port") is None


def test_variables_and_flags_lead_to_keys() -> None:
    schema = schema_of("livekit")
    for name in ("UDP_PORT", "LIVEKIT_RTC_UDP_PORT_START", "LIVEKIT_RTC_TCP_PORT", "NODE_IP", "REDIS_HOST"):
        path = schema.variables[name]
        assert path in schema.keys or path in schema.flag_only
    assert schema.flags["--bind"] == "bind_addresses"
    assert "LIVEKIT_CONFIG" not in schema.variables
    assert schema_of("sip").variables == {
        "LIVEKIT_API_KEY": "api_key",
        "LIVEKIT_API_SECRET": "api_secret",
        "LIVEKIT_WS_URL": "ws_url",
    }


def test_an_unreleased_key_is_unknown_to_the_newest() -> None:
    key = schema_of("egress").unknown("video_encoder_threads")
    assert key is not None
    assert key.since == ""


@pytest.mark.parametrize(
    ("version", "nearest"),
    [("1.5.4", ("1.5.3", "1.6.0")), ("2.0", ("1.13.11",)), ("0.1", ("1.4.0",)), ("latest", ("1.13.11",))],
)
def test_an_unknown_version_names_the_nearest(version: str, nearest: tuple[str, ...]) -> None:
    with pytest.raises(UnknownVersionError) as raised:
        schema_of("livekit", version)
    assert raised.value.nearest == nearest


def test_a_v_before_the_version_is_taken() -> None:
    assert schema_of("livekit", "v1.9.11").version == "1.9.11"


@pytest.mark.parametrize("service", NAMES)
def test_each_version_of_each_service_has_a_tree(service: str) -> None:
    for version in schema_of(service).versions:
        schema = schema_of(service, version)
        for path in schema.keys:
            parent = path.rpartition(".")[0].removesuffix("[]")
            assert not parent or parent in schema.keys


def test_a_chart_version_inherits_missing_values_from_another() -> None:
    assert charts() == ("livekit-server", "egress", "ingress")
    newest, old = chart_of("livekit-server"), chart_of("livekit-server", "1.5.3")
    assert (newest.version, newest.app_version, old.app_version) == ("1.9.0", "1.9.0", "1.5.3")
    assert old.defaults == newest.defaults
    assert not newest.is_strict
    assert chart_of("ingress", "0.9.0").defaults["ingress"] == chart_of("ingress", "1.0.0").defaults["ingress"]
    with pytest.raises(UnknownVersionError):
        chart_of("egress", "9")


def test_nothing_is_read_before_a_service_is_asked_for() -> None:
    code = "import livekit_firewall.deployment.derive; from livekit_firewall.settings.schemas import _file; "
    code += "raise SystemExit(_file.cache_info().currsize)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT / "components", check=False).returncode == 0

"""Values that programs in Python write and files cannot: paths and networks."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from livekit_firewall.deployment.derive import read_deployment
from livekit_firewall.model.errors import ConfigurationError

NETWORKS = [IPv4Network("192.0.2.0/24"), "198.51.100.0/24", IPv6Network("2001:db8::/32")]


@pytest.mark.parametrize("kind", [list, tuple])
def test_networks_and_paths_of_python_are_read_as_their_texts(kind: Any, tmp_path: Path) -> None:
    for name in ("livekit.yaml", "sip.yaml"):
        (tmp_path / name).write_text("rtc: {tcp_port: 7890}\n" if name == "livekit.yaml" else "sip_port: 5070\n")
    carrier = {"name": "one", "signaling": kind(NETWORKS), "media": kind(NETWORKS[:1])}

    def given(path: Any, written: Any) -> dict[str, Any]:
        blocks = kind(map(written, NETWORKS))
        trunk = {key: kind(map(written, value)) if key != "name" else value for key, value in carrier.items()}
        return {
            "livekit_config": path("livekit.yaml"),
            "sip_config": path("sip.yaml"),
            "operators": {"cidrs": blocks},
            "clients": {"cidrs": blocks},
            "cluster": {"cidrs": blocks},
            "load_balancer": {"cidrs": blocks},
            "trunks": kind([*blocks[:2], trunk]),
            "host": {"path": path("host.nft")},
        }

    native, texts = (read_deployment(given(*how), tmp_path) for how in ((PurePosixPath, lambda one: one), (str, str)))
    assert native == texts
    assert native.targets["host"].path == "host.nft"
    plain = {"livekit_config": Path("livekit.yaml"), "sip_config": Path("sip.yaml"), "trunks": kind(NETWORKS)}
    assert {str(rule.peer) for rule in read_deployment(plain, tmp_path).rules if rule.service.name == "SIP"} == {
        str(one) for one in NETWORKS
    }


def test_folders_and_lists_of_files_may_be_paths(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text("services: {lk: {image: livekit/livekit-server, network_mode: host}}\n")
    expected = read_deployment({"compose": "compose.yaml"}, tmp_path)
    for compose in (Path("compose.yaml"), [Path("compose.yaml")], ["compose.yaml"]):
        assert read_deployment({"compose": compose}, tmp_path) == expected, compose
    with pytest.raises(ConfigurationError) as caught:
        read_deployment({"plugnmeet": Path("nowhere"), "https": Path("a"), "ipv6": IPv4Network("10.0.0.0/8")}, tmp_path)
    said = list(map(str, caught.value.problems))
    assert said[0] == "https: must be true, false or a mapping with port and acme (got 'a')"
    assert "Path(" not in "".join(said)
    assert "IPv4Network(" not in "".join(said)
    assert any("nowhere" in one for one in said)

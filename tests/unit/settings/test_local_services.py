"""Further services on this node that any file names, in any spelling of the address: all of them are internal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from livekit_firewall.deployment.derive import Deployment, read_deployment
from livekit_firewall.deployment.listener import Listener
from livekit_firewall.model.errors import ConfigurationError
from livekit_firewall.model.services import Audience, Service

KEYS = {"api_key": "k", "api_secret": "s"}
NODE = {"node_ip": "192.0.2.1,2001:db8::1"}


def read(tmp_path: Path, given: dict[str, Any], **files: dict[str, Any]) -> Deployment:
    for name, content in files.items():
        (tmp_path / f"{name}.yaml").write_text(json.dumps(content))
    named = {f"{name}_config": f"{name}.yaml" for name in files}
    return read_deployment({"livekit": "livekit" in files, **named, **given}, tmp_path)


def listeners_of(deployment: Deployment, *services: Service) -> list[Listener]:
    return [one for one in deployment.listeners if one.service in (services or (Service.REDIS,))]


@pytest.mark.parametrize(
    ("address", "port"),
    [
        ("localhost:6380", 6380),
        ("LocalHost.:6380", 6380),
        ("redis.localhost:6380", 6380),
        ("localhost", 6379),
        (":6380", 6380),
        ("127.0.0.1:6380", 6380),
        ("127.8.9.10:6380", 6380),
        ("[::1]:6380", 6380),
        ("::1", 6379),
        ("[::ffff:127.0.0.1]:6380", 6380),
        ("0.0.0.0:6380", 6380),
        ("[::]:6380", 6380),
        ("192.0.2.1:6380", 6380),
        ("[2001:DB8:0::1]:6380", 6380),
        ("turn.example.com:6380", 6380),
        ("redis://user:secret@localhost:6380/0", 6380),
    ],
)
def test_an_address_of_this_node_is_its_own_redis(tmp_path: Path, address: str, port: int) -> None:
    server = {"rtc": NODE, "redis": {"address": address}, "turn": {"domain": "turn.example.com"}}
    (found,) = listeners_of(read(tmp_path, {}, livekit=server))
    assert (found.ports.first, found.audience, found.key) == (port, Audience.NOBODY, "redis.address")
    assert found.place.file == "livekit.yaml"


@pytest.mark.parametrize(
    "address", ["redis:6379", "10.0.0.7:6379", "192.0.2.2:6379", "[2001:db8::2]:6379", "", 6379, None]
)
def test_an_address_of_another_machine_is_no_local_service(tmp_path: Path, address: Any) -> None:
    assert listeners_of(read(tmp_path, {}, livekit={"rtc": NODE, "redis": {"address": address}})) == []


@pytest.mark.parametrize("service", ["livekit", "sip", "ingress", "egress"])
def test_the_file_of_every_service_names_redis(tmp_path: Path, service: str) -> None:
    own = {} if service == "livekit" else KEYS
    redis = {"sentinel_addresses": ["10.0.0.7:26379", "localhost:26379"], "cluster_addresses": ["127.0.0.1:7000"]}
    found = listeners_of(read(tmp_path, {}, **{service: {**own, "redis": redis}}))
    assert [(one.ports.first, one.key) for one in found] == [
        (7000, "redis.cluster_addresses"),
        (26379, "redis.sentinel_addresses"),
    ]


def test_an_address_that_another_services_file_gives_the_node_counts(tmp_path: Path) -> None:
    sip = {**KEYS, "redis": {"address": "192.0.2.1:6379"}}
    assert [one.ports.first for one in listeners_of(read(tmp_path, {}, livekit={"rtc": NODE}, sip=sip))] == [6379]


def test_files_with_the_same_address_give_one_service(tmp_path: Path) -> None:
    redis = {"redis": {"address": "localhost:6379"}}
    files = {name: {**KEYS, **redis} for name in ("sip", "ingress", "egress")}
    deployment = read(tmp_path, {}, livekit=redis, **files)
    assert len(listeners_of(deployment)) == 1
    assert not [one for one in deployment.findings if one.id == "overlap"]


def test_the_cluster_reaches_the_port_that_the_file_names(tmp_path: Path) -> None:
    cluster = {"cluster": {"cidrs": ["192.0.2.0/29"], "services": ["redis"]}}
    for port, key in ((6379, "cluster.services"), (6380, "redis.address")):
        deployment = read(tmp_path, cluster, livekit={"redis": {"address": f"localhost:{port}"}})
        assert [(one.ports.first, one.key, one.audience) for one in listeners_of(deployment)] == [
            (port, key, Audience.CLUSTER)
        ]


@pytest.mark.parametrize(
    ("url", "ports"),
    [
        ("ws://localhost:7880", [7880]),
        ("http://127.0.0.1:7890/", [7890]),
        ("wss://localhost:7890", []),
        ("ws://localhost", []),
        ("ws://localhost:80", []),
        ("ws://livekit:7880", []),
        ("ws://[::1", []),
    ],
)
def test_an_api_that_another_service_uses_over_plain_http(tmp_path: Path, url: str, ports: list[int]) -> None:
    found = listeners_of(read(tmp_path, {}, sip={**KEYS, "ws_url": url}), Service.API)
    assert [one.ports.first for one in found] == ports
    assert {one.audience for one in found} <= {Audience.NOBODY}


def test_plugnmeets_own_file_names_its_services(tmp_path: Path) -> None:
    config = {
        "redis_info": {"host": "localhost:6380"},
        "nats_info": {"nats_urls": ["nats://127.0.0.1:4223"]},
        "database_info": {"host": "localhost", "port": 3307, "password": "secret"},
        "livekit_info": {"host": "http://localhost:7880"},
    }
    (tmp_path / "config.yaml").write_text(json.dumps(config))
    for name in ("livekit", "ingress"):
        (tmp_path / f"{name}.yaml").write_text(json.dumps({"port": 7880} if name == "livekit" else KEYS))
    deployment = read_deployment({"plugnmeet": "."}, tmp_path)
    found = {one.ports.first for one in listeners_of(deployment, Service.REDIS, Service.NATS, Service.MARIADB)}
    assert {6380, 4223, 3307} <= found
    assert {one.audience for one in listeners_of(deployment, Service.REDIS, Service.NATS)} == {Audience.NOBODY}


def test_a_public_port_on_the_same_port_is_refused(tmp_path: Path) -> None:
    server = {"redis": {"address": "localhost:6379"}, "rtc": {"tcp_port": 6379}}
    with pytest.raises(ConfigurationError) as caught:
        read(tmp_path, {}, livekit=server)
    assert [str(one) for one in caught.value.problems] == [
        (
            "livekit.yaml:1:12: redis.address: must not share its port with ICE/TCP (rtc.tcp_port), which clients "
            "reach (got tcp/6379); move one of them"
        )
    ]


def test_ssh_on_the_same_port_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="must not share its port with SSH on tcp/6379 from anywhere"):
        read(
            tmp_path,
            {"operators": {"ssh_port": 6379}, "host": {}},
            sip={**KEYS, "redis": {"address": "localhost:6379"}},
        )

"""One configuration for each finding of the catalogue: the smallest that raises it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from livekit_firewall.reports.lint import LintOptions

TURN = "turn: {enabled: true, domain: turn.example.com, "
SERVER = "services:\n  livekit: {image: livekit/livekit-server, "
HOST = SERVER + "network_mode: host}\n"
PLUGNMEET = {"plugnmeet": {"whip": False}}


@dataclass(frozen=True)
class Example:
    """The files of services, the arguments besides, and what `lint` is told."""

    livekit: str | None = None
    sip: str | None = None
    ingress: str | None = None
    helm: str | None = None
    compose: str | None = None
    sets: tuple[str, ...] = ()
    env: str | None = None
    is_docker: bool = False
    given: dict[str, Any] = field(default_factory=dict)
    options: LintOptions = LintOptions()  # noqa: RUF009 (frozen)

    def written(self, folder: Path) -> dict[str, Any]:
        """Its files in a folder, and the arguments that name them."""
        files = {f"{service}_config": (f"{service}.yaml", service) for service in ("livekit", "sip", "ingress")}
        files |= {"helm": ("values.yaml", "helm"), "compose": ("compose.yaml", "compose")}
        arguments = {}
        for argument, (name, key) in files.items():
            if (text := getattr(self, key)) is not None:
                (folder / name).write_text(text + "\n")
                arguments[argument] = name
        return arguments


EXAMPLES: dict[str, Example] = {
    # what the services refuse
    "invalid-value": Example("port: 70000"),
    "udp-port-invalid": Example("rtc: {udp_port: 7892-7882}"),
    "range-reversed": Example("rtc: {port_range_start: 60000, port_range_end: 50000}"),
    "range-start-alone": Example("rtc: {port_range_start: 50000}"),
    "turn-no-port": Example("turn: {enabled: true}"),
    "turn-no-domain": Example("turn: {enabled: true, tls_port: 5349, external_tls: true}"),
    "relay-range-half": Example("turn: {enabled: true, udp_port: 3478, relay_range_start: 30000}"),
    "relay-range-reversed": Example(
        "turn: {enabled: true, udp_port: 3478, relay_range_start: 40000, relay_range_end: 30000}"
    ),
    "two-wildcards": Example('bind_addresses: ["0.0.0.0", "::"]'),
    "bind-addresses-invalid": Example('bind_addresses: ["10.0.0.5", "10.0.0.5"]'),
    "range-of-one": Example("rtc: {port_range_start: 50000, port_range_end: 50000, use_external_ip: true}"),
    "node-ip-invalid": Example("rtc: {node_ip: node.example.com}"),
    "turn-domain-invalid": Example(
        "turn: {enabled: true, tls_port: 443, domain: 'https://turn.example.com', cert_file: a, key_file: b}"
    ),
    "stun-port-twice": Example(
        "rtc: {udp_port: 7882, use_stun_port_as_ice: true}\nturn: {enabled: true, udp_port: 3478}"
    ),
    "force-tcp-without-port": Example("rtc: {force_tcp: true, tcp_port: 0}"),
    "rtp-port-invalid": Example(sip="redis: {address: localhost}\nrtp_port: 15000"),
    "sip-tls-no-certs": Example(sip="redis: {address: localhost}\ntls: {port: 5061}"),
    "sip-two-addresses": Example(sip="redis: {address: localhost}\nuse_external_ip: true\nnat_1_to_1_ip: 203.0.113.5"),
    "internal-port-shared": Example("prometheus: {port: 7881}"),
    # what a file is
    "placeholder": Example("redis: {address: '${REDIS}:6379'}"),
    "further-document": Example("port: 7880\n---\nturn: {enabled: true}\n"),
    # livekit-server
    "both-ice-modes": Example("rtc: {udp_port: 7882, port_range_start: 50000, port_range_end: 60000}"),
    "half-range": Example("rtc: {port_range_end: 55000}"),
    "range-zero": Example("rtc: {port_range_start: 0, port_range_end: 0}"),
    "udp-port-ignored": Example("rtc: {udp_port: [7882]}"),
    "node-ip-ignored": Example("rtc: {use_external_ip: true, node_ip: 203.0.113.5}"),
    "stun-must-answer": Example("rtc: {use_external_ip: true}"),
    "private-address-announced": Example("port: 7880", given={"aws": {"vpc_id": "vpc-1"}}),
    "development": Example("development: true\nkeys: {name: secret}"),
    "unknown-key": Example("rtc: {tcp_prot: 7881}"),
    "newer-key": Example("webtransport: {port: 7443}"),
    "prometheus-port": Example("prometheus_port: 6789\nprometheus: {port: 6790}"),
    "prometheus-half-credentials": Example("prometheus: {port: 6789, username: canary}"),
    "tcp-still-listening": Example("rtc: {allow_tcp_fallback: false}"),
    "ice-tcp-all-interfaces": Example('bind_addresses: ["10.0.0.5"]'),
    "api-all-interfaces": Example("port: 7880", given={"https": True}),
    "binds-nothing": Example("bind_addresses: []"),
    "webhook-no-key": Example("webhook: {urls: ['https://example.com'], api_key: other}\nkeys: {name: canary}"),
    "stun-server-invalid": Example("rtc: {stun_servers: [stun.example.org]}"),
    "turn-server-no-credentials": Example("rtc: {turn_servers: [{host: turn.example.com, port: 443, protocol: tls}]}"),
    "node-ip-announced": Example("rtc: {node_ip: node.example.com}", given={"versions": {"livekit": "1.9.11"}}),
    "typographic-quotes": Example("keys: {name: “secret”}"),
    "node-selector-invalid": Example("node_selector: {kind: regionaware}"),
    "pacer-unknown": Example("rtc: {congestion_control: {send_side_bwe_pacer: fast}}"),
    "batch-without-interval": Example("rtc: {udp_port: 7882, batch_io: {batch_size: 128}}"),
    "webtransport-no-certificate": Example("webtransport: {port: 7890}"),
    "turn-tls-unreachable": Example(TURN + "tls_port: 5349, external_tls: true}"),
    "turn-told-443": Example(TURN + "tls_port: 5349, external_tls: true}", given={"https": True}),
    "no-way-on-443": Example("turn: {enabled: true, udp_port: 443}"),
    "turn-no-certificate": Example(TURN + "tls_port: 443}"),
    "turn-no-node-ip": Example("turn: {enabled: true, udp_port: 443, bind_addresses: ['2001:db8::5']}"),
    "turn-private-nodes": Example("rtc: {node_ip: 10.0.0.5}\nturn: {enabled: true, udp_port: 3478}"),
    "turn-cidr-invalid": Example("turn: {enabled: true, udp_port: 3478, deny_peer_cidrs: [10.0.0.5]}"),
    "proxy-header-missing": Example(TURN + "tls_port: 443, cert_file: a, key_file: b, proxy_protocol: true}"),
    "relay-default": Example("turn: {enabled: true, udp_port: 3478}", given={"cluster": {"cidrs": ["203.0.113.0/28"]}}),
    # the services around it
    "rtp-port-ignored": Example(sip="redis: {address: localhost}\nrtp_port: {start: 10000, end: 20000}"),
    "redis-address-invalid": Example("redis: {address: 'redis://localhost:6379'}"),
    "sip-no-redis": Example(sip="sip_port: 5060"),
    "ingress-no-redis": Example(ingress="whip_port: 8080"),
    "sip-address-invalid": Example(sip="redis: {address: localhost}\nnat_1_to_1_ip: sip.example.com"),
    "sip-no-tls": Example(sip="redis: {address: localhost}"),
    "private-media-address": Example("rtc: {use_external_ip: true}", sip="redis: {address: localhost}"),
    "whip-media-port": Example(ingress="whip_port: 8080"),
    "whip-media-closed": Example(ingress="whip_port: 8089", given=PLUGNMEET),
    "udp-pull": Example(ingress="rtmp_port: 1935\nenable_udp_url_pull: true"),
    "haproxy-proxy-header": Example(given=PLUGNMEET),
    "node-port-overlap": Example(
        "rtc: {port_range_start: 30000, port_range_end: 32000}", options=LintOptions(kubernetes=True)
    ),
    "mux-pool-host-port": Example("rtc: {udp_port: 7882-7885}", options=LintOptions(kubernetes=True)),
    "docker-range": Example("port: 7880", is_docker=True),
    "helm-node-port": Example(helm="livekit: {port: 7880}\nloadBalancer: {type: gke}"),
    "helm-metrics-public": Example(helm="livekit: {prometheus_port: 6789}\nloadBalancer: {type: aws}"),
    "helm-pod-network": Example(helm="livekit: {port: 7880}\npodHostNetwork: false"),
    "helm-balancer": Example(helm="loadBalancer: {type: aws}\nlivekit: {port: 7880}"),
    "helm-no-secret": Example(helm="livekit: {turn: {enabled: true, tls_port: 5349, domain: turn.example.com}}"),
    "helm-no-key-file": Example(helm="storeKeysInSecret: {enabled: true}\nlivekit: {port: 7880}"),
    "helm-port-variable": Example(helm="fullnameOverride: livekit\nlivekit: {port: 7880}"),
    "no-effect": Example(helm="livekit: {stun_servers: [stun.example.com]}"),
    # containers, flags and variables
    "override-dropped": Example("port: 7880", sets=("UDP_PORT=x",)),
    "variable-unknown": Example(env="UDP_PORT=7882\nLIVEKIT_RTC_TCPPORT=7881"),
    "release-unknown": Example(compose="services:\n  l: {image: 'livekit/livekit-server:v1.14.2', network_mode: host}"),
    "published-missing": Example(compose=SERVER + 'ports: ["7881:7881"]}'),
    "published-elsewhere": Example(compose=SERVER + 'ports: ["17881:7881"]}'),
    "published-loopback": Example(compose=SERVER + 'ports: ["127.0.0.1:7881:7881"]}'),
    "published-unbound": Example(compose=SERVER + 'command: --dev, ports: ["7880:7880"]}'),
    "compose-own-address": Example(compose=SERVER + "networks: [lan]}\nnetworks: {lan: {driver: macvlan}}"),
    "published-internal": Example(compose=SERVER + 'ports: ["7880:7880"]}'),
    "turn-relay-bridge": Example("turn: {enabled: true, udp_port: 3478}", is_docker=True),
    "compose-perhaps-livekit": Example(
        compose='services:\n  voice: {build: ., ports: ["7880:7880"]}\n'
        "  phone: {image: livekit/sip, network_mode: host, environment: {SIP_CONFIG_BODY: 'redis: {address: r}'}}"
    ),
    "compose-proxy": Example(compose=HOST + "  caddy: {image: caddy, network_mode: host}"),
    "proxy-in-bridge": Example(
        compose=HOST + '  caddy: {image: caddy, ports: ["443:443"]}', given={"https": True, "host": {}}
    ),
    "compose-variable-unset": Example(compose=SERVER + 'network_mode: host, environment: ["NODE_IP=${ADDRESS}"]}'),
    "compose-config-unnamed": Example(compose=SERVER + 'network_mode: host, volumes: ["./l.yaml:/etc/livekit.yaml"]}'),
    "compose-shell-value": Example(
        compose=SERVER + 'network_mode: host, command: [sh, -c, "livekit-server --node-ip $$ADDRESS"]}'
    ),
    # the configuration against its firewall
    "overlap": Example("turn: {enabled: true, udp_port: 50001}"),
    "no-load-balancer": Example("port: 7880"),
    "no-operators": Example("prometheus: {port: 6789}"),
    "no-cluster": Example("turn: {enabled: true, udp_port: 3478}"),
    "no-common-family": Example("bind_addresses: ['10.0.0.5']", given={"load_balancer": {"cidrs": ["2001:db8::/64"]}}),
    "sip-public": Example(sip="redis: {address: localhost}"),
    "ssh-public": Example("port: 7880", given={"operators": {"cidrs": ["0.0.0.0/0"]}}),
    "same-group-relay": Example(
        "turn: {enabled: true, udp_port: 3478}", given={"cluster": {"same_group": True}, "aws": {"vpc_id": "vpc-1"}}
    ),
    "private-source-unfiltered": Example(
        "port: 7880", given={"operators": {"cidrs": ["10.0.0.0/16"]}, "hetzner": {"server_ids": [1]}}
    ),
    "hairpin-closed": Example("rtc: {use_external_ip: true}", given={"clients": {"cidrs": ["198.51.100.0/24"]}}),
    "ipv6-announced-closed": Example("rtc: {node_ip: '203.0.113.5,2001:db8::5'}", given={"ipv6": False}),
    "unused-access": Example("port: 7880", given={"trunks": ["198.51.100.0/28"]}),
    "range-too-small": Example(
        "rtc: {port_range_start: 50000, port_range_end: 50999}", options=LintOptions(participants=501)
    ),
    "mux-pool-unused": Example("rtc: {udp_port: 7882-7889}", options=LintOptions(cpus=2)),
    "too-many-ports": Example("port: 7880", options=LintOptions(max_ports=100)),
    "does-not-fit": Example(
        "port: 7880",
        given={
            "load_balancer": {"cidrs": ["10.0.0.0/24"]},
            "aws": {"security_group_id": "sg-1", "existing_rules": 60},
        },
    ),
    "no-room-to-change": Example(
        sip="redis: {address: localhost}",
        given={
            "trunks": [f"198.51.100.{number}/32" for number in range(0, 20, 2)],
            "aws": {"security_group_id": "sg-1", "existing_rules": 15},
        },
    ),
}

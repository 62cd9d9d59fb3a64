"""Findings about livekit-server's own configuration."""

from __future__ import annotations

from .entry import Entry

_RTC = "livekit/mediatransportutil pkg/rtcconfig"
_MANAGER = "livekit/livekit v1.13.5 pkg/service/roommanager.go"

SERVER: tuple[Entry, ...] = (
    Entry(
        id="both-ice-modes",
        severity="warning",
        title="`udp_port` and a whole port range are both set",
        users="The range is used and `udp_port` is never bound, whatever LiveKit's page, the start-up log and "
        "`livekit-server ports` say; a firewall that opens only `udp_port` leaves callers on TCP.",
        fix="Remove `udp_port`, or both ends of the range.",
        source=f"{_RTC}/webrtc_config.go:126-129; livekit/livekit issue 2915",
    ),
    Entry(
        id="half-range",
        severity="error",
        title="one end of the ICE range is set alone, and ignored",
        users="Media uses other ports than the file seems to say; a firewall made from the file closes them.",
        fix="Set both ends, or neither.",
        source=f"{_RTC}/config.go:89-97",
    ),
    Entry(
        id="range-zero",
        severity="warning",
        title="both ends of the ICE range are 0, and there is no `udp_port`",
        users="Media takes the default range, which a firewall made for no UDP at all closes.",
        fix="Write the range, set `rtc.udp_port` for one port, or `rtc.force_tcp: true` for no UDP at all.",
        source=f"{_RTC}/config.go:89-97",
    ),
    Entry(
        id="udp-port-ignored",
        severity="error",
        title="`udp_port` is 0, a list or a mapping, and ignored",
        users="The server silently takes the range 50000-60000; calls fail where only the port meant is open.",
        fix="Write a port or a range such as 7882-7892, or remove the key.",
        source=f"{_RTC}/config.go:136-168; fluxerapp/fluxer issue 1126",
    ),
    Entry(
        id="node-ip-ignored",
        severity="error",
        title="`node_ip` is set and `use_external_ip` overwrites it",
        users="Clients are told the address that STUN found, not the one written; with another NAT on the way "
        "out nobody connects.",
        fix="Remove `use_external_ip` to announce `node_ip`, or remove `node_ip`.",
        source=f"{_RTC}/config.go:99-111; livekit/livekit issue 4049",
    ),
    Entry(
        id="stun-must-answer",
        severity="note",
        title="`use_external_ip` is on, so livekit-server needs an answer from a STUN server at its start",
        users="Without an answer on UDP 3478 or 19302 from outside, the server does not start at all.",
        fix="Let UDP out, or set `node_ip` in place of `use_external_ip`.",
        source=f"{_RTC}/ip.go:36-53; livekit/livekit issues 4487, 4626",
    ),
    Entry(
        id="private-address-announced",
        severity="warning",
        title="neither `use_external_ip` nor `node_ip` is set",
        users="Behind NAT, as on AWS, Google Cloud and Azure, clients are told a private address and join "
        "without audio or video.",
        fix="Set `rtc.use_external_ip: true`, or `rtc.node_ip` to the public address.",
        source=f"{_RTC}/config.go:99-111; livekit/livekit issues 2088, 3747",
    ),
    Entry(
        id="development",
        severity="warning",
        title="`development` is on",
        users="pprof and the contents of rooms are served on the API port without authentication.",
        fix="Remove it on a node that others reach.",
        source="livekit/livekit v1.13.5 pkg/service/server.go",
    ),
    Entry(
        id="unknown-key",
        severity="error",
        title="the service does not know a key in the version that runs",
        users="livekit-server refuses to start; SIP, ingress and egress ignore it and use their default.",
        fix="Correct its spelling, or remove it; give `--server-version` if another version runs, and ignore the "
        "finding if the server runs with --disable-strict-config.",
        source="every release's pkg/config/config.go (tools/config_keys); livekit/sip issue 520",
    ),
    Entry(
        id="newer-key",
        severity="note",
        title="a key that only the newest releases of livekit-server know, while nothing says which one runs",
        users="An older server refuses to start.",
        fix="Run at least the version named, pin it, and give it by `--server-version`.",
        source="livekit/livekit PRs 4744, 4852 and CHANGELOG",
    ),
    Entry(
        id="prometheus-port",
        severity="warning",
        title="the deprecated `prometheus_port` beside `prometheus.port`",
        users="The deprecated key wins, so a scraper at the other port finds nothing.",
        fix="Remove `prometheus_port`.",
        source="livekit/livekit v1.13.5 pkg/service/server.go:171-175",
    ),
    Entry(
        id="prometheus-half-credentials",
        severity="error",
        title="`prometheus` has a username or a password, not both",
        users="livekit-server 1.13.5 serves metrics without authentication; 1.13.6 and newer do not start.",
        fix="Set both, or neither.",
        source="livekit/livekit PR 4749",
    ),
    Entry(
        id="tcp-still-listening",
        severity="warning",
        title="`allow_tcp_fallback: false`, and `tcp_port` still listens",
        users="A port is open that no client is sent to.",
        fix="Set `rtc.tcp_port: 0` to close it.",
        source=f"{_MANAGER}:451-455",
    ),
    Entry(
        id="ice-tcp-all-interfaces",
        severity="note",
        title="`tcp_port` listens on every interface, whatever `bind_addresses` says",
        users="ICE/TCP is bound on interfaces that were meant to be left out; the firewall is the only guard.",
        fix="Keep the other interfaces closed by default.",
        source="livekit/livekit issues 3513, 4306, 4499",
    ),
    Entry(
        id="api-all-interfaces",
        severity="note",
        title="the API listens on every interface behind a proxy on the node",
        users="LiveKit's page calls the port not exposed; without a firewall it is reached past the proxy, "
        "in plain text.",
        fix='Set `bind_addresses: ["127.0.0.1"]`, or rely on the firewall.',
        source="livekit/livekit v1.13.5 pkg/service/server.go:237-268",
    ),
    Entry(
        id="binds-nothing",
        severity="error",
        title="`bind_addresses` is an empty list",
        users="The server starts and its API listens nowhere, so nobody can join.",
        fix="Remove the key to listen on all addresses.",
        source="livekit/livekit v1.13.5 pkg/service/server.go:237-268",
    ),
    Entry(
        id="webhook-no-key",
        severity="error",
        title="webhooks without an API key that is among `keys`",
        users="livekit-server does not start.",
        fix="Set `webhook.api_key` to one of the names under `keys`.",
        source="livekit/livekit v1.13.5 pkg/service/wire.go:163-172",
    ),
    Entry(
        id="turn-tls-unreachable",
        severity="error",
        title="clients cannot reach TURN/TLS",
        users="Clients are always told port 443 with TLS, so those in networks that allow nothing else fail.",
        fix="Set `turn.tls_port: 443` with a certificate, or name the load balancer or proxy that serves 443.",
        source=f"{_MANAGER}:1068-1070; livekit/livekit issues 2344, 4542",
    ),
    Entry(
        id="turn-told-443",
        severity="note",
        title="clients are told 443, not `tls_port`",
        users="The sample says that `tls_port` is advertised; a load balancer that listens there and not on 443 "
        "is never found.",
        fix="Let the load balancer or proxy listen on 443 for `turn.domain` and hand on to `tls_port`.",
        source=f"{_MANAGER}:1068-1070",
    ),
    Entry(
        id="turn-no-certificate",
        severity="error",
        title="TURN/TLS without a certificate",
        users="livekit-server does not start (TURN tls cert required).",
        fix="Set `turn.cert_file` and `turn.key_file` (or LIVEKIT_TURN_CERT and LIVEKIT_TURN_KEY), or "
        "`turn.external_tls: true` behind a proxy that ends TLS.",
        source="livekit/livekit v1.13.5 pkg/service/turn.go:126-130",
    ),
    Entry(
        id="turn-no-node-ip",
        severity="error",
        title="TURN is bound in a family that the node has no address of",
        users="livekit-server does not start (no matching node IP for relay).",
        fix="Give an address of each family in `rtc.node_ip`, or bind the other family only.",
        source="livekit/livekit v1.13.5 pkg/service/turn.go:75-84",
    ),
    Entry(
        id="turn-private-nodes",
        severity="warning",
        title="TURN is on and the node announces a private address",
        users="Since 1.12.0 TURN refuses private peers, so relayed calls connect and carry nothing.",
        fix="Announce the public address, or list the nodes' blocks in `turn.allow_restricted_peer_cidrs`.",
        source="livekit/livekit PR 4505",
    ),
    Entry(
        id="turn-cidr-invalid",
        severity="error",
        title="a block in `turn.…_cidrs` cannot be read",
        users="livekit-server 1.13.5 skips the block, so relaying differs from what is written; 1.13.6 and "
        "newer do not start.",
        fix="Write blocks such as 10.0.0.0/8.",
        source="livekit/livekit v1.13.5 pkg/service/turn.go:96-125",
    ),
    Entry(
        id="proxy-header-missing",
        severity="error",
        title="`turn.proxy_protocol` without anything in front that sends the header",
        users="Every client's TURN/TLS connection is closed, since it carries no PROXY header.",
        fix="Remove `turn.proxy_protocol`, or name the load balancer or proxy.",
        source="livekit/livekit PR 4852",
    ),
    Entry(
        id="relay-default",
        severity="note",
        title="the TURN relay range is left at 30000-40000",
        users="LiveKit's page leaves these ports out, or says any available port; between nodes they must be open.",
        fix="Leave it, since the rules open it to the cluster, or set `turn.relay_range_start` and "
        "`turn.relay_range_end` for a smaller one.",
        source="livekit/livekit v1.13.5 pkg/config/config.go:587-596; issue 3164",
    ),
)

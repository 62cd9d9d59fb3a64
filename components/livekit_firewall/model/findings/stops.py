"""Findings that every command but `lint` refuses to go on with.

The service does not start with them, or nobody can say which ports it opens.
"""

from __future__ import annotations

from .entry import Entry


def _stop(id: str, title: str, users: str, fix: str, source: str) -> Entry:
    return Entry(id=id, severity="error", title=title, users=users, fix=fix, source=source, stops=True)


_NO_START = "The service does not start, so nobody can connect."
_CONFIG = "livekit/livekit v1.13.5 pkg/config/config.go"
_RTC = "livekit/mediatransportutil pkg/rtcconfig/config.go:136-168"
_TURN = "livekit/livekit v1.13.5 pkg/service/turn.go:48-63"
_SIP = "livekit/sip pkg/config/config.go"

STOPS: tuple[Entry, ...] = (
    _stop(
        "invalid-value",
        "a value is of the wrong type, or a port out of 1 to 65535",
        "The service refuses the file, or takes another port: 70000 becomes 4464.",
        "Write a value of the kind that is expected.",
        "livekit/mediatransportutil pkg/rtcconfig/webrtc_config.go:127",
    ),
    _stop(
        "udp-port-invalid",
        "`udp_port` is neither a port nor a range",
        _NO_START,
        "Write one port, or two joined by `-`, the second one greater.",
        _RTC,
    ),
    _stop(
        "range-reversed",
        "the ICE range ends before it starts",
        _NO_START,
        "Swap them, or remove both.",
        "pion/webrtc settingengine.go:284-287",
    ),
    _stop(
        "range-start-alone",
        "`port_range_start` without `port_range_end`",
        "Media takes any free port of the system, which no firewall can allow: calls connect by chance.",
        "Set `port_range_end` too, or remove `port_range_start`.",
        "livekit/mediatransportutil pkg/rtcconfig/config.go:89-97; pion/ice net.go:137",
    ),
    _stop(
        "turn-no-port",
        "TURN is on without a port",
        _NO_START + " Both ports are off by default, whatever LiveKit's page says (5349 and 3478).",
        "Set `turn.udp_port`, `turn.tls_port` or both.",
        _TURN,
    ),
    _stop("turn-no-domain", "TURN/TLS without a domain", _NO_START, "Set `turn.domain`.", _TURN),
    _stop(
        "relay-range-half",
        "one end of the TURN relay range is missing",
        "The server replaces both by 30000-40000, so relayed media meets a closed firewall.",
        "Set both, or neither for 30000-40000.",
        _CONFIG + ":587-596",
    ),
    _stop(
        "relay-range-reversed",
        "the TURN relay range ends before it starts",
        "The server starts and relays on any port from 0 to 65535, so relayed calls fail at the firewall.",
        "Swap them.",
        "pion/turn relay_address_generator_range.go:96",
    ),
    _stop(
        "two-wildcards",
        "one list of bind addresses holds both 0.0.0.0 and ::",
        _NO_START + " Either of them listens in both families, and the second one finds the address in use.",
        "Keep one of the two.",
        "livekit/livekit v1.13.5 pkg/service/server.go:237-268",
    ),
    _stop(
        "bind-addresses-invalid",
        "a list of bind addresses holds what cannot be bound",
        _NO_START,
        "Write each address once, as an entry of its own without brackets and port; for all of them, remove the key.",
        "livekit/livekit v1.13.5 pkg/service/server.go:237-268; cmd/server/main.go",
    ),
    _stop(
        "range-of-one",
        "a range of one port together with `use_external_ip`",
        "The server panics while it looks for its address (rand.Intn of 0), so it does not start.",
        "Set `rtc.udp_port` to that port in place of the range.",
        "livekit/mediatransportutil pkg/rtcconfig/webrtc_config.go:289-293",
    ),
    _stop(
        "node-ip-invalid",
        "`node_ip` holds no addresses that the server can read",
        _NO_START,
        "Write one IPv4 address, one IPv6 address, or one of each joined by a comma.",
        "livekit/mediatransportutil pkg/rtcconfig/config.go:201-233",
    ),
    _stop(
        "turn-domain-invalid",
        "`turn.domain` is no domain",
        _NO_START,
        "Write a name with a dot, without scheme and port.",
        "livekit/livekit v1.13.5 pkg/service/utils.go:109-112",
    ),
    _stop(
        "stun-port-twice",
        "TURN/UDP and `use_stun_port_as_ice` both want 3478",
        _NO_START,
        "Move `turn.udp_port`, for example to 443.",
        "livekit/mediatransportutil pkg/rtcconfig/webrtc_config.go:130-158",
    ),
    _stop(
        "force-tcp-without-port",
        "`force_tcp` while `tcp_port` is 0",
        _NO_START,
        "Set `rtc.tcp_port`, or remove `force_tcp`.",
        "livekit/mediatransportutil pkg/rtcconfig/webrtc_config.go:201",
    ),
    _stop(
        "rtp-port-invalid",
        "`rtp_port` is a single port, or no range",
        "15000 means 15000-20000 to livekit-sip, and 30000 an empty range, with which every call fails.",
        "Write both ends: 10000-20000.",
        "livekit/sip pkg/config/config.go; pkg/sip/media_port.go",
    ),
    _stop(
        "sip-tls-no-certs",
        "SIP `tls` without certificates",
        "livekit-sip does not start, so no call is answered.",
        "Add `tls.certs`, or remove the section.",
        _SIP,
    ),
    _stop(
        "sip-two-addresses",
        "an external IP is both looked up and given",
        "livekit-sip does not start, so no call is answered.",
        "Remove one of the two.",
        _SIP + ":216-222",
    ),
    _stop(
        "internal-port-shared",
        "an internal service is on a port that others open",
        "The internet reaches an API, metrics or a database through the neighbour's rule, or through the baseline.",
        "Move one of the two to another port; where it is SSH, `operators.cidrs` may say who uses it.",
        "the rules that livekit-firewall derives",
    ),
)

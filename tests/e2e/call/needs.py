"""Who a firewall's rules are there for: the conditions that clients, trunks, operators and nodes are in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from livekit_firewall.model.addresses import Family
from livekit_firewall.model.services import Service

from .lab import BALANCER, NODE, OPERATOR, TRUNK

CLIENT = "clients"
"""Everybody: who a rule is for that names no addresses of ROLES."""


@dataclass(frozen=True, eq=False)
class Need:
    """A condition that somebody is in, and that one rule is there for.

    Attributes:
        text: of whom, as a phrase.
        who: CLIENT, or the IPv4 address of one of ROLES that the rule must name.
        family: in which it is there; None: in both.
        kind: "call"; "ask" in the service's own protocol; "echo" of a packet where no real service listens in the
            laboratory; "relay": a packet to an address that TURN gave to a client.
        network: of a call, what the client's network lets out, and no more: "udp/1-65535". {own} is the rule's ports,
            {api} the port that is joined at; empty: everything.
        transport: that the call must then run by.
        option: of client.py.
        tls_at: where the client finds TURN/TLS: CLIENT for the server itself, or one of ROLES; "": it does not.
    """

    text: str
    who: str = CLIENT
    family: Family | None = None
    kind: str = "call"
    network: Sequence[str] = ()
    transport: str = ""
    option: str = ""
    tls_at: str = ""


THROUGH_BALANCER = Need("a client that joins through the load balancer", who=BALANCER)
OVER_UDP = Need("a client whose network lets media out over UDP alone", network=("{own}", "tcp/{api}"), transport="udp")
OVER_TCP = Need("a client whose network blocks UDP", network=("{own}", "tcp/{api}"), transport="tcp")
RELAYED = Need("a client that only relays", transport="relay/udp", option="--relay")
# While `turn.bind_addresses` is the default, the server listens in both families and relays in IPv4 alone: over IPv6
# it answers STUN, but no request for an address (1.13.5; pion derives the relay's family from the client's).
RELAYED_IPV4 = replace(RELAYED, family=Family.IPV4)
STUN_IPV6 = Need("a client that asks over IPv6 what its address is", family=Family.IPV6, kind="ask")
# Through the tunnel of turn.py: what is TCP to the client is TLS on the wire.
ONLY_443 = Need(
    "a client whose network lets nothing out but 443/tcp", network=("{own}", "tcp/{api}"), transport="relay/tcp",
    option="--relay", tls_at=CLIENT,
)  # fmt: skip
ONLY_443_AT_BALANCER = Need(
    "the same, with a load balancer in front of TURN/TLS", who=BALANCER, family=Family.IPV4,
    network=("{own}", "tcp/{api}"), transport="relay/tcp", option="--relay", tls_at=BALANCER,
)  # fmt: skip
STUN_IPV6_AT_BALANCER = replace(STUN_IPV6, who=BALANCER)
BY_HTTPS = Need("a client that joins through the TLS proxy on the node")
ACME = Need("the authority that looks at port 80 before it signs a certificate", kind="echo")
SECOND_NODE = Need("a second node of the cluster", who=NODE, kind="ask")
ITS_REDIS = Need("a second node, whose Redis is here", who=NODE, kind="echo")
SECOND_NODE_RELAY = Need("media of a second node, for a client that relays here", who=NODE, kind="relay")
AN_OPERATOR = Need("an operator", who=OPERATOR, kind="echo")
ITS_METRICS = Need("an operator's Prometheus", who=OPERATOR, kind="ask")
A_BALANCER = Need("a load balancer", who=BALANCER, kind="echo")
TRUNK_SIP = Need("a trunk that calls", who=TRUNK, kind="ask")
TRUNK_RTP = Need("the audio of a trunk", who=TRUNK, kind="echo")
RTMP_STREAMER = Need("somebody who streams by RTMP", kind="ask")
WHIP_STREAMER = Need("somebody who streams by WHIP", kind="echo")

Needs = Mapping[Service, Sequence[Need]]

API: Needs = {Service.API: [THROUGH_BALANCER]}
UDP: Needs = {Service.ICE_UDP: [OVER_UDP]}
TCP: Needs = {Service.ICE_TCP: [OVER_TCP]}
MEDIA: Needs = {**UDP, **TCP}
DIRECT: Needs = {**API, **MEDIA}
TURN_UDP: Needs = {Service.TURN_UDP: [RELAYED_IPV4, STUN_IPV6]}

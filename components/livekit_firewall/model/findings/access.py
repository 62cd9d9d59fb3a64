"""Findings about who reaches what: needed but closed, open but unused, too small, too much."""

from __future__ import annotations

from .entry import Entry

_RULES = "the rules that livekit-firewall derives"

ACCESS: tuple[Entry, ...] = (
    Entry(
        id="overlap",
        severity="error",
        title="two services want the same port",
        users="Only one of them can bind; the other does not start, or fails now and then within a range.",
        fix="Move one of them.",
        source="livekit/livekit v1.13.5 pkg/service/turn.go; semaphore-chat/semaphore-chat issue 189",
    ),
    Entry(
        id="no-load-balancer",
        severity="warning",
        title="a port is for the load balancer, and none is named",
        users="Nobody reaches the port from another machine. Without the API nobody can join; without TURN/TLS those "
        "cannot whose network lets 443 out and nothing else.",
        fix="Name it in `load_balancer` (`--load-balancer`), or say that a TLS proxy runs on the node: `https` "
        "(`--https`).",
        source=_RULES,
    ),
    Entry(
        id="no-operators",
        severity="note",
        title="a port opens to operators only, and none are named",
        users="Metrics and health are reached from the node itself only.",
        fix="Name them in `operators` (`--operator`).",
        source=_RULES,
    ),
    Entry(
        id="no-cluster",
        severity="note",
        title="a port opens to the cluster's nodes only, and none are named",
        users="A single node needs no rule; between several, relayed calls may fail.",
        fix="With several nodes, name all their public addresses in `cluster` (`--cluster`).",
        source=_RULES,
    ),
    Entry(
        id="no-common-family",
        severity="warning",
        title="a service listens in no family of those who should reach it",
        users="Nobody reaches it.",
        fix="Correct the sources or the bind addresses.",
        source=_RULES,
    ),
    Entry(
        id="sip-public",
        severity="warning",
        title="SIP is open to the internet",
        users="Where its signalling is, calls of strangers reach the service, and a dispatch rule that names no trunk "
        "may give each a room; where its audio is, packets of strangers reach the ports of calls.",
        fix='Name the carriers\' addresses in `trunks` (`--trunk`), or say `trunks: "anywhere"` if that is meant.',
        source="livekit/sip issue 460; pkg/config/config.go, hide_inbound_port",
    ),
    Entry(
        id="ssh-public",
        severity="warning",
        title="SSH is open to the internet",
        users="Anybody can try passwords.",
        fix="Name the operators' own addresses.",
        source=_RULES,
    ),
    Entry(
        id="same-group-relay",
        severity="warning",
        title="groups and tags, `cluster.same_group` among them, do not match the addresses that relays use",
        users="Media relayed between nodes by public address is dropped.",
        fix="Name the public addresses in `cluster.cidrs`.",
        source="Amazon VPC guide, referencing security groups",
    ),
    Entry(
        id="private-source-unfiltered",
        severity="warning",
        title="a source is in the private network, which the cloud's firewall does not filter",
        users="The rule for it does nothing: every machine of that network reaches every port of the node.",
        fix="Filter the private network on the node itself (`host`), and name public addresses here.",
        source="docs.hetzner.com/cloud/firewalls/faq",
    ),
    Entry(
        id="hairpin-closed",
        severity="warning",
        title="the node's own public address may not reach its media ports",
        users="`use_external_ip` sends a packet to itself at start; if that is dropped, clients are told a "
        "private address.",
        fix="Add the node's public address to `clients.cidrs`, or set `rtc.node_ip` in place of `use_external_ip`.",
        source="livekit/mediatransportutil pkg/rtcconfig/ip.go:133-297; livekit/livekit issues 3157, 3203",
    ),
    Entry(
        id="ipv6-announced-closed",
        severity="warning",
        title="`node_ip` announces an IPv6 address, and IPv6 is closed",
        users="Clients try an address that never answers; those with IPv6 only cannot connect.",
        fix="Remove `ipv6: false` (`--no-ipv6`), or the IPv6 address from `rtc.node_ip`.",
        source=_RULES,
    ),
    Entry(
        id="unused-access",
        severity="note",
        title="sources are named that no service on the node is for",
        users="Nothing is wrong for users; the configuration promises what no service on the node uses.",
        fix="Remove the argument, or give the service's configuration.",
        source=_RULES,
    ),
    Entry(
        id="range-too-small",
        severity="error",
        title="the ICE range is too small for the participants expected",
        users="Those who come last join without audio or video: no port is left for them.",
        fix="Widen the range to two ports for each participant, or use `rtc.udp_port`.",
        source="livekit/livekit v1.13.5 pkg/service/roommanager.go:449",
    ),
    Entry(
        id="mux-pool-unused",
        severity="note",
        title="a pool of mux ports is larger than the number of CPUs",
        users="Nothing is wrong for users; the ports beyond are open and never bound.",
        fix="Keep as many ports as the node has virtual CPUs.",
        source="livekit/mediatransportutil pkg/rtcconfig/webrtc_config.go:130-158",
    ),
    Entry(
        id="too-many-ports",
        severity="warning",
        title="more ports than the firewall, NAT or load balancer in front can open or forward",
        users="Ports beyond the quota stay closed, and calls fail on them at random.",
        fix="Use `rtc.udp_port` with a single port.",
        source=_RULES,
    ),
    Entry(
        id="does-not-fit",
        severity="error",
        title="a platform cannot hold the rules",
        users="The firewall is not created.",
        fix="Follow what the finding says of the platform's limit.",
        source="the platforms' documented quotas",
    ),
    Entry(
        id="no-room-to-change",
        severity="note",
        title="the sources of an argument cannot all change in one update",
        users="Nothing is wrong for users until then; an update that goes over the quota stops half way.",
        fix="Name fewer, larger blocks, or make room before all of them change (docs/quotas.md).",
        source="the platforms' documented quotas; Pulumi creates before it deletes",
    ),
)

"""Findings about the services around livekit-server."""

from __future__ import annotations

from .entry import Entry

SERVICES: tuple[Entry, ...] = (
    Entry(
        id="rtp-port-ignored",
        severity="error",
        title="`rtp_port` is 0, a list or a mapping, and ignored",
        users="livekit-sip takes 10000-20000; calls are silent where only the ports meant are open.",
        fix="Write a range such as 10000-20000.",
        source="livekit/sip pkg/config/config.go",
    ),
    Entry(
        id="sip-no-redis",
        severity="error",
        title="sip.yaml has no `redis`",
        users="livekit-sip does not start (redis configuration is required), so no call is answered.",
        fix="Add the `redis` section that livekit-server has.",
        source="livekit/sip pkg/config/config.go",
    ),
    Entry(
        id="sip-no-tls",
        severity="note",
        title="SIP over TLS is off",
        users="LiveKit's page lists 5061 beside 5060; without a `tls` section nothing listens there.",
        fix="Add `tls` with certificates if a carrier needs it; leave 5061 closed otherwise.",
        source="livekit/sip pkg/sip/server.go",
    ),
    Entry(
        id="private-media-address",
        severity="warning",
        title="livekit-server looks up its public address, and this service on the same node does not",
        users="Behind 1:1 NAT it announces a private address: WHIP connects and drops, telephone calls are silent.",
        fix="Set `use_external_ip: true` there too (ingress: under `rtc_config`).",
        source="livekit/sip issues 208, 597; livekit/ingress issue 231",
    ),
    Entry(
        id="whip-media-port",
        severity="note",
        title="WHIP media has a UDP port of its own, 7885",
        users="LiveKit's page leaves it out; a firewall made from the page lets WHIP connect, then drop.",
        fix="Open it wherever WHIP is used; these rules do.",
        source="livekit/ingress pkg/config/config.go:62; issues 231, 375",
    ),
    Entry(
        id="whip-media-closed",
        severity="note",
        title="plugNmeet's ingress takes WHIP, and WHIP media stays closed",
        users="WHIP connects through HAProxy and drops, as its media finds no open port; neither does the "
        "installer's ufw open it.",
        fix="Set `plugnmeet.whip: true` where WHIP is used.",
        source="mynaparrot/plugNmeet-install install.sh:483-499",
    ),
    Entry(
        id="udp-pull",
        severity="warning",
        title="`enable_udp_url_pull` lets ingress bind ports that callers choose",
        users="udp:// sources stay silent: no rule opens ports that are known only when a caller asks.",
        fix="Remove the key, or pull by another protocol.",
        source="livekit/livekit PR 4810",
    ),
    Entry(
        id="haproxy-proxy-header",
        severity="warning",
        title="plugNmeet's HAProxy sends a PROXY header that TURN does not take",
        users="livekit-server closes each TURN/TLS connection unanswered, so users in strict networks fail.",
        fix="With livekit-server 1.13.7 or newer, set `turn.proxy_protocol: true` and the machine's address in "
        "`turn.proxy_protocol_trusted_cidrs`; with an older one, remove send-proxy-v2 from that HAProxy backend.",
        source="mynaparrot/plugNmeet-install install-files/haproxy_main.cfg:78",
    ),
    Entry(
        id="node-port-overlap",
        severity="warning",
        title="ports within Kubernetes' NodePort range 30000-32767",
        users="A NodePort service may take a port of the range, and media on it reaches the wrong program.",
        fix="Move the range out of 30000-32767.",
        source="Kubernetes, --service-node-port-range",
    ),
    Entry(
        id="mux-pool-host-port",
        severity="warning",
        title="a range of mux ports cannot be a hostPort of the chart",
        users="Without host networking the pod's ports are not published, and media does not arrive.",
        fix="Use host networking, or a single `udp_port`.",
        source="livekit/livekit-helm livekit-server/templates/deployment.yaml:67-72",
    ),
    Entry(
        id="docker-range",
        severity="warning",
        title="a large UDP range on a Docker bridge",
        users="Docker starts a proxy for each port and stalls, or only users in the same network hear anything.",
        fix="Use `network_mode: host`, or `rtc.udp_port` with one port.",
        source="livekit/livekit issues 404, 1060; moby/moby issue 11185",
    ),
    Entry(
        id="helm-node-port",
        severity="warning",
        title="the chart's service is published by NodePort",
        users="The load balancer reaches the API at the node port, which must be open to it.",
        fix="Open the node port to the load balancer only.",
        source="livekit/livekit-helm livekit-server/templates/service.yaml:21-22",
    ),
    Entry(
        id="helm-metrics-public",
        severity="error",
        title="the chart publishes metrics on the load balancer",
        users="Anybody who reaches the load balancer reads the metrics.",
        fix="Use `prometheus.port`, which the chart does not publish.",
        source="livekit/livekit-helm livekit-server/templates/service.yaml:43-48",
    ),
    Entry(
        id="helm-pod-network",
        severity="warning",
        title="the chart runs without host networking",
        users="Media does not reach the pod at the addresses and ports that clients are told.",
        fix="Set `podHostNetwork: true`.",
        source="livekit/livekit-helm livekit-server/templates/deployment.yaml",
    ),
)

"""Findings about containers, compose files, and what flags and variables set."""

from __future__ import annotations

from .entry import Entry

_LIVEKIT = "livekit/livekit v1.13.5 cmd/server/main.go"

CONTAINERS: tuple[Entry, ...] = (
    Entry(
        id="override-dropped",
        severity="error",
        title="`UDP_PORT` or `NODE_IP` holds what livekit-server cannot read",
        users="The server drops the value without a word and runs with other ports or another address than meant.",
        fix="Correct it, or remove it.",
        source=f"{_LIVEKIT}:42-117, pkg/config/config.go updateFromCLI",
    ),
    Entry(
        id="variable-unknown",
        severity="warning",
        title="a variable is spelt almost as one that a LiveKit service reads",
        users="The service does not read it, and runs as if it were not there.",
        fix="Correct its name, or remove it.",
        source="tools/config_keys: the variables of every release",
    ),
    Entry(
        id="release-unknown",
        severity="warning",
        title="the tag of an image is a release that the tables do not have",
        users="The file is read by the newest release that they have: a key, a type or a default that changed since is "
        "misjudged, and so may be a port.",
        fix="Use a version of this package that has the release, or give the nearest one by `--server-version`.",
        source="tools/config_keys: the releases of each service",
    ),
    Entry(
        id="published-missing",
        severity="error",
        title="the compose file does not publish a port that clients need",
        users="Clients never get through to the container, whatever the firewall opens.",
        fix="Add it to `ports` with its protocol, or use `network_mode: host`.",
        source="docs.docker.com/engine/network/port-publishing; matrix-docker-ansible-deploy 4994",
    ),
    Entry(
        id="published-elsewhere",
        severity="error",
        title="a port is published on another port of the host than clients are told",
        users="Clients are told the container's port, where nothing listens on the host.",
        fix="Publish each port on the same port of the host.",
        source="element-hq/ess-helm PR 1079: ICE advertises the local port",
    ),
    Entry(
        id="published-loopback",
        severity="error",
        title="a port that clients need is published on loopback only",
        users="No other machine reaches it.",
        fix="Publish it without an address, or with the public one.",
        source="docs.docker.com/engine/network/port-publishing",
    ),
    Entry(
        id="published-unbound",
        severity="error",
        title="a port is published that its service binds to the loopback of the container",
        users="Docker forwards to the container's own address, where nothing listens: no proxy and no client gets in. "
        "`--dev` without `--bind` does this to the API.",
        fix="Bind it to every address of the container: `--bind 0.0.0.0`, and limit it where it is published.",
        source=f"{_LIVEKIT} getConfig: development binds 127.0.0.1 and ::1",
    ),
    Entry(
        id="compose-own-address",
        severity="warning",
        title="a container has an address of its own in the network outside (macvlan, ipvlan)",
        users="Whoever reaches that network reaches every port of the container: the host's ruleset sees none of it.",
        fix="Limit it in the network's own firewall, or use `network_mode: host`.",
        source="docs.docker.com/engine/network/drivers/macvlan",
    ),
    Entry(
        id="published-internal",
        severity="error",
        title="a port that is not for everybody is published on every address",
        users="Docker forwards it past the host's input chain: what the host's ruleset closes is open all the same, "
        "and only a firewall in front of the host keeps strangers from the API, Redis or metrics.",
        fix="Publish it on loopback or the private address, or not at all.",
        source="docs.docker.com/engine/network/packet-filtering-firewalls",
    ),
    Entry(
        id="turn-relay-bridge",
        severity="warning",
        title="TURN runs in a container whose relay ports nothing forwards",
        users="Clients that need TURN are told relay addresses that nothing forwards: they have no audio and video.",
        fix="Use `network_mode: host`, or publish a small relay range, port by port.",
        source="livekit/livekit issue 679; matrix-docker-ansible-deploy 4994",
    ),
    Entry(
        id="compose-perhaps-livekit",
        severity="warning",
        title="a service of the compose file may be livekit-server, and is not read as that",
        users="The firewall keeps the ports of LiveKit closed, and nobody hears or sees anybody.",
        fix="If it is, name what is built so (`image: livekit-server`), and give a file that is not mounted by "
        "`--livekit`.",
        source="livekit/livekit Dockerfile; compose-spec build.md",
    ),
    Entry(
        id="compose-proxy",
        severity="warning",
        title="the compose file runs what looks like a TLS proxy, and nothing is said of it",
        users="The firewall keeps 443 closed, and nobody signs in.",
        fix="Say `https` (`--https`), or name the load balancer.",
        source="livekit/deploy generate/production.go:256-265",
    ),
    Entry(
        id="proxy-in-bridge",
        severity="warning",
        title="the TLS proxy is in a bridge network, and livekit-server on the host's",
        users="The proxy's packets come to the host's input chain from the bridge, not from loopback: it answers 502, "
        "and nobody signs in, where the chain or `bind_addresses` does not let them in. A note where no target is "
        "named; a cloud's firewall does not see them.",
        fix="Run the proxy with `network_mode: host`, or give its network a fixed `subnet` under `ipam` and name "
        "that in `load_balancer.cidrs`.",
        source="docs.docker.com/engine/network/packet-filtering-firewalls; packets: tests/e2e/test_bridge_to_host.py",
    ),
    Entry(
        id="compose-variable-unset",
        severity="warning",
        title="a variable of the compose file is not in its `.env`",
        users="It counts as empty, as for Compose where the shell does not set it; the deployment may run otherwise.",
        fix="Set it in the `.env` file beside the compose file.",
        source="docs.docker.com/compose/how-tos/environment-variables/variable-interpolation",
    ),
    Entry(
        id="compose-config-unnamed",
        severity="error",
        title="a configuration is mounted, and no flag or variable tells the service to read it",
        users="The service runs with its defaults: other ports, no keys, no Redis.",
        fix="Add `--config` with its path to `command`.",
        source=f"{_LIVEKIT} getConfigString; livekit/sip, ingress, egress cmd/server/main.go",
    ),
    Entry(
        id="compose-shell-value",
        severity="note",
        title="the shell of the container fills in a value that is not known here",
        users="What follows from the value is not checked.",
        fix="Give it by `--set`.",
        source="docs.docker.com/reference/compose-file/services, command",
    ),
)

"""Each row of what is known of LiveKit's and plugNmeet's ports, and what holds the product to it.

A row is a finding, whose smallest example is in lint_examples.py, a test by its name, or a reason why there is nothing
to check. Rows about compose files and charts are held by their own tests.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from livekit_firewall.reports.lint import CATALOGUE

TESTS = Path(__file__).parents[1]

AGREEMENT = "e2e/livekit_server/test_agreement.py::test_what_it_binds_is_what_we_derive"
DOCUMENTS = "unit/deployment/test_listeners.py::test_the_internet_reaches_what_the_documents_call_exposed"
OUTBOUND = "unit/deployment/test_outbound.py::test_a_row_of_the_reference_is_a_need"
GENERATOR = "unit/settings/test_real_configurations.py::test_a_node_of_the_generator_with_its_own_proxy_and_ingress"
INSTALLER = "unit/settings/test_real_configurations.py::test_a_folder_of_plugnmeets_installer"
PRESET = "unit/deployment/test_listeners.py::test_the_plugnmeet_preset_opens_exactly_the_table_of_its_document"
FAMILIES = "unit/deployment/test_listeners.py::test_a_wildcard_is_bound_in_both_families_and_an_address_in_its_own"
INTERNAL = "unit/deployment/test_access.py::test_nothing_internal_is_reachable_from_the_internet"
CLOSED = "unit/deployment/test_access.py::test_sources_of_a_family_in_which_nothing_listens_are_a_finding"
INSTALLATION = "unit/settings/test_local_services.py::test_plugnmeets_own_file_names_its_services"
RULES = "unit/deployment/test_access.py::test_the_rules_admit_exactly_what_the_documents_say"
HERE = "unit/settings/test_local_services.py::test_the_file_of_every_service_names_redis"

FACTS: dict[str, tuple[str, ...]] = {
    # what livekit-server ends over
    "an unknown key": ("unknown-key", "newer-key"),
    "a wrong type": ("invalid-value", "e2e/livekit_server/test_keys.py::test_a_key_is_taken_and_refused_as_we_say"),
    "a bad udp_port": ("udp-port-invalid", "unit/settings/test_settings.py::test_the_grammar_of_a_mux_is_the_servers"),
    "an end below the start": ("range-reversed",),
    "force_tcp without tcp_port": ("force-tcp-without-port",),
    "use_external_ip and no STUN answer": ("stun-server-invalid", OUTBOUND),
    "a bad node_ip": ("node-ip-invalid", "node-ip-announced"),
    "TURN without ports": ("turn-no-port",),
    "TURN without a domain": ("turn-no-domain",),
    "TURN with a wrong domain": ("turn-domain-invalid",),
    "TURN without a certificate": ("turn-no-certificate",),
    "TURN on a port that is taken": ("overlap", "internal-port-shared"),
    "TURN without an address of the family": ("turn-no-node-ip",),
    "TURN with a malformed block": ("turn-cidr-invalid",),
    "turn_servers without credentials": ("turn-server-no-credentials",),
    "half of the credentials of metrics": ("prometheus-half-credentials",),
    "both wildcards": ("two-wildcards", "bind-addresses-invalid"),
    "webhooks without one of the keys": ("webhook-no-key",),
    "a node selector that there is not": ("node-selector-invalid",),
    "a pacer that there is not": ("pacer-unknown",),
    "batches of a mux without an interval": ("batch-without-interval",),
    "WebTransport without a certificate": ("webtransport-no-certificate",),
    "typographic quotes": ("typographic-quotes",),
    "a secret, a key file, a certificate that is not there": ("reason: the path is the server's own machine's",),
    # what it does not end over
    "a port beyond 65535": ("invalid-value",),
    "a range of one port with use_external_ip": ("range-of-one",),
    "a relay range backwards or half": ("relay-range-reversed", "relay-range-half"),
    "tls_port other than 443 and nothing there": ("turn-tls-unreachable", "turn-told-443"),
    "overlaps of ICE, relay, RTP, ingress, NodePort": ("overlap", "node-port-overlap"),
    # Redis and clusters
    "nodes talk through Redis alone": ("no-cluster", HERE),
    "Redis, Sentinel and cluster ports": (HERE, OUTBOUND),
    "ingress, egress and SIP reach every node's media and API": (OUTBOUND,),
    "an address of Redis that cannot be dialled": ("redis-address-invalid",),
    "SIP and ingress without Redis": ("sip-no-redis", "ingress-no-redis"),
    # proxies, generated nodes
    "443 and 80 at the proxy": (RULES, DOCUMENTS),
    "what LiveKit's generator opens": (GENERATOR,),
    "7880 and 5349 in plain text stay closed": ("api-all-interfaces", "no-load-balancer", GENERATOR),
    "a Docker bridge and a large range": ("docker-range",),
    "a pool of muxes and the chart's host port": ("mux-pool-host-port",),
    # plugNmeet
    "80 and 443/tcp": (PRESET,),
    "443/udp": (PRESET,),
    "7881/tcp and 50000-60000/udp": (PRESET,),
    "1935/tcp, 7885/udp, 5060 and RTP if used": (DOCUMENTS, "whip-media-closed"),
    "30000-40000/udp": (DOCUMENTS,),
    "its internal ports": (DOCUMENTS, INTERNAL),
    "MariaDB, NATS and Redis for the cluster": (INSTALLATION,),
    "SIP opens although it is off": (INSTALLER,),
    "5061 has no listener": ("sip-no-tls", DOCUMENTS),
    "use_external_ip overwrites --node-ip": ("node-ip-ignored",),
    "ingress and SIP announce a private address": ("private-media-address",),
    "HAProxy's header": ("haproxy-proxy-header", "proxy-header-missing"),
    # families
    "ICE/UDP in both": (AGREEMENT, FAMILIES),
    "ICE/TCP, API, health and metrics in both": (AGREEMENT, FAMILIES),
    "TURN at 0.0.0.0 in both": (AGREEMENT, FAMILIES),
    "TURN before it had addresses to bind, in IPv4": (
        "e2e/livekit_server/test_agreement.py::test_an_older_server_is_read_by_its_own_keys_and_defaults",
        "unit/settings/test_keys.py::test_turn_listens_in_ipv4_alone_before_turn_bind_addresses",
    ),
    "SIP and RTP in both": (FAMILIES,),
    "relays in IPv4, unless an address of IPv6 is bound": (AGREEMENT, "turn-no-node-ip"),
    "an IPv6 announced and closed": ("ipv6-announced-closed", CLOSED),
    # the numbered conditions
    "1": ("both-ice-modes",),
    "2": ("range-start-alone",),
    "3": ("half-range",),
    "4": ("udp-port-ignored",),
    "5": ("range-of-one",),
    "6": ("range-reversed", "invalid-value"),
    "7": ("relay-range-reversed", "relay-range-half"),
    "8": ("turn-no-port",),
    "9": ("turn-no-domain",),
    "10": ("turn-tls-unreachable",),
    "11": ("turn-tls-unreachable",),
    "12": ("stun-port-twice",),
    "13": ("two-wildcards",),
    "14": ("force-tcp-without-port",),
    "15": ("node-ip-ignored",),
    "16": ("private-address-announced",),
    "17": ("development",),
    "18": ("prometheus-port",),
    "19": ("prometheus-half-credentials",),
    "20": ("tcp-still-listening",),
    "21": ("rtp-port-invalid", "rtp-port-ignored"),
    "22": ("sip-tls-no-certs",),
    "23": ("sip-two-addresses", "sip-address-invalid"),
    "24": ("unit/settings/test_keys.py::test_a_key_that_a_service_ignores_is_a_warning_with_a_similar_one",),
    "25": ("overlap", "node-port-overlap"),
    "26": ("turn-private-nodes",),
    "27": ("docker-range",),
    "28": ("haproxy-proxy-header",),
}  # fmt: skip


@pytest.mark.parametrize("row", FACTS)
def test_a_row_has_a_finding_a_test_or_a_reason(row: str) -> None:
    for held in FACTS[row]:
        if "::" in held:
            file, _, name = held.partition("::")
            assert f"def {name}" in (TESTS / file).read_text(encoding="utf-8")
        else:
            assert held in CATALOGUE or held.startswith("reason: ")


def test_the_numbered_conditions_are_complete() -> None:
    assert [row for row in FACTS if row.isdigit()] == [str(number) for number in range(1, 29)]

"""What every other command refuses, as findings: a file that a service does not start with is `lint`'s matter.

A problem at a key of a service's file is a finding. A problem of a whole file (it cannot be read, it is no
YAML) or of the arguments is not: those stop `lint` too.
"""

from __future__ import annotations

import re

from ...model.errors import Finding, Problem

# the last words of the key, and what is expected there; the first line that matches names the finding
_IDS: tuple[tuple[str, str, str], ...] = (
    (r"", r"must not share its port with", "internal-port-shared"),
    (r"bind_addresses", r"wildcard", "two-wildcards"),
    (r"bind_addresses", r"", "bind-addresses-invalid"),
    (r"node_ip", r"", "node-ip-invalid"),
    (r"turn\.domain", r"", "turn-domain-invalid"),
    (r"port_range_end", r"must be > ", "range-of-one"),
    (r"port_range_start", r"must come with", "range-start-alone"),
    (r"port_range_end", r"must be >=", "range-reversed"),
    (r"turn\.relay_range_(start|end)", r"must come with", "relay-range-half"),
    (r"turn\.relay_range_end", r"must be >=", "relay-range-reversed"),
    (r"turn\.enabled", r"must come with", "turn-no-port"),
    (r"turn\.tls_port", r"must come with", "turn-no-domain"),
    (r"turn\.udp_port", r"must differ from 3478", "stun-port-twice"),
    (r"rtc\.tcp_port", r"while rtc\.force_tcp", "force-tcp-without-port"),
    (r"(rtc|rtc_config)\.udp_port", r"", "udp-port-invalid"),
    (r"rtp_port", r"", "rtp-port-invalid"),
    (r"tls", r"must hold certs", "sip-tls-no-certs"),
    (r"(media_)?nat_1_to_1_ip", r"must not be set together", "sip-two-addresses"),
    (r"", r"", "invalid-value"),
)


def is_finding(problem: Problem) -> bool:
    """Whether the problem is in what a service's file says, rather than in reading it or in the arguments."""
    return problem.place.file is not None and bool(problem.place.path)


def as_finding(problem: Problem) -> Finding:
    """The problem as a finding of severity error."""
    got = f" (got {problem.got})" if problem.got else ""
    return Finding(_id(problem), "error", problem.place, f"{problem.expected}{got}", problem.hint)


def _id(problem: Problem) -> str:
    matching = (
        name
        for key, expected, name in _IDS
        if re.search(rf"(^|\.)({key})(\[\d+\])?$" if key else "", problem.path)
        and re.search(expected, problem.expected)
    )
    return next(matching)

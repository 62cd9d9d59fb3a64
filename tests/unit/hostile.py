"""Hypothesis strategies for hostile input: YAML, JSON, flags and Python values, and the commands that read them."""

from __future__ import annotations

import contextlib
import io
import sys
from typing import Any

from livekit_firewall.cli import group as cli

MARK = "mArK7QzX"
"""What stands for a secret: no text of ours holds it."""


def run(*arguments: str, stdin: bytes = b"") -> tuple[int, str, str]:
    """Exit code, standard output and error of the command; anything but an exit is raised."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    before = sys.stdin
    sys.stdin = io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")
    code: object = None
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            cli.main(list(arguments))
    except SystemExit as ended:
        code = ended.code or 0
    finally:
        sys.stdin = before
    assert isinstance(code, int)
    return code, *(stream.buffer.getvalue().decode() for stream in (out, err))  # type: ignore[attr-defined]


class Clock:
    """In place of `time` where something waits: the time passes at once."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


SCALARS = [
    *(
        "1",
        "-1",
        "0",
        "65536",
        "1.5",
        "7880.0",
        ".inf",
        "-.inf",
        ".nan",
        "1e999999",
        "0x1F",
        "0o17",
        "007",
        "1_0",
        "2:11",
    ),
    *("9" * 39, "9" * 41, "9" * 5000, "true", "no", "y", "~", "null", "''", "x", "'x\"'", "<<", "=", "2001-02-03"),
    *(
        "*nothing",
        "&a x",
        "!Ref x",
        '"\\ud800"',
        '"\\x00"',
        '"\\q"',
        '"\\U0010FFFF"',
        "|\n  x",
        "@x",
        "`x",
        "%x",
        "- x",
    ),
    *(
        f"!!{tag} {value}"
        for tag in (
            "binary bool float int map merge null omap pairs seq set str timestamp value yaml python/name:os.system "
            "python/object/apply:os.system python/tuple python/bytes python/complex"
        ).split()
        for value in ("x", "''", "1", "[1]", "{a: 1}", "2001-99-99", "aGVsbG8=")
    ),
    *(
        "[]",
        "{}",
        "[1]",
        "[[1]]",
        "{a: 1}",
        "[{a: 1}]",
        "{1: 2}",
        "{~: 1}",
        "{true: 1}",
        "{[1]: 2}",
        "{.nan: 1, .nan: 2}",
    ),
    *("{<<: {a: 1}}", "{<<: [1]}", "{<<: x}", "&a {<<: *a}", "&a [*a]", "[" * 99 + "]" * 99, "[" * 3000, "{a: " * 3000),
    *(
        "{a: 1, a: 2}",
        "{? {a: 1} : 2}",
        "? x",
        "\ttab",
        "a\rb",
        "a\x07b",
        "\ufeff",
        "\x85",
        "\u2028",
        "é",
        "\U0001f600",
    ),
]
"""Texts of YAML that stand for a value, lawful or not."""

KEYS = {
    "livekit": """port bind_addresses rtc rtc.tcp_port rtc.udp_port rtc.port_range_start rtc.port_range_end rtc.node_ip
        rtc.use_external_ip rtc.ips rtc.ips.includes rtc.ips.excludes rtc.interfaces rtc.turn_servers rtc.stun_servers
        rtc.force_tcp rtc.allow_tcp_fallback turn turn.enabled turn.domain turn.udp_port turn.tls_port turn.external_tls
        turn.bind_addresses turn.relay_range_start turn.relay_range_end turn.cert_file turn.key_file turn.secretName
        prometheus prometheus.port prometheus.username prometheus.password prometheus_port debug_handler
        debug_handler.port webtransport webtransport.port development keys keys.API redis redis.address redis.password
        webhook webhook.api_key webhook.urls key_file room logging sip ingress nothing rtc.nothing region""".split(),
    "sip": """sip_port sip_port_listen tls tls.port tls.port_listen tls.certs rtp_port listen_ip health_port
        prometheus_port pprof_port use_external_ip nat_1_to_1_ip media_use_external_ip media_nat_1_to_1_ip api_key
        api_secret redis redis.address redis.password ws_url nothing""".split(),
    "ingress": """rtmp_port whip_port http_relay_port rtc_config rtc_config.tcp_port rtc_config.udp_port
        rtc_config.port_range_start rtc_config.port_range_end rtc_config.nothing health_port prometheus_port
        debug_handler_port api_key api_secret redis redis.password nothing""".split(),
    "egress": """template_port health_port prometheus_port debug_handler_port api_key api_secret redis s3 s3.secret
        nothing""".split(),
    "args": """livekit port tcp_port udp_port port_range_start port_range_end turn
        turn.enabled turn.domain turn.tls_port
        turn.bind_addresses prometheus prometheus.port sip sip.sip_port sip.tls sip.tls.port sip.rtp_port ingress
        ingress.rtmp_port ingress.rtc_config ingress.rtc_config.udp_port https https.port https.acme plugnmeet
        plugnmeet.path plugnmeet.sip livekit_config sip_config ingress_config egress_config clients clients.cidrs
        versions versions.livekit versions.chart
        load_balancer load_balancer.cidrs load_balancer.passthrough trunks operators operators.cidrs operators.ssh_port
        cluster cluster.cidrs cluster.same_group cluster.services ipv6 aws aws.vpc_id aws.security_group_id
        aws.load_balancer_security_group_ids aws.egress aws.baseline aws.exclusive aws.existing_rules aws.rules_quota
        aws.groups aws.merge_rules aws.tags aws.tags.a aws.region
        aws.security_groups aws.security_groups.operators aws.security_groups.operators.a
        aws.prefix_lists aws.prefix_lists.trunks aws.prefix_lists.trunks.a aws.prefix_lists.trunks.a.id
        aws.prefix_lists.trunks.a.max_entries gcp
        gcp.network gcp.project gcp.target_tags gcp.target_service_accounts gcp.all_instances gcp.google_load_balancer
        gcp.existing_rules gcp.rules_quota
        digitalocean digitalocean.droplet_ids digitalocean.tags digitalocean.load_balancer_uids
        azure azure.resource_group_name
        azure.location azure.load_balancer_probes azure.tags host host.path host.apply host.confirm host.confirm_timeout
        nothing""".split(),
}
"""Dotted keys of each kind of file, known and not."""

OPTIONS = {"livekit": "--livekit", "sip": "--sip", "ingress": "--ingress", "egress": "--egress", "args": "--args"}


def nested(key: str, value: str) -> str:
    """A file in YAML with `value`, as it is written, at a dotted key."""
    parts = key.split(".")
    lines = [f"{'  ' * depth}{part}:" for depth, part in enumerate(parts)]
    return "\n".join(lines) + f" {value}\n"


WRONG: list[Any] = [
    None,
    True,
    False,
    0,
    1,
    -1,
    1.5,
    7880.0,
    float("inf"),
    float("nan"),
    10**40,
    10**5000,
    -(10**5000),
    "",
    "x",
    "1",
    "9" * 5000,
    "\ud800",
    "a\0b",
    "0.0.0.0/0",
    b"x",
    [],
    [1],
    ["x"],
    [None],
    [[]],
    [{"a": 1}],
    ["\ud800"],
    [True],
    [1.5],
    ["9" * 5000],
    (),
    ("x",),
    {},
    {"a": 1},
    {1: 2},
    {None: 1},
    {"a": {"b": []}},
    {"": 1},
    {"\ud800": 1},
    {True: 1},
    {"port": {}},
    {"cidrs": [1]},
    {"cidrs": {"a": 1}},
    {"cidrs": {1: "10.0.0.0/8"}},
    {1, 2},
    object(),
    [object()],
    1j,
    [float("inf")],
    [10**5000],
]
"""Values of every type, for the constructor and the functions that take Python values."""


def placed(key: str, value: Any) -> dict[str, Any]:
    """The arguments with a Python value at a dotted key."""
    for part in reversed(key.split(".")):
        value = {part: value}
    return value  # type: ignore[no-any-return]

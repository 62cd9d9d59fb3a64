"""Writes docs/configuration.md from the types, the picture in the README and the table in docs/drift.md, or with
--check says whether they are up to date.

Shapes and defaults come from the records that check the arguments, descriptions from the types that
editors and Pulumi's schema show; so that the page can say nothing else than the code does.
"""

import ast
import inspect
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

from msgspec.structs import FieldInfo, fields

from bootstrap.generated import keep
from drift_table import DRIFT, drift
from livekit_firewall import (
    AwsTarget,
    AzureTarget,
    DigitalOceanTarget,
    GcpTarget,
    HetznerTarget,
    HostTarget,
    firewall_args,
    settings,
)
from livekit_firewall.deployment import arguments
from livekit_firewall.inputs.record_types import expected
from livekit_firewall.platforms.aws.target import PrefixList, PrefixLists
from livekit_firewall.platforms.azure.target import TagsByAudience
from livekit_firewall.platforms.by_audience import ByAudience
from livekit_firewall.settings import ingress, server, sip
from readme_picture import README, readme

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "configuration.md"

SECTIONS = (
    ("", "LiveKitFirewallArgs", arguments.Arguments),
    ("turn", "TurnArgs", server.Turn),
    ("prometheus", "PrometheusArgs", server.Prometheus),
    ("sip", "SipArgs", sip.Sip),
    ("sip.tls", "SipTlsArgs", sip.SipTls),
    ("ingress", "IngressArgs", ingress.Ingress),
    ("ingress.rtc_config", "IngressRtcArgs", server.Rtc),
    ("versions", "VersionsArgs", arguments.Versions),
    ("https", "HttpsArgs", settings.Https),
    ("plugnmeet", "PlugnmeetArgs", settings.Plugnmeet),
    ("clients", "ClientsArgs", arguments.Clients),
    ("load_balancer", "LoadBalancerArgs", arguments.LoadBalancer),
    ("trunks[]", "TrunkArgs", arguments.Trunk),
    ("operators", "OperatorsArgs", arguments.Operators),
    ("cluster", "ClusterArgs", arguments.Cluster),
    ("aws", "AwsArgs", AwsTarget),
    ("aws.security_groups", "ByAudienceArgs", ByAudience),
    ("aws.prefix_lists", "PrefixListsArgs", PrefixLists),
    ("aws.prefix_lists.*.*", "PrefixListArgs", PrefixList),
    ("gcp", "GcpArgs", GcpTarget),
    ("gcp.source_tags", "ByAudienceArgs", ByAudience),
    ("digitalocean", "DigitalOceanArgs", DigitalOceanTarget),
    ("azure", "AzureArgs", AzureTarget),
    ("azure.service_tags", "ServiceTagsArgs", TagsByAudience),
    ("hetzner", "HetznerArgs", HetznerTarget),
    ("host", "HostArgs", HostTarget),
)
"""Each table: the key that it is under, the type with the descriptions, the record with shapes and defaults."""

# keys whose own record leaves them to another reader, and what that reader takes
ELSEWHERE = {
    "port": (server.Server, "port"),
    "tcp_port": (server.Rtc, "tcp_port"),
}
IN_WORDS = {
    "udp_port": "a port, or a range such as 7882-7892",
    "ingress.rtc_config.udp_port": "a port, or a range such as 7882-7892",
    "sip.rtp_port": "a range such as 10000-20000",
    "port_range_start": "an integer from 1 to 65535",
    "port_range_end": "an integer from 1 to 65535",
    "turn.relay_range_start": "an integer from 1 to 65535",
    "turn.relay_range_end": "an integer from 1 to 65535",
    "turn": "a mapping",
    "prometheus": "a mapping",
    "sip": "a mapping; `{}` takes all defaults",
    "ingress": "a mapping; `{}` takes all defaults",
}

HEAD = """# Configuration reference

Written from the types by `make docs`; `make check` fails while it is out of date.

The same keys are the arguments of `LiveKitFirewall`, the stack's configuration in the namespace
`livekit-firewall`, and what a file given to `livekit-firewall --args` holds. They are LiveKit's own names. An
unknown key, a wrong type and a contradiction stop everything, with one error that lists them all. A key whose value is
null, `None` in Python, is as if it were left out; in a list, or under a name of your own, null is an error. Where a
key has a section (`operators`, `aws`), null does as well, but a type checker refuses `None` there, so that it can name
a wrong key in a section: give the section, with `None` below it
([a value that may be unset](embedding.md#a-value-that-may-be-unset)).
"""


def descriptions(name: str) -> tuple[str, dict[str, str]]:
    """The docstring of a type, and the text under each of its keys."""
    (defined,) = ast.parse(inspect.getsource(getattr(firewall_args, name))).body
    body = defined.body  # type: ignore[attr-defined]
    said = {}
    for one, after in pairwise(body):
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name) and isinstance(after, ast.Expr):
            said[one.target.id] = " ".join(ast.literal_eval(after.value).split())
    return inspect.cleandoc(ast.literal_eval(body[0].value)), said  # type: ignore[attr-defined]


def table(key: str, name: str, record: type[Any]) -> str:
    about, said = descriptions(name)
    known = {field.name: field for field in fields(record)}
    rows = [row(key, one, known[one], text) for one, text in said.items()]
    title = f"## `{key}`" if key else "## Arguments"
    return "\n".join([title, "", about, "", "| Key | Accepts | Default | Meaning |", "|---|---|---|---|", *rows, ""])


def row(section: str, key: str, field: FieldInfo, text: str) -> str:
    if not section and key in ELSEWHERE:
        record, name = ELSEWHERE[key]
        field = next(one for one in fields(record) if one.name == name)
    accepts = IN_WORDS.get(f"{section}.{key}" if section else key) or expected(field.type)
    default = field.default if isinstance(field.default, (bool, int, str)) else None
    shown = "" if default in (None, "", 0) and default is not False else f"`{str(default).lower()}`"
    return f"| `{key}` | {accepts} | {shown} | {text} |"


def page() -> str:
    return HEAD + "\n" + "\n".join(table(*section) for section in SECTIONS)


def main() -> int:
    return keep({PAGE: page(), README: readme(), DRIFT: drift()}, check="--check" in sys.argv)


if __name__ == "__main__":
    sys.exit(main())

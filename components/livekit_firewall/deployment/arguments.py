"""The arguments of `LiveKitFirewall`: typed, checked, and read as access and targets.

    arguments = parse_arguments({"livekit_config": "livekit.yaml", "https": True}, report)
    access = read_access(arguments, report)
    arguments.targets           # {"aws": AwsTarget(...)}

The component, the stack's config and the command's flags share this one table.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from msgspec import Struct

from ..inputs.harmless import describe
from ..inputs.outputs import without_outputs
from ..inputs.records import Blocks, Port, Switch, Text, expects, nearest, read_record
from ..inputs.shown import show
from ..model.addresses import Cidr, Family, Identity
from ..model.errors import Place, Report
from ..model.services import DATA_SERVICES
from ..platforms.aws.target import AwsTarget
from ..platforms.azure.target import AzureTarget
from ..platforms.digitalocean.target import DigitalOceanTarget
from ..platforms.gcp.target import GcpTarget
from ..platforms.nftables.target import HostTarget
from ..platforms.platform import Target
from ..platforms.registry import PLATFORMS
from ..settings import Https, Plugnmeet
from .access import ANYWHERE, Access, Sources

SERVER_KEYS = ("port", "tcp_port", "udp_port", "port_range_start", "port_range_end", "turn", "prometheus")

HTTPS = "true, false or a mapping with port and acme"
TRUNKS = 'a list of blocks, a list of mappings with name, signaling and media, or "anywhere"'
Raw = Annotated[Any, expects("a value")]
RawPort = Annotated[Any, expects("a value", shown=True)]


class Clients(Struct, frozen=True, kw_only=True):
    """`clients`: sources of media and web traffic; by default anywhere."""

    cidrs: Blocks | None = None


class LoadBalancer(Struct, frozen=True, kw_only=True):
    """`load_balancer`: its addresses, and whether it keeps those of clients."""

    cidrs: Blocks | None = None
    passthrough: Switch = False


class Trunk(Struct, frozen=True, kw_only=True):
    """One entry of `trunks`: a carrier's addresses for SIP and for RTP."""

    name: Text | None = None
    signaling: Blocks | None = None
    media: Blocks | None = None


class Operators(Struct, frozen=True, kw_only=True):
    """`operators`: sources of SSH, metrics and health; by default nobody."""

    cidrs: Blocks | None = None
    ssh_port: Port = 22


class Cluster(Struct, frozen=True, kw_only=True):
    """`cluster`: its nodes, and the data services on this node that they may reach (redis, nats, mariadb)."""

    cidrs: Blocks | None = None
    same_group: Switch = False
    services: Annotated[tuple[Text, ...], expects("a list", shown=True)] = ()


class Versions(Struct, frozen=True, kw_only=True):
    """`versions`: the running releases; None: the newest known one, unless a compose file or a chart says it."""

    livekit: Text | None = None
    sip: Text | None = None
    ingress: Text | None = None
    egress: Text | None = None
    chart: Text | None = None

    def of(self, service: str) -> str:
        """The release of a service without a leading v, as in its tables; "" if none is given."""
        return (getattr(self, service) or "").removeprefix("v")


class Arguments(Struct, frozen=True, kw_only=True):
    """The table of all arguments. The services' own readers check the keys of services (`Raw`, `RawPort`)."""

    livekit: Switch = True
    port: RawPort = None
    tcp_port: RawPort = None
    udp_port: RawPort = None
    port_range_start: RawPort = None
    port_range_end: RawPort = None
    turn: Raw = None
    prometheus: Raw = None
    sip: Raw = None
    ingress: Raw = None
    https: Annotated[Switch | Https, expects(HTTPS, shown=True)] | None = None
    plugnmeet: Annotated[
        bool | Text | Plugnmeet, expects("true, a folder, or a mapping with path, sip, rtmp and whip", shown=True)
    ] = False
    livekit_config: Text | None = None
    sip_config: Text | None = None
    ingress_config: Text | None = None
    egress_config: Text | None = None
    helm: Annotated[Text | tuple[Text, ...], expects("a file of values, or a list of them", shown=True)] | None = None
    versions: Versions = Versions()
    compose: Annotated[tuple[Text, ...] | Text | None, expects("a path or a list of paths", shown=True)] = None
    clients: Clients = Clients()
    load_balancer: LoadBalancer | None = None
    trunks: Annotated[tuple[str | Trunk, ...] | str | None, expects(TRUNKS, shown=True)] = None
    operators: Operators = Operators()
    cluster: Cluster = Cluster()
    ipv6: Switch = True
    aws: AwsTarget | None = None
    gcp: GcpTarget | None = None
    digitalocean: DigitalOceanTarget | None = None
    azure: AzureTarget | None = None
    host: HostTarget | None = None

    @property
    def targets(self) -> dict[str, Target]:
        """The given targets by argument."""
        named = {one.argument: getattr(self, one.argument) for one in PLATFORMS}
        return {name: target for name, target in named.items() if target is not None}


def parse_arguments(given: object, report: Report) -> Arguments:
    """The arguments, typed. A value of the wrong type is a problem in `report`, and its argument has its default."""
    plain = without_outputs(Arguments, given, Place, report)
    return read_record(Arguments, plain, lambda path: Place(path or "(arguments)"), report, hint=_instead_of)


def _instead_of(key: str, known: Iterable[str]) -> str:
    """Of an unknown key: the one that is meant, platforms by any of their names, or all that there are."""
    platforms = {name: one.argument for one in PLATFORMS for name in (one.title, one.package, one.name) if name}
    if near := nearest(key, [*platforms, *known]):
        return f"did you mean {platforms.get(near, near)}?"
    targets = [one.argument for one in PLATFORMS]
    return f"targets: {', '.join(targets)}; other keys: {', '.join(sorted(set(known) - set(targets)))}"


def read_access(arguments: Arguments, report: Report) -> Access:
    """The sources by role, with every block parsed; problems go to `report`."""
    blocks = _BlockReader(arguments.ipv6, report)
    balancer, cluster, operators = arguments.load_balancer, arguments.cluster, arguments.operators
    names_balancer = any(target.names_load_balancer for target in arguments.targets.values())
    clients = blocks.read("clients.cidrs", arguments.clients.cidrs)
    signaling, media = _trunks(arguments.trunks, blocks, report)
    for index, service in enumerate(cluster.services):
        if service not in DATA_SERVICES:
            key = f"cluster.services[{index}]"
            report.problem(Place(key), show(key, service), f"must be one of {', '.join(DATA_SERVICES)}")
    is_named = report.is_sound(*(Place(f"cluster.{key}") for key in ("cidrs", "same_group")))
    if cluster.services and is_named and not (cluster.cidrs or cluster.same_group):
        report.problem(Place("cluster.services"), "", "must come with cluster.cidrs or cluster.same_group")
    is_named = report.is_sound(*(Place(f"load_balancer.{key}") for key in ("cidrs", "passthrough")))
    if balancer and is_named and not (balancer.cidrs is not None or balancer.passthrough or names_balancer):
        hint = "or give the identity in a target"
        report.problem(Place("load_balancer"), "", "must name sources in load_balancer.cidrs", hint)
    return Access(
        clients=Sources(clients or ANYWHERE, "clients.cidrs" if clients else "clients"),
        load_balancer=Sources(
            blocks.read("load_balancer.cidrs", balancer.cidrs if balancer else None),
            "load_balancer.cidrs",
            Identity.LOAD_BALANCER if names_balancer else None,
        ),
        passthrough=bool(balancer and balancer.passthrough),
        signaling=signaling,
        media=media,
        trunks_named=arguments.trunks is not None,
        is_sip_public=arguments.trunks == "anywhere",
        operators=Sources(blocks.read("operators.cidrs", operators.cidrs), "operators.cidrs"),
        ssh_port=operators.ssh_port,
        cluster=Sources(
            blocks.read("cluster.cidrs", cluster.cidrs),
            "cluster.cidrs",
            Identity.SAME_GROUP if cluster.same_group else None,
        ),
        ipv6=arguments.ipv6,
    )


class _BlockReader:
    """Parses lists of blocks. An empty list is an error: it could mean nobody or everybody."""

    def __init__(self, ipv6: bool, report: Report) -> None:
        self.ipv6, self.report = ipv6, report

    def read(self, key: str, texts: tuple[object, ...] | None) -> tuple[Cidr, ...]:
        if texts is None:
            return ()
        if not texts:
            hint = "leave the key out for its default; an empty list could mean nobody or everybody"
            self.report.problem(Place(key), "[]", "must name at least one block", hint)
        read = [self._one(f"{key}[{index}]", text) for index, text in enumerate(texts)]
        return tuple(dict.fromkeys(block for block in read if block))

    def _one(self, key: str, text: object) -> Cidr | None:
        try:
            block = Cidr.parse(text)
        except ValueError as error:
            self.report.problem(Place(key), "", str(error))
            return None
        if block.family is Family.IPV6 and not self.ipv6:
            hint = "remove the block, or ipv6: false"
            self.report.problem(Place(key), show(key, text), "must be an IPv4 block while ipv6 is false", hint)
            return None
        return block


def _trunks(
    given: tuple[str | Trunk, ...] | str | None, blocks: _BlockReader, report: Report
) -> tuple[Sources, Sources]:
    everybody = Sources(ANYWHERE, "trunks")
    if given is None:
        return everybody, everybody
    if isinstance(given, str):
        if given != "anywhere":
            report.problem(Place("trunks"), show("trunks", given), f"must be {TRUNKS}")
        return everybody, everybody
    plain = tuple(item for item in given if isinstance(item, str))
    signaling = list(blocks.read("trunks", plain)) if plain or not given else []
    media = list(signaling)
    for index, trunk in enumerate(given):
        if isinstance(trunk, Trunk):
            _one_trunk(f"trunks[{index}]", trunk, blocks, report, signaling, media)
    return Sources(tuple(dict.fromkeys(signaling)), "trunks"), Sources(tuple(dict.fromkeys(media)), "trunks")


def _one_trunk(
    key: str, trunk: Trunk, blocks: _BlockReader, report: Report, signaling: list[Cidr], media: list[Cidr]
) -> None:
    hint = "carriers often send audio from other addresses than they signal from; repeat them where they do not"
    for part, texts, found in (("signaling", trunk.signaling, signaling), ("media", trunk.media, media)):
        if texts is None and report.is_sound(Place(f"{key}.{part}")):
            report.problem(Place(key), "", f"must name {part}", hint)
        found += blocks.read(f"{key}.{part}", texts)


describe(Arguments)

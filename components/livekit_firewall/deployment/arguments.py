"""The arguments of `LiveKitFirewall`: typed, checked, and read as access and targets.

    arguments = parse_arguments({"livekit_config": "livekit.yaml", "https": True}, report)
    access = read_access(arguments, report)
    arguments.targets           # {"aws": AwsTarget(...)}

The component, the stack's config and the command's flags share this one table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from msgspec import Struct
from msgspec.structs import replace

from ..inputs.field_types import Blocks, Port, Switch, Text, expects
from ..inputs.harmless import describe
from ..inputs.outputs import without_outputs
from ..inputs.records import nearest, read_record
from ..inputs.shown import show
from ..model.addresses import Identity
from ..model.errors import Place, Report
from ..model.services import DATA_SERVICES
from ..platforms.aws.target import AwsTarget
from ..platforms.azure.target import AzureTarget
from ..platforms.by_audience import by_members
from ..platforms.digitalocean.target import DigitalOceanTarget
from ..platforms.gcp.target import GcpTarget
from ..platforms.hetzner.target import HetznerTarget
from ..platforms.nftables.target import HostTarget
from ..platforms.platform import Target
from ..platforms.registry import PLATFORMS
from ..settings import Https, Plugnmeet
from .access import ANYWHERE, Access, Carrier, Sources
from .blocks import BlockReader
from .blocks import Blocks as ReadBlocks
from .extra import EXTRA, Extra, read_extra

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
    extra_rules: Annotated[tuple[Extra, ...], expects(EXTRA)] = ()
    ipv6: Switch = True
    aws: AwsTarget | None = None
    gcp: GcpTarget | None = None
    digitalocean: DigitalOceanTarget | None = None
    azure: AzureTarget | None = None
    hetzner: HetznerTarget | None = None
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


def read_access(arguments: Arguments, report: Report, known: Mapping[str, object] | None = None) -> Access:
    """The sources by role, with every block parsed; problems go to `report`.

    Args:
        known: the values of outputs that are known by now, by argument (`Access.named`).
    """
    reader = BlockReader(arguments.ipv6, report, known)
    balancer, cluster, operators = arguments.load_balancer, arguments.cluster, arguments.operators
    identities = frozenset().union(*(target.names for target in arguments.targets.values()))

    def sources(role: str, given: Any, *by_role: Identity) -> Sources:
        blocks = reader.read(f"{role}.cidrs", given)
        names = tuple(one for one in by_role if one in identities)
        return Sources(blocks.parsed, f"{role}.cidrs", names, blocks.named)

    clients = sources("clients", arguments.clients.cidrs, Identity.CLIENTS)
    signaling, media, carriers = _trunks(arguments.trunks, reader, report, Identity.TRUNKS in identities)
    nodes = sources("cluster", cluster.cidrs, Identity.CLUSTER)
    if cluster.same_group:
        nodes = replace(nodes, identities=(Identity.SAME_GROUP, *nodes.identities))
    _check_services(cluster, nodes, report)
    is_named = report.is_sound(*(Place(f"load_balancer.{key}") for key in ("cidrs", "passthrough")))
    by_identity = Identity.LOAD_BALANCER in identities
    if balancer and is_named and not (balancer.cidrs is not None or balancer.passthrough or by_identity):
        hint = "or give the identity in a target"
        report.problem(Place("load_balancer"), "", "must name sources in load_balancer.cidrs", hint)
    return Access(
        clients=clients or Sources(ANYWHERE, "clients"),
        load_balancer=sources("load_balancer", balancer.cidrs if balancer else None, Identity.LOAD_BALANCER),
        passthrough=bool(balancer and balancer.passthrough),
        signaling=signaling,
        media=media,
        carriers=carriers,
        trunks_named=arguments.trunks is not None or Identity.TRUNKS in identities,
        is_sip_public=arguments.trunks == "anywhere",
        operators=sources("operators", operators.cidrs, Identity.OPERATORS),
        ssh_port=operators.ssh_port,
        cluster=nodes,
        ipv6=arguments.ipv6,
        extra=tuple(read_extra(arguments.extra_rules, reader, report)),
        named=reader.named,
        members=frozenset[Identity]().union(*map(by_members, arguments.targets.values())),
    )


def _check_services(cluster: Cluster, nodes: Sources, report: Report) -> None:
    for index, service in enumerate(cluster.services):
        if service not in DATA_SERVICES:
            key = f"cluster.services[{index}]"
            report.problem(Place(key), show(key, service), f"must be one of {', '.join(DATA_SERVICES)}")
    is_named = report.is_sound(*(Place(f"cluster.{key}") for key in ("cidrs", "same_group")))
    if cluster.services and is_named and not nodes:
        report.problem(
            Place("cluster.services"),
            "",
            "must come with cluster.cidrs, cluster.same_group, or what a target names the cluster by",
        )


def _trunks(
    given: tuple[str | Trunk, ...] | str | None, reader: BlockReader, report: Report, by_identity: bool
) -> tuple[Sources, Sources, tuple[Carrier, ...]]:
    names = (Identity.TRUNKS,) if by_identity else ()
    if given is None and by_identity:
        return Sources((), "trunks", names), Sources((), "trunks", names), ()
    everybody = Sources(ANYWHERE, "trunks")
    if given is None:
        return everybody, everybody, ()
    if isinstance(given, str):
        if given != "anywhere":
            report.problem(Place("trunks"), show("trunks", given), f"must be {TRUNKS}")
        elif by_identity:
            hint = "remove one of the two"
            report.problem(Place("trunks"), '"anywhere"', "must be left out where a target names the trunks", hint)
        return everybody, everybody, ()
    plain = tuple(item for item in given if isinstance(item, str))
    signaling = reader.read("trunks", plain) if plain or not given else ReadBlocks()
    media = signaling
    carriers = [Carrier("trunks", signaling, media)] if signaling else []
    for index, trunk in enumerate(given):
        if isinstance(trunk, Trunk):
            key = f"trunks[{index}]"
            its_signaling = _part(key, "signaling", trunk.signaling, reader)
            its_media = _part(key, "media", trunk.media, reader)
            carriers.append(Carrier(key, its_signaling, its_media, trunk.name or ""))
            signaling += its_signaling
            media += its_media
    return (
        Sources(signaling.parsed, "trunks", names, signaling.named),
        Sources(media.parsed, "trunks", names, media.named),
        tuple(carriers),
    )


def _part(key: str, part: str, given: Any, reader: BlockReader) -> ReadBlocks:
    if given is None and reader.report.is_sound(Place(f"{key}.{part}")):
        hint = "carriers often send audio from other addresses than they signal from; repeat them where they do not"
        reader.report.problem(Place(key), "", f"must name {part}", hint)
    return reader.read(f"{key}.{part}", given)


describe(Arguments)

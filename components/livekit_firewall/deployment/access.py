"""Who may reach which listener: the sources by role. They are never guessed."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from ..model.addresses import ANY_IPV4, ANY_IPV6, Cidr, Identity, NamedBlock, Peer
from ..model.ports import PortRange
from ..model.services import Audience, Service
from .blocks import Blocks
from .listener import Listener

ANYWHERE = (ANY_IPV4, ANY_IPV6)


class Sources(Struct, frozen=True):
    """A group of sources, and the argument that names it. Empty, it is false.

    Attributes:
        blocks: their addresses.
        key: the argument, for reasons and errors ("load_balancer.cidrs").
        identities: what some platforms match in place of addresses.
        named: blocks that are not known yet.
    """

    blocks: tuple[Cidr, ...] = ()
    key: str = ""
    identities: tuple[Identity, ...] = ()
    named: tuple[NamedBlock, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.blocks or self.identities or self.named)

    @property
    def is_anywhere(self) -> bool:
        """Whether the blocks include all addresses of both families."""
        return set(ANYWHERE) <= set(self.blocks)


class Carrier(Struct, frozen=True):
    """The blocks of an entry of `trunks`, or of all its entries that are blocks.

    Attributes:
        key: the entry, for errors ("trunks[1]"); "trunks" of the blocks.
        name: the user's own; "" for none.
    """

    key: str
    signaling: Blocks = Blocks()
    media: Blocks = Blocks()
    name: str = ""

    def blocks_for(self, service: Service) -> Blocks:
        return self.media if service is Service.SIP_RTP else self.signaling

    def key_of(self, service: Service) -> str:
        """The argument that holds `blocks_for`."""
        part = "media" if service is Service.SIP_RTP else "signaling"
        return f"{self.key}.{part}" if self.key.endswith("]") else self.key


class ExtraRule(Struct, frozen=True):
    """What else runs on the node: an entry of `extra_rules`.

    Attributes:
        name: the user's own, once in a deployment.
        reason: the user's own words; "" for none.
        place: the argument, for errors ("extra_rules[0]").
    """

    name: str
    ports: tuple[PortRange, ...]
    sources: Sources
    reason: str = ""
    place: str = ""

    @property
    def key(self) -> str:
        return f"extra_rules.{self.name}"


class Access(Struct, frozen=True):
    """The sources by role. By default a role is empty, except `clients`, `signaling` and `media`: anywhere.

    Attributes:
        clients: may reach ICE, TURN, HTTPS and RTMP.
        load_balancer: may reach the API, and TURN/TLS in place of the clients.
        passthrough: whether the load balancer keeps client addresses, so that TURN/TLS opens to the clients. Where
            these are not the whole internet, also to its own blocks: its health checks come from them.
        signaling, media: may reach SIP and RTP.
        carriers: whose `signaling` and `media` are, as far as `trunks` lists them.
        trunks_named: whether the argument `trunks` is given.
        is_sip_public: whether `trunks` is "anywhere", so that SIP is open to the internet on purpose.
        operators: may reach SSH, metrics and health.
        ssh_port: of SSH.
        cluster: all nodes, including this one, by public address.
        ipv6: whether rules for IPv6 are made.
        extra: what else runs on the node, and who may reach it.
        named: every block that is not known yet, by the argument that it stands in.
        members: the audiences that a target names by machines of its cloud.
    """

    clients: Sources = Sources(ANYWHERE, "clients")
    load_balancer: Sources = Sources()
    passthrough: bool = False
    signaling: Sources = Sources(ANYWHERE, "trunks")
    media: Sources = Sources(ANYWHERE, "trunks")
    carriers: tuple[Carrier, ...] = ()
    trunks_named: bool = False
    is_sip_public: bool = False
    operators: Sources = Sources()
    ssh_port: int = 22
    cluster: Sources = Sources()
    ipv6: bool = True
    extra: tuple[ExtraRule, ...] = ()
    named: Mapping[str, NamedBlock] = {}
    members: frozenset[Identity] = frozenset()

    @property
    def roles(self) -> tuple[Sources, ...]:
        """The sources of every role."""
        return self.clients, self.load_balancer, self.signaling, self.media, self.operators, self.cluster

    def carriers_at(self, service: Service) -> Mapping[Peer, tuple[str, ...]]:
        """The names of the carriers that have each block, of those that have a name."""
        found: dict[Peer, tuple[str, ...]] = {}
        for one in self.carriers:
            blocks = one.blocks_for(service)
            peers = [*map(Peer.of, blocks.parsed), *map(Peer.of, blocks.named)] if one.name else []
            found |= {peer: tuple(dict.fromkeys((*found.get(peer, ()), one.name))) for peer in peers}
        return found

    def audience(self, identity: Identity, service: Service | None = None) -> Sources:
        """The sources that an audience has, by whatever means; of trunks, those for the service."""
        if identity is Identity.TRUNKS:
            return self.media if service is Service.SIP_RTP else self.signaling
        return {
            Identity.CLIENTS: self.clients,
            Identity.LOAD_BALANCER: self.load_balancer,
            Identity.OPERATORS: self.operators,
            Identity.CLUSTER: self.cluster,
        }.get(identity, Sources(identities=(identity,)))

    def sources(self, listener: Listener) -> tuple[Sources, ...]:
        """All sources that may reach the listener. The first is the one that it is intended for, even if empty."""
        service, audience = listener.service, listener.audience
        if audience is Audience.NOBODY:
            return ()
        if service is Service.TURN_TLS:
            return self._turn_tls(audience)
        if audience is Audience.PUBLIC:
            return (self.clients,)
        if audience is Audience.TRUNK:
            return (self.media if service is Service.SIP_RTP else self.signaling,)
        if audience is Audience.OPERATOR:
            return (self.operators,)
        if audience is Audience.CLUSTER:
            return (self.cluster,)
        # also with passthrough: on AWS, the load balancer's security group still matches its traffic
        return (self.load_balancer, self.cluster) if service is Service.API else (self.load_balancer,)

    def _turn_tls(self, audience: Audience) -> tuple[Sources, ...]:
        if self.passthrough and not self.clients.is_anywhere:
            # not its identities: a security group would match what every client sends through it
            return (self.clients, replace(self.load_balancer, identities=()))
        if self.passthrough or (audience is Audience.PUBLIC and not self.load_balancer):
            return (self.clients,)
        return (self.load_balancer,)

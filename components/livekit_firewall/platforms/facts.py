"""Values that a platform's record holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from ..model.addresses import ANY_IPV4, ANY_IPV6, Cidr, Peer
from ..model.ports import PortRange
from ..model.rules import Reason, Rule
from ..model.services import Service

if TYPE_CHECKING:
    pass


class Baseline(Struct, frozen=True):
    """Something a platform lets pass outside the rule set, because a node does not work without it.

    Attributes:
        what: what this configuration lets pass ("ICMP echo and path MTU, IPv4 and IPv6").
        why: what breaks otherwise.
        ports, blocks: the TCP and UDP flows that it lets in, every port from every block; none for ICMP and egress.
        service: the service on these ports, where it is one that pictures and comparisons show.
        key: the argument that decides the ports.
        unfiltered: blocks that may reach `ports`, or without them every port, by a way that the platform does not
            filter.
    """

    what: str
    why: str
    ports: tuple[PortRange, ...] = ()
    blocks: tuple[Cidr, ...] = ()
    service: Service | None = None
    key: str = ""
    unfiltered: tuple[Cidr, ...] = ()

    @property
    def rules(self) -> tuple[Rule, ...]:
        """What it lets in, as rules that are evaluated, explained and compared like any other."""
        whole = set(self.blocks) >= {ANY_IPV4, ANY_IPV6}
        peers = (Peer.anywhere(),) if whole else tuple(map(Peer.of, self.blocks))
        reasons = (Reason(self.key, self.why),) if self.key else ()
        service = self.service or Service.INTERNAL
        return tuple(Rule(ports, peer, service, reasons) for ports in self.ports for peer in peers)

    @property
    def unfiltered_rules(self) -> tuple[Rule, ...]:
        """What it may let in of single ports, as rules."""
        return replace(self, blocks=self.unfiltered, unfiltered=()).rules


class Component(Struct, frozen=True):
    """The Pulumi component of a platform.

    Attributes:
        module: relative to the package; loading it loads Pulumi.
        name: of its class.
        outputs: those of `LiveKitFirewall`, each with the name that it has here.
        needs: the argument without which one of `outputs` is None, by the output's name.
        takes: the fields of `Options` that its constructor has.
        refuses: whether the module has a function `refuse(target, me, native)`, which raises before anything is
            registered: `me` is what the component is called in errors, `native` what `render` made, or None.
    """

    module: str
    name: str
    outputs: Mapping[str, str]
    needs: Mapping[str, str] = {}
    takes: tuple[str, ...] = ("ipv6",)
    refuses: bool = False

    @property
    def token(self) -> str:
        """Its type token, which is a contract with the states of stacks."""
        return f"livekit:index:{self.name}"


class Wording(Struct, frozen=True):
    """Texts that describe how to write a rule by hand on a cloud.

    Attributes:
        holder: what contains the rules, with the verb.
        one_range: how a range is written.
        one_family: how IPv4 and IPv6 are written.
        every_protocol: how a rule for every protocol is written; "" where it cannot be.
    """

    holder: str
    one_range: str
    one_family: str
    every_protocol: str = ""


class Modification(Struct, frozen=True):
    """What cuts the open flows that a resource lets in.

    Attributes:
        what: the resource, in texts.
        operations: of the engine: a replacement whatever has changed, an update by its inputs.
        harmless: the inputs that an update writes by a call of their own, which leaves the rule alone.
    """

    what: str
    operations: tuple[str, ...]
    harmless: frozenset[str] = frozenset()


class Holder(Struct, frozen=True):
    """The resource that contains rules, where rules are resources of their own.

    Attributes:
        type: its type token.
        key: the input of a rule that holds its id.
    """

    type: str
    key: str

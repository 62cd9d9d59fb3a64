"""What a platform is: the record in each platform's folder, and what all of them ask and make of rules."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar, cast

from msgspec import Struct
from msgspec.structs import replace

from ..effective.standing import StateShape
from ..model.addresses import Cidr, Family, Identity
from ..model.errors import Finding
from ..model.rules import RuleSet
from .facts import Baseline, Component, Holder, Modification, Wording
from .readers import CliReader, PulumiReader, TextReader
from .versions import Versions

if TYPE_CHECKING:
    from ..effective.evaluate import EffectiveRules, ImportEntry, Selection
    from ..effective.native_rule import NativeRule
    from ..effective.resource_names import ResourceNames
    from ..effective.resources import Resource
    from ..effective.snapshot import Size
    from ..effective.update import Operation, Outcome
    from .attachments import Attachment

PLACEHOLDER = "TARGET"
"""Stands for an id that is not known when rules are rendered without Pulumi (`render --to`)."""


class Target(Protocol):
    """The argument of a platform: the firewall, and what it is attached to."""

    @property
    def names(self) -> frozenset[Identity]:
        """Whom it identifies by the platform's own means: a group, an id, a tag."""


class Native(Protocol):
    """Rules as a platform holds them. Where they are one text, it is a `str` besides."""

    def as_json(self) -> object:
        """What `render --to` prints."""

    def resources(self) -> Iterator[Resource]:
        """The resources that the component makes of them, under names that are equal from one rendering to the next."""


class Options(Struct, frozen=True):
    """The arguments of `render` and `baseline` besides the rules and the target.

    Attributes:
        name: of the component, where physical names derive from it.
        ssh_port: open on a host unless a rule of `Service.SSH` names its sources.
    """

    name: str = "livekit"
    ssh_port: int = 22
    ipv6: bool = True


T_co = TypeVar("T_co", bound=Target, covariant=True)


class Platform(Struct, Generic[T_co], frozen=True, kw_only=True):
    """The interface of a platform. Modules that are slow to load are imported when a method needs them.

    Attributes:
        name: of the folder, and of `render --to`.
        argument: of its target, among the arguments.
        title: its name in texts.
        sdk: the package of Pulumi's provider; "" if it needs none.
        sdk_versions: of that package, those that are supported.
        component: see `facts.Component`.
        target: the type of the argument.
        placeholder: a target that names the least that a platform needs to have something that holds the rules.
        made: the type tokens of the resources that the component makes, rules or what holds them.
        holder: see `facts.Holder`; None where the rules are in one resource.
        rules_are_resources: whether each rule is a resource, and no entry of one.
        names_say_all: whether a rule of the same name admits the same.
        listing: the command whose output `compare` reads.
        text_listing: the same, of commands that print text and no JSON; "" where there is none.
        rule_ids: the command that prints the ids of rules, where another listing has none.
        no_import: why `compare --import` cannot write what adopts a firewall; "" if it can.
        import_note: what the preview after the import shows besides rules.
        wording: how a rule is written by hand; None on the node itself, where that depends on the firewall there.
        cuts_open_flows: whether open flows may end with their rule (the vendors' pages on connection tracking; true
            where they are silent).
        removes_added: whether `pulumi up --refresh` removes a rule that others have added to the program's firewall.
        removes_added_with: the argument that makes it so, where there is one.
        cut_by: resources whose modification cuts open flows, by type token.
        is_keyed_by_members: whether a firewall is what its members have, so that a rename cannot be recognised.
        adds_up_denies: whether a deny for some members holds for those that others' rules admit.
        machines: a pattern of the types of machines that say themselves which firewall they have; "" for none.
        machine_inputs: where they say it: tags, accounts, labels.
        is_open_without: whether a machine that no firewall protects is open to everybody; None where that depends.
        why_unknown: on what it depends.
        is_behind_nat: whether machines hold a private address only, with a public one mapped to it.
        states: how a stack's state holds resources, by the package in their type tokens, where not as the program does.
        associations: the types of resources that give something a firewall, where the platform refuses some.
        is_on_node: whether it is the node's own firewall, which needs no identity, and keeps SSH open unless a rule
            says who may use it.
    """

    name: str
    argument: str
    title: str
    component: Component
    target: type[T_co]
    placeholder: T_co
    made: tuple[str, ...]
    listing: str
    text_listing: str = ""
    sdk: str = ""
    sdk_versions: Versions = Versions("0", "0")
    holder: Holder | None = None
    rules_are_resources: bool = False
    names_say_all: bool = False
    rule_ids: str = ""
    no_import: str = ""
    import_note: str = ""
    wording: Wording | None = None
    cuts_open_flows: bool = False
    removes_added: bool = False
    removes_added_with: str = ""
    cut_by: Mapping[str, Modification] = {}
    is_keyed_by_members: bool = False
    adds_up_denies: bool = False
    machines: str = ""
    machine_inputs: tuple[str, ...] = ("tags",)
    is_open_without: bool | None = False
    why_unknown: str = ""
    is_behind_nat: bool = False
    states: Mapping[str, StateShape] = {}
    associations: frozenset[str] = frozenset()
    is_on_node: bool = False

    @property
    def package(self) -> str:
        """The package of Pulumi's provider, as in the type tokens of its resources; "" if it needs none."""
        return self.sdk.removeprefix("pulumi_").replace("_", "-")

    @property
    def extra(self) -> str:
        """The extra of the package that brings the SDK."""
        return self.argument if self.sdk else ""

    # Each record defines these; a struct has a metaclass of its own, so that they cannot be marked abstract.

    @property
    def limits(self) -> Mapping[str, int]:
        """The platform's ceilings."""
        raise NotImplementedError

    def render(self, rules: RuleSet, target: Target, options: Options) -> Native:
        """The rules as the platform holds them.

        Raises:
            RenderError: the platform cannot express or hold the rules.
        """
        raise NotImplementedError

    def baseline(self, rules: RuleSet, target: Target, options: Options) -> tuple[Baseline, ...]:
        """What the platform lets pass besides these rules, as `render` makes it so."""
        raise NotImplementedError

    def findings(
        self,
        rules: RuleSet,  # noqa: ARG002
        target: Target,  # noqa: ARG002
        named: Mapping[Identity, Collection[Cidr]],  # noqa: ARG002
        *,
        on_node: bool,  # noqa: ARG002
    ) -> Iterator[Finding]:
        """What the user should know of these rules on this platform, and stops nothing.

        Args:
            named: the blocks of each audience.
            on_node: whether the node's own firewall is a target too.
        """
        return iter(())

    def own(self, target: Target) -> T_co:
        """A target of this platform. Whoever has one finds its platform by the argument's name."""
        if not isinstance(target, self.target):
            raise TypeError(f"{type(target).__name__} is no target of {self.title}")
        return target

    def native_rules(self, native: Native) -> tuple[NativeRule, ...]:
        """Each of the rules that `render` made, read as those of a stack are."""
        return tuple(rule for one in native.resources() for rule in self.held_rules(one))

    def held_rules(self, resource: Resource) -> list[NativeRule]:
        """The rules in a resource of a type that is `made`, or that holds them."""
        from ..effective.resource_names import ResourceNames

        reader = self.from_pulumi()
        return list(reader.rules(resource, ResourceNames((), (resource,)))) if resource.type in reader.TYPES else []

    def besides(self, target: Target) -> int:  # noqa: ARG002
        """How many rules the target's firewall holds already, towards each of its limits."""
        return 0

    def is_called(self, name: str, component: str, key: str) -> bool:  # noqa: ARG002
        """Whether a rule has this name in the state of a stack, by that of its component and its key."""
        return name == key

    def limited(self, size: Size, target: Target) -> Size:  # noqa: ARG002
        """A size against the quota that the target names, where the platform raises it."""
        return size

    def more_room(self, target: Target) -> str:  # noqa: ARG002
        """How arguments make room for rules that come before others go; "" where none does."""
        return ""

    def assumed(self, found: EffectiveRules) -> Target:  # noqa: ARG002
        """The target of whoever would make the firewall of a listing, where the arguments name none."""
        return self.placeholder

    def expected(self, native: Native, component: str, target: Target) -> tuple[ImportEntry, ...]:  # noqa: ARG002
        """The resources that the platform's component makes of these rules, to be looked for in a listing: what holds
        them first. `name` is the logical one, `id` is left out.

        Args:
            component: the name of the platform's component.
        """
        return ()

    def listed(self, value: object) -> tuple[ImportEntry, ...]:  # noqa: ARG002
        """Every resource of a listing of a type that `expected` has, whatever firewall it is or is part of.

        Raises:
            NotAFirewall: another shape.
        """
        return ()

    def sources(self, target: Target) -> Mapping[Identity, tuple[str, ...]]:  # noqa: ARG002
        """What `from_cli` calls those whom the target names, by audience; without nodes of the same group."""
        return {}

    def not_known(self, target: Target) -> Iterator[tuple[Identity, str]]:  # noqa: ARG002
        """Whom the target names without it being known who they are, with a sentence on each."""
        return iter(())

    def load_balancer_blocks(self, target: Target, family: Family) -> tuple[str, ...]:  # noqa: ARG002
        """The addresses of load balancers, where the target means those that the platform publishes."""
        return ()

    def selection(self, target: Target) -> Selection | None:  # noqa: ARG002
        """Which rules of a listing apply to the target; None where the target does not decide that."""
        return None

    def tracking(self, is_open: bool, target: Target) -> str:  # noqa: ARG002
        """What connection tracking means for media, if that depends on whether everybody may send it; "" if not."""
        return ""

    def attachments(self, resources: Sequence[Resource], names: ResourceNames) -> Iterator[Attachment] | None:  # noqa: ARG002
        """What has which firewalls, as far as the resources say it; None where that is not followed."""
        return None

    def protections(self, resources: Sequence[Resource], names: ResourceNames) -> Iterator[Attachment]:
        """The steps from each firewall's resource to what it protects."""
        return self.attachments(resources, names) or iter(())

    def without_firewall(self) -> EffectiveRules:
        """What reaches a machine that no firewall protects."""
        from ..effective.evaluate import ParsedRule, evaluate
        from ..model.packets import everything

        default = ParsedRule("no firewall", True, everything(), unread=self.why_unknown)
        found = evaluate(default.name, [default] if self.is_open_without is not False else [], adopted=())
        note = f"the listing is empty: this is what {self.title} admits to a machine without a firewall"
        return replace(found, notes=(note,))

    def outcome(self, operations: Sequence[Operation], names: ResourceNames) -> Outcome:  # noqa: ARG002
        """What is left at the end of an update and what is refused on its way, where the platform has such rules."""
        from ..effective.update import Outcome

        return Outcome()

    def from_cli(self) -> CliReader:
        """The reader of what the platform's own command prints."""
        return cast(CliReader, import_module(f".{self.name}.from_cli", __package__))

    def from_text_listing(self) -> TextReader:
        """The reader of what the commands of `text_listing` print."""
        raise NotImplementedError  # nobody asks a platform whose `text_listing` is empty

    def from_pulumi(self) -> PulumiReader:
        """The reader of Pulumi's resources."""
        return cast(PulumiReader, import_module(f".{self.name}.from_pulumi", __package__))

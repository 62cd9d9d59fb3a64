"""The platforms, a row each. A record loads its platform's rendering and readers only when they are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from ..effective.resources import Resource
from ..effective.standing import PLAIN, StateShape, standing, updated
from ..model.rules import RuleSet
from .aws.record import AWS
from .azure.record import AZURE
from .digitalocean.record import DIGITALOCEAN
from .facts import Baseline
from .gcp.record import GCP
from .hetzner.record import HETZNER
from .nftables.record import NFTABLES
from .platform import Options, Platform, Target
from .readers import CliReader, PulumiReader

if TYPE_CHECKING:  # `from_cli` and `from_pulumi` load a module by its name: that each is such a reader is held here
    from .aws import from_cli as aws_cli
    from .aws import from_pulumi as aws_pulumi
    from .azure import from_cli as azure_cli
    from .azure import from_pulumi as azure_pulumi
    from .digitalocean import from_cli as digitalocean_cli
    from .digitalocean import from_pulumi as digitalocean_pulumi
    from .gcp import from_cli as gcp_cli
    from .gcp import from_pulumi as gcp_pulumi
    from .hetzner import from_cli as hetzner_cli
    from .hetzner import from_pulumi as hetzner_pulumi
    from .nftables import from_cli as nftables_cli
    from .nftables import from_pulumi as nftables_pulumi

    CLI: tuple[CliReader, ...] = (aws_cli, azure_cli, digitalocean_cli, gcp_cli, hetzner_cli, nftables_cli)
    PULUMI: tuple[PulumiReader, ...] = (
        aws_pulumi, azure_pulumi, digitalocean_pulumi, gcp_pulumi, hetzner_pulumi, nftables_pulumi,
    )  # fmt: skip

AnyPlatform = Platform[Target]
"""Each takes targets of its own type only: look the platform up by the argument's name."""

PLATFORMS: tuple[AnyPlatform, ...] = (AWS, GCP, DIGITALOCEAN, AZURE, HETZNER, NFTABLES)
BY_NAME: Mapping[str, AnyPlatform] = {one.name: one for one in PLATFORMS}
BY_ARGUMENT: Mapping[str, AnyPlatform] = {one.argument: one for one in PLATFORMS}
TARGETS: Mapping[str, type[Target]] = {one.argument: one.target for one in PLATFORMS}
NAMES = tuple(sorted(BY_NAME))


@cache
def readers() -> tuple[PulumiReader, ...]:
    """Each platform's reader of Pulumi's resources, loaded now."""
    return tuple(one.from_pulumi() for one in PLATFORMS)


@cache
def is_firewall(token: str) -> bool:
    """Whether resources of the type token are firewalls or rules, on any platform."""
    return any(token in reader.TYPES for reader in readers())


def as_it_is(held: Resource, planned: Resource | None = None) -> Resource:
    """A resource of a state with what is really there as its inputs: see `effective.standing`."""
    return standing(held, _shape(held.type), planned)


def as_it_becomes(held: Resource, planned: Resource) -> Resource:
    """A resource after its update in place, with what is there then as its inputs: see `effective.standing`."""
    return updated(held, planned, _shape(held.type))


def _shape(token: str) -> StateShape:
    return SHAPES.get(token.partition(":")[0], PLAIN)


SHAPES = {package: shape for one in PLATFORMS for package, shape in one.states.items()}


def baseline(argument: str, rules: RuleSet, target: Target, *, ssh_port: int, ipv6: bool) -> tuple[Baseline, ...]:
    """What one target lets pass besides these rules, as `render` makes it so."""
    return BY_ARGUMENT[argument].baseline(rules, target, Options(ssh_port=ssh_port, ipv6=ipv6))

"""What a rule set is attached to: the arguments `aws`, `gcp`, `digitalocean`, `azure` and `host`.

Everything that shapes rules is plain. Ids alone may be outputs of other resources, known only while
Pulumi runs; here they are opaque and never compared.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Struct

from .inputs.records import Id, Ids, Names, Text, expects

Tags = Annotated[dict[str, str], expects("a mapping of texts")]


class AwsTarget(Struct, frozen=True, kw_only=True):
    """An EC2 security group: a new one in `vpc_id`, or rules added to `security_group_id`."""

    vpc_id: Id | None = None
    security_group_id: Id | None = None
    load_balancer_security_group_ids: Ids | None = None
    egress: bool | None = None
    existing_rules: Annotated[int, expects("a number of rules, 0 or more", shown=True, ge=0, le=10**9)] = 0
    tags: Tags = {}
    region: Text | None = None

    @property
    def names_load_balancer(self) -> bool:
        return self.load_balancer_security_group_ids not in (None, [], ())

    @property
    def names_same_group(self) -> bool:
        return True


class GcpTarget(Struct, frozen=True, kw_only=True):
    """Firewall rules of a VPC network, for instances with tags or service accounts, or for all."""

    network: Id | None = None
    project: Text | None = None
    target_tags: Names | None = None
    target_service_accounts: Ids | None = None
    all_instances: bool = False
    google_load_balancer: bool = False

    @property
    def names_load_balancer(self) -> bool:
        return self.google_load_balancer

    @property
    def names_same_group(self) -> bool:
        return not self.all_instances


class DigitalOceanTarget(Struct, frozen=True, kw_only=True):
    """A cloud firewall for Droplets, by id or by tag."""

    droplet_ids: Ids | None = None
    tags: Names | None = None
    load_balancer_uids: Ids | None = None

    @property
    def names_load_balancer(self) -> bool:
        return self.load_balancer_uids not in (None, [], ())

    @property
    def names_same_group(self) -> bool:
        return True


class AzureTarget(Struct, frozen=True, kw_only=True):
    """A network security group; its user attaches it to a subnet or a network interface."""

    resource_group_name: Id | None = None
    location: Text | None = None
    load_balancer_probes: bool = False
    tags: Tags = {}

    @property
    def names_load_balancer(self) -> bool:
        return False

    @property
    def names_same_group(self) -> bool:
        return False


Confirm = Annotated[Literal["manual", "automatic"], expects("manual or automatic", shown=True)]
Seconds = Annotated[int, expects("a number of seconds from 10 to 3600", shown=True, ge=10, le=3600)]


class HostTarget(Struct, frozen=True, kw_only=True):
    """The nftables of a Linux host: a file to load, and loaded on this machine if asked for."""

    path: Text | None = None
    apply: bool = False
    confirm: Confirm = "manual"
    confirm_timeout: Seconds = 60

    @property
    def names_load_balancer(self) -> bool:
        return False

    @property
    def names_same_group(self) -> bool:
        return False


Target = AwsTarget | GcpTarget | DigitalOceanTarget | AzureTarget | HostTarget

TARGETS: dict[str, type[Any]] = {
    "aws": AwsTarget,
    "gcp": GcpTarget,
    "digitalocean": DigitalOceanTarget,
    "azure": AzureTarget,
    "host": HostTarget,
}

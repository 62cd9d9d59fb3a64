# Written by `python -m tests.engine.sdk`.
from typing import Any

import pulumi

class Provider(pulumi.ProviderResource):
    def __init__(self, resource_name: str, opts: pulumi.ResourceOptions | None = None, **settings: Any) -> None: ...

# Written by `python -m tests.engine.sdk`.
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from typing_extensions import NotRequired, Self, TypedDict

class LoadBalancerAlgorithmArgsDict(TypedDict):
    type: NotRequired[pulumi.Input[str]]

class LoadBalancerTargetArgsDict(TypedDict):
    type: pulumi.Input[str]
    server_id: NotRequired[pulumi.Input[int]]
    use_private_ip: NotRequired[pulumi.Input[bool]]

class LoadBalancer(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        load_balancer_type: pulumi.Input[str],
        algorithm: pulumi.Input[LoadBalancerAlgorithmArgsDict] | None = None,
        delete_protection: pulumi.Input[bool] | None = None,
        ipv4_id: pulumi.Input[int] | None = None,
        ipv6_id: pulumi.Input[int] | None = None,
        labels: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        location: pulumi.Input[str] | None = None,
        name: pulumi.Input[str] | None = None,
        network_zone: pulumi.Input[str] | None = None,
        targets: pulumi.Input[Sequence[pulumi.Input[LoadBalancerTargetArgsDict]]] | None = None,
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def algorithm(self) -> pulumi.Output[Any]: ...
    @property
    def delete_protection(self) -> pulumi.Output[bool]: ...
    @property
    def ipv4(self) -> pulumi.Output[str]: ...
    @property
    def ipv4_id(self) -> pulumi.Output[int]: ...
    @property
    def ipv6(self) -> pulumi.Output[str]: ...
    @property
    def ipv6_id(self) -> pulumi.Output[int]: ...
    @property
    def labels(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def load_balancer_type(self) -> pulumi.Output[str]: ...
    @property
    def location(self) -> pulumi.Output[str]: ...
    @property
    def name(self) -> pulumi.Output[str]: ...
    @property
    def network_id(self) -> pulumi.Output[int]: ...
    @property
    def network_ip(self) -> pulumi.Output[str]: ...
    @property
    def network_zone(self) -> pulumi.Output[str]: ...
    @property
    def targets(self) -> pulumi.Output[Sequence[Any]]: ...

class LoadBalancerNetwork(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        load_balancer_id: pulumi.Input[int],
        enable_public_interface: pulumi.Input[bool] | None = None,
        ip: pulumi.Input[str] | None = None,
        network_id: pulumi.Input[int] | None = None,
        subnet_id: pulumi.Input[str] | None = None,
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def enable_public_interface(self) -> pulumi.Output[bool]: ...
    @property
    def ip(self) -> pulumi.Output[str]: ...
    @property
    def load_balancer_id(self) -> pulumi.Output[int]: ...
    @property
    def network_id(self) -> pulumi.Output[int]: ...
    @property
    def subnet_id(self) -> pulumi.Output[str]: ...

class LoadBalancerServiceHealthCheckHttpArgsDict(TypedDict):
    domain: NotRequired[pulumi.Input[str]]
    path: NotRequired[pulumi.Input[str]]
    response: NotRequired[pulumi.Input[str]]
    status_codes: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    tls: NotRequired[pulumi.Input[bool]]

class LoadBalancerServiceHealthCheckArgsDict(TypedDict):
    interval: pulumi.Input[int]
    port: pulumi.Input[int]
    protocol: pulumi.Input[str]
    retries: pulumi.Input[int]
    timeout: pulumi.Input[int]
    http: NotRequired[pulumi.Input[LoadBalancerServiceHealthCheckHttpArgsDict]]

class LoadBalancerServiceHttpArgsDict(TypedDict):
    certificates: NotRequired[pulumi.Input[Sequence[pulumi.Input[int]]]]
    cookie_lifetime: NotRequired[pulumi.Input[int]]
    cookie_name: NotRequired[pulumi.Input[str]]
    redirect_http: NotRequired[pulumi.Input[bool]]
    sticky_sessions: NotRequired[pulumi.Input[bool]]
    timeout_idle: NotRequired[pulumi.Input[int]]

class LoadBalancerService(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        load_balancer_id: pulumi.Input[str],
        protocol: pulumi.Input[str],
        destination_port: pulumi.Input[int] | None = None,
        health_check: pulumi.Input[LoadBalancerServiceHealthCheckArgsDict] | None = None,
        http: pulumi.Input[LoadBalancerServiceHttpArgsDict] | None = None,
        listen_port: pulumi.Input[int] | None = None,
        proxyprotocol: pulumi.Input[bool] | None = None,
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def destination_port(self) -> pulumi.Output[int]: ...
    @property
    def health_check(self) -> pulumi.Output[Any]: ...
    @property
    def http(self) -> pulumi.Output[Any]: ...
    @property
    def listen_port(self) -> pulumi.Output[int]: ...
    @property
    def load_balancer_id(self) -> pulumi.Output[str]: ...
    @property
    def protocol(self) -> pulumi.Output[str]: ...
    @property
    def proxyprotocol(self) -> pulumi.Output[bool]: ...

class LoadBalancerTarget(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        load_balancer_id: pulumi.Input[int],
        type: pulumi.Input[str],
        ip: pulumi.Input[str] | None = None,
        label_selector: pulumi.Input[str] | None = None,
        server_id: pulumi.Input[int] | None = None,
        use_private_ip: pulumi.Input[bool] | None = None,
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def ip(self) -> pulumi.Output[str]: ...
    @property
    def label_selector(self) -> pulumi.Output[str]: ...
    @property
    def load_balancer_id(self) -> pulumi.Output[int]: ...
    @property
    def server_id(self) -> pulumi.Output[int]: ...
    @property
    def type(self) -> pulumi.Output[str]: ...
    @property
    def use_private_ip(self) -> pulumi.Output[bool]: ...

class ManagedCertificate(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        domain_names: pulumi.Input[Sequence[pulumi.Input[str]]],
        labels: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        name: pulumi.Input[str] | None = None,
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def certificate(self) -> pulumi.Output[str]: ...
    @property
    def created(self) -> pulumi.Output[str]: ...
    @property
    def domain_names(self) -> pulumi.Output[Sequence[str]]: ...
    @property
    def fingerprint(self) -> pulumi.Output[str]: ...
    @property
    def labels(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def name(self) -> pulumi.Output[str]: ...
    @property
    def not_valid_after(self) -> pulumi.Output[str]: ...
    @property
    def not_valid_before(self) -> pulumi.Output[str]: ...
    @property
    def type(self) -> pulumi.Output[str]: ...

class Network(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        ip_range: pulumi.Input[str],
        delete_protection: pulumi.Input[bool] | None = None,
        expose_routes_to_vswitch: pulumi.Input[bool] | None = None,
        labels: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        name: pulumi.Input[str] | None = None,
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def delete_protection(self) -> pulumi.Output[bool]: ...
    @property
    def expose_routes_to_vswitch(self) -> pulumi.Output[bool]: ...
    @property
    def ip_range(self) -> pulumi.Output[str]: ...
    @property
    def labels(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def name(self) -> pulumi.Output[str]: ...

class NetworkSubnet(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        ip_range: pulumi.Input[str],
        network_id: pulumi.Input[int],
        network_zone: pulumi.Input[str],
        type: pulumi.Input[str],
        vswitch_id: pulumi.Input[int] | None = None,
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def gateway(self) -> pulumi.Output[str]: ...
    @property
    def ip_range(self) -> pulumi.Output[str]: ...
    @property
    def network_id(self) -> pulumi.Output[int]: ...
    @property
    def network_zone(self) -> pulumi.Output[str]: ...
    @property
    def type(self) -> pulumi.Output[str]: ...
    @property
    def vswitch_id(self) -> pulumi.Output[int]: ...

class ServerNetworkArgsDict(TypedDict):
    alias_ips: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    ip: NotRequired[pulumi.Input[str]]
    mac_address: NotRequired[pulumi.Input[str]]
    network_id: NotRequired[pulumi.Input[int]]
    subnet_id: NotRequired[pulumi.Input[str]]

class ServerPublicNetArgsDict(TypedDict):
    ipv4: NotRequired[pulumi.Input[int]]
    ipv4_enabled: NotRequired[pulumi.Input[bool]]
    ipv6: NotRequired[pulumi.Input[int]]
    ipv6_enabled: NotRequired[pulumi.Input[bool]]

class Server(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        server_type: pulumi.Input[str],
        allow_deprecated_images: pulumi.Input[bool] | None = None,
        backups: pulumi.Input[bool] | None = None,
        datacenter: pulumi.Input[str] | None = None,
        delete_protection: pulumi.Input[bool] | None = None,
        firewall_ids: pulumi.Input[Sequence[pulumi.Input[int]]] | None = None,
        ignore_remote_firewall_ids: pulumi.Input[bool] | None = None,
        image: pulumi.Input[str] | None = None,
        iso: pulumi.Input[str] | None = None,
        keep_disk: pulumi.Input[bool] | None = None,
        labels: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        location: pulumi.Input[str] | None = None,
        name: pulumi.Input[str] | None = None,
        networks: pulumi.Input[Sequence[pulumi.Input[ServerNetworkArgsDict]]] | None = None,
        placement_group_id: pulumi.Input[int] | None = None,
        public_nets: pulumi.Input[Sequence[pulumi.Input[ServerPublicNetArgsDict]]] | None = None,
        rebuild_protection: pulumi.Input[bool] | None = None,
        rescue: pulumi.Input[str] | None = None,
        shutdown_before_deletion: pulumi.Input[bool] | None = None,
        ssh_keys: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        user_data: pulumi.Input[str] | None = None,
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def allow_deprecated_images(self) -> pulumi.Output[bool]: ...
    @property
    def backup_window(self) -> pulumi.Output[str]: ...
    @property
    def backups(self) -> pulumi.Output[bool]: ...
    @property
    def datacenter(self) -> pulumi.Output[str]: ...
    @property
    def delete_protection(self) -> pulumi.Output[bool]: ...
    @property
    def firewall_ids(self) -> pulumi.Output[Sequence[int]]: ...
    @property
    def ignore_remote_firewall_ids(self) -> pulumi.Output[bool]: ...
    @property
    def image(self) -> pulumi.Output[str]: ...
    @property
    def ipv4_address(self) -> pulumi.Output[str]: ...
    @property
    def ipv6_address(self) -> pulumi.Output[str]: ...
    @property
    def ipv6_network(self) -> pulumi.Output[str]: ...
    @property
    def iso(self) -> pulumi.Output[str]: ...
    @property
    def keep_disk(self) -> pulumi.Output[bool]: ...
    @property
    def labels(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def location(self) -> pulumi.Output[str]: ...
    @property
    def name(self) -> pulumi.Output[str]: ...
    @property
    def networks(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def placement_group_id(self) -> pulumi.Output[int]: ...
    @property
    def primary_disk_size(self) -> pulumi.Output[int]: ...
    @property
    def public_nets(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def rebuild_protection(self) -> pulumi.Output[bool]: ...
    @property
    def rescue(self) -> pulumi.Output[str]: ...
    @property
    def server_type(self) -> pulumi.Output[str]: ...
    @property
    def shutdown_before_deletion(self) -> pulumi.Output[bool]: ...
    @property
    def ssh_keys(self) -> pulumi.Output[Sequence[str]]: ...
    @property
    def status(self) -> pulumi.Output[str]: ...
    @property
    def user_data(self) -> pulumi.Output[str]: ...

class ZoneRrsetRecordArgsDict(TypedDict):
    value: pulumi.Input[str]
    comment: NotRequired[pulumi.Input[str]]

class ZoneRrset(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        records: pulumi.Input[Sequence[pulumi.Input[ZoneRrsetRecordArgsDict]]],
        type: pulumi.Input[str],
        zone: pulumi.Input[str],
        change_protection: pulumi.Input[bool] | None = None,
        labels: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        name: pulumi.Input[str] | None = None,
        ttl: pulumi.Input[int] | None = None,
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def change_protection(self) -> pulumi.Output[bool]: ...
    @property
    def labels(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def name(self) -> pulumi.Output[str]: ...
    @property
    def records(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def ttl(self) -> pulumi.Output[int]: ...
    @property
    def type(self) -> pulumi.Output[str]: ...
    @property
    def zone(self) -> pulumi.Output[str]: ...

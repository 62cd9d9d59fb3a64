# Written by `python -m tests.engine.sdk`.
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from typing_extensions import NotRequired, Self, TypedDict

class NetworkInterfaceDnsSettingsArgsDict(TypedDict):
    dns_servers: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    internal_dns_name_label: NotRequired[pulumi.Input[str]]

class ExtendedLocationArgsDict(TypedDict):
    name: NotRequired[pulumi.Input[str]]
    type: NotRequired[pulumi.Input[str]]

class ApplicationGatewayBackendAddressArgsDict(TypedDict):
    fqdn: NotRequired[pulumi.Input[str]]
    ip_address: NotRequired[pulumi.Input[str]]

class ApplicationGatewayBackendAddressPoolArgsDict(TypedDict):
    backend_addresses: NotRequired[pulumi.Input[Sequence[pulumi.Input[ApplicationGatewayBackendAddressArgsDict]]]]
    id: NotRequired[pulumi.Input[str]]
    name: NotRequired[pulumi.Input[str]]

class ApplicationSecurityGroupArgsDict(TypedDict):
    id: NotRequired[pulumi.Input[str]]
    location: NotRequired[pulumi.Input[str]]
    tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]

class SubResourceArgsDict(TypedDict):
    id: NotRequired[pulumi.Input[str]]

class LoadBalancerBackendAddressArgsDict(TypedDict):
    admin_state: NotRequired[pulumi.Input[str]]
    ip_address: NotRequired[pulumi.Input[str]]
    load_balancer_frontend_ip_configuration: NotRequired[pulumi.Input[SubResourceArgsDict]]
    name: NotRequired[pulumi.Input[str]]
    subnet: NotRequired[pulumi.Input[SubResourceArgsDict]]
    virtual_network: NotRequired[pulumi.Input[SubResourceArgsDict]]

class GatewayLoadBalancerTunnelInterfaceArgsDict(TypedDict):
    identifier: NotRequired[pulumi.Input[int]]
    port: NotRequired[pulumi.Input[int]]
    protocol: NotRequired[pulumi.Input[str]]
    type: NotRequired[pulumi.Input[str]]

class BackendAddressPoolArgsDict(TypedDict):
    drain_period_in_seconds: NotRequired[pulumi.Input[int]]
    id: NotRequired[pulumi.Input[str]]
    load_balancer_backend_addresses: NotRequired[pulumi.Input[Sequence[pulumi.Input[LoadBalancerBackendAddressArgsDict]]]]
    location: NotRequired[pulumi.Input[str]]
    name: NotRequired[pulumi.Input[str]]
    sync_mode: NotRequired[pulumi.Input[str]]
    tunnel_interfaces: NotRequired[pulumi.Input[Sequence[pulumi.Input[GatewayLoadBalancerTunnelInterfaceArgsDict]]]]
    virtual_network: NotRequired[pulumi.Input[SubResourceArgsDict]]

class InboundNatRuleArgsDict(TypedDict):
    backend_address_pool: NotRequired[pulumi.Input[SubResourceArgsDict]]
    backend_port: NotRequired[pulumi.Input[int]]
    enable_floating_ip: NotRequired[pulumi.Input[bool]]
    enable_tcp_reset: NotRequired[pulumi.Input[bool]]
    frontend_ip_configuration: NotRequired[pulumi.Input[SubResourceArgsDict]]
    frontend_port: NotRequired[pulumi.Input[int]]
    frontend_port_range_end: NotRequired[pulumi.Input[int]]
    frontend_port_range_start: NotRequired[pulumi.Input[int]]
    id: NotRequired[pulumi.Input[str]]
    idle_timeout_in_minutes: NotRequired[pulumi.Input[int]]
    name: NotRequired[pulumi.Input[str]]
    protocol: NotRequired[pulumi.Input[str]]

class DdosSettingsArgsDict(TypedDict):
    ddos_protection_plan: NotRequired[pulumi.Input[SubResourceArgsDict]]
    protection_mode: NotRequired[pulumi.Input[str]]

class PublicIPAddressDnsSettingsArgsDict(TypedDict):
    domain_name_label: NotRequired[pulumi.Input[str]]
    domain_name_label_scope: NotRequired[pulumi.Input[Any]]
    fqdn: NotRequired[pulumi.Input[str]]
    reverse_fqdn: NotRequired[pulumi.Input[str]]

class IpTagArgsDict(TypedDict):
    ip_tag_type: NotRequired[pulumi.Input[str]]
    tag: NotRequired[pulumi.Input[str]]

class NatGatewaySkuArgsDict(TypedDict):
    name: NotRequired[pulumi.Input[str]]

class NatGatewayArgsDict(TypedDict):
    id: NotRequired[pulumi.Input[str]]
    idle_timeout_in_minutes: NotRequired[pulumi.Input[int]]
    location: NotRequired[pulumi.Input[str]]
    public_ip_addresses: NotRequired[pulumi.Input[Sequence[pulumi.Input[SubResourceArgsDict]]]]
    public_ip_prefixes: NotRequired[pulumi.Input[Sequence[pulumi.Input[SubResourceArgsDict]]]]
    sku: NotRequired[pulumi.Input[NatGatewaySkuArgsDict]]
    tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    zones: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]

class PublicIPAddressSkuArgsDict(TypedDict):
    name: NotRequired[pulumi.Input[str]]
    tier: NotRequired[pulumi.Input[str]]

class PublicIPAddressArgsDict(TypedDict):
    ddos_settings: NotRequired[pulumi.Input[DdosSettingsArgsDict]]
    delete_option: NotRequired[pulumi.Input[str]]
    dns_settings: NotRequired[pulumi.Input[PublicIPAddressDnsSettingsArgsDict]]
    extended_location: NotRequired[pulumi.Input[ExtendedLocationArgsDict]]
    id: NotRequired[pulumi.Input[str]]
    idle_timeout_in_minutes: NotRequired[pulumi.Input[int]]
    ip_address: NotRequired[pulumi.Input[str]]
    ip_tags: NotRequired[pulumi.Input[Sequence[pulumi.Input[IpTagArgsDict]]]]
    linked_public_ip_address: NotRequired[pulumi.Input[Any]]
    location: NotRequired[pulumi.Input[str]]
    migration_phase: NotRequired[pulumi.Input[str]]
    nat_gateway: NotRequired[pulumi.Input[NatGatewayArgsDict]]
    public_ip_address_version: NotRequired[pulumi.Input[str]]
    public_ip_allocation_method: NotRequired[pulumi.Input[str]]
    public_ip_prefix: NotRequired[pulumi.Input[SubResourceArgsDict]]
    service_public_ip_address: NotRequired[pulumi.Input[Any]]
    sku: NotRequired[pulumi.Input[PublicIPAddressSkuArgsDict]]
    tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    zones: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]

class ApplicationGatewayIPConfigurationArgsDict(TypedDict):
    id: NotRequired[pulumi.Input[str]]
    name: NotRequired[pulumi.Input[str]]
    subnet: NotRequired[pulumi.Input[SubResourceArgsDict]]

class DelegationArgsDict(TypedDict):
    actions: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    etag: NotRequired[pulumi.Input[str]]
    id: NotRequired[pulumi.Input[str]]
    name: NotRequired[pulumi.Input[str]]
    service_name: NotRequired[pulumi.Input[str]]
    type: NotRequired[pulumi.Input[str]]

class IpamPoolPrefixAllocationArgsDict(TypedDict):
    id: NotRequired[pulumi.Input[str]]
    number_of_ip_addresses: NotRequired[pulumi.Input[str]]

class SecurityRuleArgsDict(TypedDict):
    access: pulumi.Input[str]
    direction: pulumi.Input[str]
    protocol: pulumi.Input[str]
    description: NotRequired[pulumi.Input[str]]
    destination_address_prefix: NotRequired[pulumi.Input[str]]
    destination_address_prefixes: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    destination_application_security_groups: NotRequired[pulumi.Input[Sequence[pulumi.Input[ApplicationSecurityGroupArgsDict]]]]
    destination_port_range: NotRequired[pulumi.Input[str]]
    destination_port_ranges: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    etag: NotRequired[pulumi.Input[str]]
    id: NotRequired[pulumi.Input[str]]
    name: NotRequired[pulumi.Input[str]]
    priority: NotRequired[pulumi.Input[int]]
    provisioning_state: NotRequired[pulumi.Input[str]]
    source_address_prefix: NotRequired[pulumi.Input[str]]
    source_address_prefixes: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    source_application_security_groups: NotRequired[pulumi.Input[Sequence[pulumi.Input[ApplicationSecurityGroupArgsDict]]]]
    source_port_range: NotRequired[pulumi.Input[str]]
    source_port_ranges: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    type: NotRequired[pulumi.Input[str]]

class NetworkSecurityGroupArgsDict(TypedDict):
    default_security_rules: NotRequired[pulumi.Input[Sequence[pulumi.Input[SecurityRuleArgsDict]]]]
    etag: NotRequired[pulumi.Input[str]]
    flush_connection: NotRequired[pulumi.Input[bool]]
    id: NotRequired[pulumi.Input[str]]
    location: NotRequired[pulumi.Input[str]]
    provisioning_state: NotRequired[pulumi.Input[str]]
    resource_guid: NotRequired[pulumi.Input[str]]
    security_rules: NotRequired[pulumi.Input[Sequence[pulumi.Input[SecurityRuleArgsDict]]]]
    tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]

class ResourceNavigationLinkArgsDict(TypedDict):
    id: NotRequired[pulumi.Input[str]]
    link: NotRequired[pulumi.Input[str]]
    linked_resource_type: NotRequired[pulumi.Input[str]]
    name: NotRequired[pulumi.Input[str]]

class RouteArgsDict(TypedDict):
    next_hop_type: pulumi.Input[str]
    address_prefix: NotRequired[pulumi.Input[str]]
    etag: NotRequired[pulumi.Input[str]]
    id: NotRequired[pulumi.Input[str]]
    name: NotRequired[pulumi.Input[str]]
    next_hop_ip_address: NotRequired[pulumi.Input[str]]
    provisioning_state: NotRequired[pulumi.Input[str]]
    type: NotRequired[pulumi.Input[str]]

class RouteTableArgsDict(TypedDict):
    disable_bgp_route_propagation: NotRequired[pulumi.Input[bool]]
    etag: NotRequired[pulumi.Input[str]]
    id: NotRequired[pulumi.Input[str]]
    location: NotRequired[pulumi.Input[str]]
    provisioning_state: NotRequired[pulumi.Input[str]]
    routes: NotRequired[pulumi.Input[Sequence[pulumi.Input[RouteArgsDict]]]]
    tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]

class ServiceAssociationLinkArgsDict(TypedDict):
    id: NotRequired[pulumi.Input[str]]
    link: NotRequired[pulumi.Input[str]]
    linked_resource_type: NotRequired[pulumi.Input[str]]
    name: NotRequired[pulumi.Input[str]]

class ServiceEndpointPolicyDefinitionArgsDict(TypedDict):
    description: NotRequired[pulumi.Input[str]]
    etag: NotRequired[pulumi.Input[str]]
    id: NotRequired[pulumi.Input[str]]
    name: NotRequired[pulumi.Input[str]]
    service: NotRequired[pulumi.Input[str]]
    service_resources: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    type: NotRequired[pulumi.Input[str]]

class ServiceEndpointPolicyArgsDict(TypedDict):
    contextual_service_endpoint_policies: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    etag: NotRequired[pulumi.Input[str]]
    id: NotRequired[pulumi.Input[str]]
    location: NotRequired[pulumi.Input[str]]
    service_alias: NotRequired[pulumi.Input[str]]
    service_endpoint_policy_definitions: NotRequired[pulumi.Input[Sequence[pulumi.Input[ServiceEndpointPolicyDefinitionArgsDict]]]]
    tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]

class ServiceEndpointPropertiesFormatArgsDict(TypedDict):
    locations: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    network_identifier: NotRequired[pulumi.Input[SubResourceArgsDict]]
    provisioning_state: NotRequired[pulumi.Input[str]]
    service: NotRequired[pulumi.Input[str]]

class SubnetArgsDict(TypedDict):
    address_prefix: NotRequired[pulumi.Input[str]]
    address_prefixes: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    application_gateway_ip_configurations: NotRequired[pulumi.Input[Sequence[pulumi.Input[ApplicationGatewayIPConfigurationArgsDict]]]]
    default_outbound_access: NotRequired[pulumi.Input[bool]]
    delegations: NotRequired[pulumi.Input[Sequence[pulumi.Input[DelegationArgsDict]]]]
    etag: NotRequired[pulumi.Input[str]]
    id: NotRequired[pulumi.Input[str]]
    ip_allocations: NotRequired[pulumi.Input[Sequence[pulumi.Input[SubResourceArgsDict]]]]
    ipam_pool_prefix_allocations: NotRequired[pulumi.Input[Sequence[pulumi.Input[IpamPoolPrefixAllocationArgsDict]]]]
    name: NotRequired[pulumi.Input[str]]
    nat_gateway: NotRequired[pulumi.Input[SubResourceArgsDict]]
    network_security_group: NotRequired[pulumi.Input[NetworkSecurityGroupArgsDict]]
    private_endpoint_network_policies: NotRequired[pulumi.Input[str]]
    private_link_service_network_policies: NotRequired[pulumi.Input[str]]
    provisioning_state: NotRequired[pulumi.Input[str]]
    resource_navigation_links: NotRequired[pulumi.Input[Sequence[pulumi.Input[ResourceNavigationLinkArgsDict]]]]
    route_table: NotRequired[pulumi.Input[RouteTableArgsDict]]
    service_association_links: NotRequired[pulumi.Input[Sequence[pulumi.Input[ServiceAssociationLinkArgsDict]]]]
    service_endpoint_policies: NotRequired[pulumi.Input[Sequence[pulumi.Input[ServiceEndpointPolicyArgsDict]]]]
    service_endpoints: NotRequired[pulumi.Input[Sequence[pulumi.Input[ServiceEndpointPropertiesFormatArgsDict]]]]
    service_gateway: NotRequired[pulumi.Input[SubResourceArgsDict]]
    sharing_scope: NotRequired[pulumi.Input[str]]
    type: NotRequired[pulumi.Input[str]]

class FrontendIPConfigurationArgsDict(TypedDict):
    gateway_load_balancer: NotRequired[pulumi.Input[SubResourceArgsDict]]
    id: NotRequired[pulumi.Input[str]]
    name: NotRequired[pulumi.Input[str]]
    private_ip_address: NotRequired[pulumi.Input[str]]
    private_ip_address_version: NotRequired[pulumi.Input[str]]
    private_ip_allocation_method: NotRequired[pulumi.Input[str]]
    public_ip_address: NotRequired[pulumi.Input[PublicIPAddressArgsDict]]
    public_ip_prefix: NotRequired[pulumi.Input[SubResourceArgsDict]]
    subnet: NotRequired[pulumi.Input[SubnetArgsDict]]
    zones: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]

class VirtualNetworkTapArgsDict(TypedDict):
    destination_load_balancer_front_end_ip_configuration: NotRequired[pulumi.Input[FrontendIPConfigurationArgsDict]]
    destination_network_interface_ip_configuration: NotRequired[pulumi.Input[Any]]
    destination_port: NotRequired[pulumi.Input[int]]
    id: NotRequired[pulumi.Input[str]]
    location: NotRequired[pulumi.Input[str]]
    tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]

class NetworkInterfaceIPConfigurationArgsDict(TypedDict):
    application_gateway_backend_address_pools: NotRequired[pulumi.Input[Sequence[pulumi.Input[ApplicationGatewayBackendAddressPoolArgsDict]]]]
    application_security_groups: NotRequired[pulumi.Input[Sequence[pulumi.Input[ApplicationSecurityGroupArgsDict]]]]
    gateway_load_balancer: NotRequired[pulumi.Input[SubResourceArgsDict]]
    id: NotRequired[pulumi.Input[str]]
    load_balancer_backend_address_pools: NotRequired[pulumi.Input[Sequence[pulumi.Input[BackendAddressPoolArgsDict]]]]
    load_balancer_inbound_nat_rules: NotRequired[pulumi.Input[Sequence[pulumi.Input[InboundNatRuleArgsDict]]]]
    name: NotRequired[pulumi.Input[str]]
    primary: NotRequired[pulumi.Input[bool]]
    private_ip_address: NotRequired[pulumi.Input[str]]
    private_ip_address_prefix_length: NotRequired[pulumi.Input[int]]
    private_ip_address_version: NotRequired[pulumi.Input[str]]
    private_ip_allocation_method: NotRequired[pulumi.Input[str]]
    public_ip_address: NotRequired[pulumi.Input[PublicIPAddressArgsDict]]
    subnet: NotRequired[pulumi.Input[SubnetArgsDict]]
    type: NotRequired[pulumi.Input[str]]
    virtual_network_taps: NotRequired[pulumi.Input[Sequence[pulumi.Input[VirtualNetworkTapArgsDict]]]]

class PrivateLinkServicePropertiesAutoApprovalArgsDict(TypedDict):
    subscriptions: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]

class PrivateLinkServiceIpConfigurationArgsDict(TypedDict):
    id: NotRequired[pulumi.Input[str]]
    name: NotRequired[pulumi.Input[str]]
    primary: NotRequired[pulumi.Input[bool]]
    private_ip_address: NotRequired[pulumi.Input[str]]
    private_ip_address_version: NotRequired[pulumi.Input[str]]
    private_ip_allocation_method: NotRequired[pulumi.Input[str]]
    subnet: NotRequired[pulumi.Input[SubnetArgsDict]]

class PrivateLinkServicePropertiesVisibilityArgsDict(TypedDict):
    subscriptions: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]

class PrivateLinkServiceArgsDict(TypedDict):
    auto_approval: NotRequired[pulumi.Input[PrivateLinkServicePropertiesAutoApprovalArgsDict]]
    destination_ip_address: NotRequired[pulumi.Input[str]]
    enable_proxy_protocol: NotRequired[pulumi.Input[bool]]
    extended_location: NotRequired[pulumi.Input[ExtendedLocationArgsDict]]
    fqdns: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    id: NotRequired[pulumi.Input[str]]
    ip_configurations: NotRequired[pulumi.Input[Sequence[pulumi.Input[PrivateLinkServiceIpConfigurationArgsDict]]]]
    load_balancer_frontend_ip_configurations: NotRequired[pulumi.Input[Sequence[pulumi.Input[FrontendIPConfigurationArgsDict]]]]
    location: NotRequired[pulumi.Input[str]]
    tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    visibility: NotRequired[pulumi.Input[PrivateLinkServicePropertiesVisibilityArgsDict]]

class NetworkInterface(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        resource_group_name: pulumi.Input[str],
        auxiliary_mode: pulumi.Input[str] | None = None,
        auxiliary_sku: pulumi.Input[str] | None = None,
        disable_tcp_state_tracking: pulumi.Input[bool] | None = None,
        dns_settings: pulumi.Input[NetworkInterfaceDnsSettingsArgsDict] | None = None,
        enable_accelerated_networking: pulumi.Input[bool] | None = None,
        enable_ip_forwarding: pulumi.Input[bool] | None = None,
        extended_location: pulumi.Input[ExtendedLocationArgsDict] | None = None,
        id: pulumi.Input[str] | None = None,
        ip_configurations: pulumi.Input[Sequence[pulumi.Input[NetworkInterfaceIPConfigurationArgsDict]]] | None = None,
        location: pulumi.Input[str] | None = None,
        migration_phase: pulumi.Input[str] | None = None,
        network_interface_name: pulumi.Input[str] | None = None,
        network_security_group: pulumi.Input[NetworkSecurityGroupArgsDict] | None = None,
        nic_type: pulumi.Input[str] | None = None,
        private_link_service: pulumi.Input[PrivateLinkServiceArgsDict] | None = None,
        tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        workload_type: pulumi.Input[str] | None = None,
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def auxiliary_mode(self) -> pulumi.Output[str]: ...
    @property
    def auxiliary_sku(self) -> pulumi.Output[str]: ...
    @property
    def azure_api_version(self) -> pulumi.Output[str]: ...
    @property
    def default_outbound_connectivity_enabled(self) -> pulumi.Output[bool]: ...
    @property
    def disable_tcp_state_tracking(self) -> pulumi.Output[bool]: ...
    @property
    def dns_settings(self) -> pulumi.Output[Any]: ...
    @property
    def dscp_configuration(self) -> pulumi.Output[Any]: ...
    @property
    def enable_accelerated_networking(self) -> pulumi.Output[bool]: ...
    @property
    def enable_ip_forwarding(self) -> pulumi.Output[bool]: ...
    @property
    def etag(self) -> pulumi.Output[str]: ...
    @property
    def extended_location(self) -> pulumi.Output[Any]: ...
    @property
    def hosted_workloads(self) -> pulumi.Output[Sequence[str]]: ...
    @property
    def ip_configurations(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def location(self) -> pulumi.Output[str]: ...
    @property
    def mac_address(self) -> pulumi.Output[str]: ...
    @property
    def migration_phase(self) -> pulumi.Output[str]: ...
    @property
    def name(self) -> pulumi.Output[str]: ...
    @property
    def network_security_group(self) -> pulumi.Output[Any]: ...
    @property
    def nic_type(self) -> pulumi.Output[str]: ...
    @property
    def primary(self) -> pulumi.Output[bool]: ...
    @property
    def private_endpoint(self) -> pulumi.Output[Any]: ...
    @property
    def private_link_service(self) -> pulumi.Output[Any]: ...
    @property
    def provisioning_state(self) -> pulumi.Output[str]: ...
    @property
    def resource_guid(self) -> pulumi.Output[str]: ...
    @property
    def tags(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def tap_configurations(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def type(self) -> pulumi.Output[str]: ...
    @property
    def virtual_machine(self) -> pulumi.Output[Any]: ...
    @property
    def vnet_encryption_supported(self) -> pulumi.Output[bool]: ...
    @property
    def workload_type(self) -> pulumi.Output[str]: ...

class NetworkSecurityGroup(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        resource_group_name: pulumi.Input[str],
        flush_connection: pulumi.Input[bool] | None = None,
        id: pulumi.Input[str] | None = None,
        location: pulumi.Input[str] | None = None,
        network_security_group_name: pulumi.Input[str] | None = None,
        security_rules: pulumi.Input[Sequence[pulumi.Input[SecurityRuleArgsDict]]] | None = None,
        tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def azure_api_version(self) -> pulumi.Output[str]: ...
    @property
    def default_security_rules(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def etag(self) -> pulumi.Output[str]: ...
    @property
    def flow_logs(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def flush_connection(self) -> pulumi.Output[bool]: ...
    @property
    def location(self) -> pulumi.Output[str]: ...
    @property
    def name(self) -> pulumi.Output[str]: ...
    @property
    def network_interfaces(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def provisioning_state(self) -> pulumi.Output[str]: ...
    @property
    def resource_guid(self) -> pulumi.Output[str]: ...
    @property
    def security_rules(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def subnets(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def tags(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def type(self) -> pulumi.Output[str]: ...

class PublicIPAddress(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        resource_group_name: pulumi.Input[str],
        ddos_settings: pulumi.Input[DdosSettingsArgsDict] | None = None,
        delete_option: pulumi.Input[str] | None = None,
        dns_settings: pulumi.Input[PublicIPAddressDnsSettingsArgsDict] | None = None,
        extended_location: pulumi.Input[ExtendedLocationArgsDict] | None = None,
        id: pulumi.Input[str] | None = None,
        idle_timeout_in_minutes: pulumi.Input[int] | None = None,
        ip_address: pulumi.Input[str] | None = None,
        ip_tags: pulumi.Input[Sequence[pulumi.Input[IpTagArgsDict]]] | None = None,
        linked_public_ip_address: pulumi.Input[PublicIPAddressArgsDict] | None = None,
        location: pulumi.Input[str] | None = None,
        migration_phase: pulumi.Input[str] | None = None,
        nat_gateway: pulumi.Input[NatGatewayArgsDict] | None = None,
        public_ip_address_version: pulumi.Input[str] | None = None,
        public_ip_allocation_method: pulumi.Input[str] | None = None,
        public_ip_prefix: pulumi.Input[SubResourceArgsDict] | None = None,
        public_ip_address_name: pulumi.Input[str] | None = None,
        service_public_ip_address: pulumi.Input[PublicIPAddressArgsDict] | None = None,
        sku: pulumi.Input[PublicIPAddressSkuArgsDict] | None = None,
        tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        zones: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def azure_api_version(self) -> pulumi.Output[str]: ...
    @property
    def ddos_settings(self) -> pulumi.Output[Any]: ...
    @property
    def delete_option(self) -> pulumi.Output[str]: ...
    @property
    def dns_settings(self) -> pulumi.Output[Any]: ...
    @property
    def etag(self) -> pulumi.Output[str]: ...
    @property
    def extended_location(self) -> pulumi.Output[Any]: ...
    @property
    def idle_timeout_in_minutes(self) -> pulumi.Output[int]: ...
    @property
    def ip_address(self) -> pulumi.Output[str]: ...
    @property
    def ip_configuration(self) -> pulumi.Output[Any]: ...
    @property
    def ip_tags(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def linked_public_ip_address(self) -> pulumi.Output[Any]: ...
    @property
    def location(self) -> pulumi.Output[str]: ...
    @property
    def migration_phase(self) -> pulumi.Output[str]: ...
    @property
    def name(self) -> pulumi.Output[str]: ...
    @property
    def nat_gateway(self) -> pulumi.Output[Any]: ...
    @property
    def provisioning_state(self) -> pulumi.Output[str]: ...
    @property
    def public_ip_address_version(self) -> pulumi.Output[str]: ...
    @property
    def public_ip_allocation_method(self) -> pulumi.Output[str]: ...
    @property
    def public_ip_prefix(self) -> pulumi.Output[Any]: ...
    @property
    def resource_guid(self) -> pulumi.Output[str]: ...
    @property
    def service_public_ip_address(self) -> pulumi.Output[Any]: ...
    @property
    def sku(self) -> pulumi.Output[Any]: ...
    @property
    def tags(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def type(self) -> pulumi.Output[str]: ...
    @property
    def zones(self) -> pulumi.Output[Sequence[str]]: ...

class Subnet(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        resource_group_name: pulumi.Input[str],
        virtual_network_name: pulumi.Input[str],
        address_prefix: pulumi.Input[str] | None = None,
        address_prefixes: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        application_gateway_ip_configurations: pulumi.Input[Sequence[pulumi.Input[ApplicationGatewayIPConfigurationArgsDict]]] | None = None,
        default_outbound_access: pulumi.Input[bool] | None = None,
        delegations: pulumi.Input[Sequence[pulumi.Input[DelegationArgsDict]]] | None = None,
        id: pulumi.Input[str] | None = None,
        ip_allocations: pulumi.Input[Sequence[pulumi.Input[SubResourceArgsDict]]] | None = None,
        ipam_pool_prefix_allocations: pulumi.Input[Sequence[pulumi.Input[IpamPoolPrefixAllocationArgsDict]]] | None = None,
        name: pulumi.Input[str] | None = None,
        nat_gateway: pulumi.Input[SubResourceArgsDict] | None = None,
        network_security_group: pulumi.Input[NetworkSecurityGroupArgsDict] | None = None,
        private_endpoint_network_policies: pulumi.Input[str] | None = None,
        private_link_service_network_policies: pulumi.Input[str] | None = None,
        route_table: pulumi.Input[RouteTableArgsDict] | None = None,
        service_endpoint_policies: pulumi.Input[Sequence[pulumi.Input[ServiceEndpointPolicyArgsDict]]] | None = None,
        service_endpoints: pulumi.Input[Sequence[pulumi.Input[ServiceEndpointPropertiesFormatArgsDict]]] | None = None,
        sharing_scope: pulumi.Input[str] | None = None,
        subnet_name: pulumi.Input[str] | None = None,
        type: pulumi.Input[str] | None = None,
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def address_prefix(self) -> pulumi.Output[str]: ...
    @property
    def address_prefixes(self) -> pulumi.Output[Sequence[str]]: ...
    @property
    def application_gateway_ip_configurations(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def azure_api_version(self) -> pulumi.Output[str]: ...
    @property
    def default_outbound_access(self) -> pulumi.Output[bool]: ...
    @property
    def delegations(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def etag(self) -> pulumi.Output[str]: ...
    @property
    def ip_allocations(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def ip_configuration_profiles(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def ip_configurations(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def ipam_pool_prefix_allocations(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def name(self) -> pulumi.Output[str]: ...
    @property
    def nat_gateway(self) -> pulumi.Output[Any]: ...
    @property
    def network_security_group(self) -> pulumi.Output[Any]: ...
    @property
    def private_endpoint_network_policies(self) -> pulumi.Output[str]: ...
    @property
    def private_endpoints(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def private_link_service_network_policies(self) -> pulumi.Output[str]: ...
    @property
    def provisioning_state(self) -> pulumi.Output[str]: ...
    @property
    def purpose(self) -> pulumi.Output[str]: ...
    @property
    def resource_navigation_links(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def route_table(self) -> pulumi.Output[Any]: ...
    @property
    def service_association_links(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def service_endpoint_policies(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def service_endpoints(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def sharing_scope(self) -> pulumi.Output[str]: ...
    @property
    def type(self) -> pulumi.Output[str]: ...

class AddressSpaceArgsDict(TypedDict):
    address_prefixes: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    ipam_pool_prefix_allocations: NotRequired[pulumi.Input[Sequence[pulumi.Input[IpamPoolPrefixAllocationArgsDict]]]]

class VirtualNetworkBgpCommunitiesArgsDict(TypedDict):
    virtual_network_community: pulumi.Input[str]

class DhcpOptionsArgsDict(TypedDict):
    dns_servers: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]

class VirtualNetworkEncryptionArgsDict(TypedDict):
    enabled: pulumi.Input[bool]
    enforcement: NotRequired[pulumi.Input[str]]

class VirtualNetworkPeeringArgsDict(TypedDict):
    allow_forwarded_traffic: NotRequired[pulumi.Input[bool]]
    allow_gateway_transit: NotRequired[pulumi.Input[bool]]
    allow_virtual_network_access: NotRequired[pulumi.Input[bool]]
    do_not_verify_remote_gateways: NotRequired[pulumi.Input[bool]]
    enable_only_i_pv6_peering: NotRequired[pulumi.Input[bool]]
    id: NotRequired[pulumi.Input[str]]
    local_address_space: NotRequired[pulumi.Input[AddressSpaceArgsDict]]
    local_subnet_names: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    local_virtual_network_address_space: NotRequired[pulumi.Input[AddressSpaceArgsDict]]
    name: NotRequired[pulumi.Input[str]]
    peer_complete_vnets: NotRequired[pulumi.Input[bool]]
    peering_state: NotRequired[pulumi.Input[str]]
    peering_sync_level: NotRequired[pulumi.Input[str]]
    remote_address_space: NotRequired[pulumi.Input[AddressSpaceArgsDict]]
    remote_bgp_communities: NotRequired[pulumi.Input[VirtualNetworkBgpCommunitiesArgsDict]]
    remote_subnet_names: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    remote_virtual_network: NotRequired[pulumi.Input[SubResourceArgsDict]]
    remote_virtual_network_address_space: NotRequired[pulumi.Input[AddressSpaceArgsDict]]
    type: NotRequired[pulumi.Input[str]]
    use_remote_gateways: NotRequired[pulumi.Input[bool]]

class VirtualNetwork(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        resource_group_name: pulumi.Input[str],
        address_space: pulumi.Input[AddressSpaceArgsDict] | None = None,
        bgp_communities: pulumi.Input[VirtualNetworkBgpCommunitiesArgsDict] | None = None,
        ddos_protection_plan: pulumi.Input[SubResourceArgsDict] | None = None,
        dhcp_options: pulumi.Input[DhcpOptionsArgsDict] | None = None,
        enable_ddos_protection: pulumi.Input[bool] | None = None,
        enable_vm_protection: pulumi.Input[bool] | None = None,
        encryption: pulumi.Input[VirtualNetworkEncryptionArgsDict] | None = None,
        extended_location: pulumi.Input[ExtendedLocationArgsDict] | None = None,
        flow_timeout_in_minutes: pulumi.Input[int] | None = None,
        id: pulumi.Input[str] | None = None,
        ip_allocations: pulumi.Input[Sequence[pulumi.Input[SubResourceArgsDict]]] | None = None,
        location: pulumi.Input[str] | None = None,
        private_endpoint_v_net_policies: pulumi.Input[str] | None = None,
        subnets: pulumi.Input[Sequence[pulumi.Input[SubnetArgsDict]]] | None = None,
        tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        virtual_network_name: pulumi.Input[str] | None = None,
        virtual_network_peerings: pulumi.Input[Sequence[pulumi.Input[VirtualNetworkPeeringArgsDict]]] | None = None,
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def address_space(self) -> pulumi.Output[Any]: ...
    @property
    def azure_api_version(self) -> pulumi.Output[str]: ...
    @property
    def bgp_communities(self) -> pulumi.Output[Any]: ...
    @property
    def ddos_protection_plan(self) -> pulumi.Output[Any]: ...
    @property
    def dhcp_options(self) -> pulumi.Output[Any]: ...
    @property
    def enable_ddos_protection(self) -> pulumi.Output[bool]: ...
    @property
    def enable_vm_protection(self) -> pulumi.Output[bool]: ...
    @property
    def encryption(self) -> pulumi.Output[Any]: ...
    @property
    def etag(self) -> pulumi.Output[str]: ...
    @property
    def extended_location(self) -> pulumi.Output[Any]: ...
    @property
    def flow_logs(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def flow_timeout_in_minutes(self) -> pulumi.Output[int]: ...
    @property
    def ip_allocations(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def location(self) -> pulumi.Output[str]: ...
    @property
    def name(self) -> pulumi.Output[str]: ...
    @property
    def private_endpoint_v_net_policies(self) -> pulumi.Output[str]: ...
    @property
    def provisioning_state(self) -> pulumi.Output[str]: ...
    @property
    def resource_guid(self) -> pulumi.Output[str]: ...
    @property
    def subnets(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def tags(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def type(self) -> pulumi.Output[str]: ...
    @property
    def virtual_network_peerings(self) -> pulumi.Output[Sequence[Any]]: ...

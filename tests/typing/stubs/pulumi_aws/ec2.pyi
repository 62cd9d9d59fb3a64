# Written by `python -m tests.engine.sdk`.
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from typing_extensions import NotRequired, Self, TypedDict

class Eip(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        address: pulumi.Input[str] | None = None,
        associate_with_private_ip: pulumi.Input[str] | None = None,
        customer_owned_ipv4_pool: pulumi.Input[str] | None = None,
        domain: pulumi.Input[str] | None = None,
        instance: pulumi.Input[str] | None = None,
        ipam_pool_id: pulumi.Input[str] | None = None,
        network_border_group: pulumi.Input[str] | None = None,
        network_interface: pulumi.Input[str] | None = None,
        public_ipv4_pool: pulumi.Input[str] | None = None,
        region: pulumi.Input[str] | None = None,
        tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def address(self) -> pulumi.Output[str]: ...
    @property
    def allocation_id(self) -> pulumi.Output[str]: ...
    @property
    def arn(self) -> pulumi.Output[str]: ...
    @property
    def associate_with_private_ip(self) -> pulumi.Output[str]: ...
    @property
    def association_id(self) -> pulumi.Output[str]: ...
    @property
    def carrier_ip(self) -> pulumi.Output[str]: ...
    @property
    def customer_owned_ip(self) -> pulumi.Output[str]: ...
    @property
    def customer_owned_ipv4_pool(self) -> pulumi.Output[str]: ...
    @property
    def domain(self) -> pulumi.Output[str]: ...
    @property
    def instance(self) -> pulumi.Output[str]: ...
    @property
    def ipam_pool_id(self) -> pulumi.Output[str]: ...
    @property
    def network_border_group(self) -> pulumi.Output[str]: ...
    @property
    def network_interface(self) -> pulumi.Output[str]: ...
    @property
    def private_dns(self) -> pulumi.Output[str]: ...
    @property
    def private_ip(self) -> pulumi.Output[str]: ...
    @property
    def ptr_record(self) -> pulumi.Output[str]: ...
    @property
    def public_dns(self) -> pulumi.Output[str]: ...
    @property
    def public_ip(self) -> pulumi.Output[str]: ...
    @property
    def public_ipv4_pool(self) -> pulumi.Output[str]: ...
    @property
    def region(self) -> pulumi.Output[str]: ...
    @property
    def tags(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def tags_all(self) -> pulumi.Output[Mapping[str, str]]: ...

class EipAssociation(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        allocation_id: pulumi.Input[str] | None = None,
        allow_reassociation: pulumi.Input[bool] | None = None,
        instance_id: pulumi.Input[str] | None = None,
        network_interface_id: pulumi.Input[str] | None = None,
        private_ip_address: pulumi.Input[str] | None = None,
        public_ip: pulumi.Input[str] | None = None,
        region: pulumi.Input[str] | None = None,
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def allocation_id(self) -> pulumi.Output[str]: ...
    @property
    def allow_reassociation(self) -> pulumi.Output[bool]: ...
    @property
    def instance_id(self) -> pulumi.Output[str]: ...
    @property
    def network_interface_id(self) -> pulumi.Output[str]: ...
    @property
    def private_ip_address(self) -> pulumi.Output[str]: ...
    @property
    def public_ip(self) -> pulumi.Output[str]: ...
    @property
    def region(self) -> pulumi.Output[str]: ...

class InstanceCapacityReservationSpecificationCapacityReservationTargetArgsDict(TypedDict):
    capacity_reservation_id: NotRequired[pulumi.Input[str]]
    capacity_reservation_resource_group_arn: NotRequired[pulumi.Input[str]]

class InstanceCapacityReservationSpecificationArgsDict(TypedDict):
    capacity_reservation_preference: NotRequired[pulumi.Input[str]]
    capacity_reservation_target: NotRequired[pulumi.Input[InstanceCapacityReservationSpecificationCapacityReservationTargetArgsDict]]

class InstanceCpuOptionsArgsDict(TypedDict):
    amd_sev_snp: NotRequired[pulumi.Input[str]]
    core_count: NotRequired[pulumi.Input[int]]
    nested_virtualization: NotRequired[pulumi.Input[str]]
    threads_per_core: NotRequired[pulumi.Input[int]]

class InstanceCreditSpecificationArgsDict(TypedDict):
    cpu_credits: NotRequired[pulumi.Input[str]]

class InstanceEbsBlockDeviceArgsDict(TypedDict):
    device_name: pulumi.Input[str]
    delete_on_termination: NotRequired[pulumi.Input[bool]]
    encrypted: NotRequired[pulumi.Input[bool]]
    iops: NotRequired[pulumi.Input[int]]
    kms_key_id: NotRequired[pulumi.Input[str]]
    snapshot_id: NotRequired[pulumi.Input[str]]
    tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    tags_all: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    throughput: NotRequired[pulumi.Input[int]]
    volume_id: NotRequired[pulumi.Input[str]]
    volume_size: NotRequired[pulumi.Input[int]]
    volume_type: NotRequired[pulumi.Input[str]]

class InstanceEnclaveOptionsArgsDict(TypedDict):
    enabled: NotRequired[pulumi.Input[bool]]

class InstanceEphemeralBlockDeviceArgsDict(TypedDict):
    device_name: pulumi.Input[str]
    no_device: NotRequired[pulumi.Input[bool]]
    virtual_name: NotRequired[pulumi.Input[str]]

class InstanceInstanceMarketOptionsSpotOptionsArgsDict(TypedDict):
    instance_interruption_behavior: NotRequired[pulumi.Input[str]]
    max_price: NotRequired[pulumi.Input[str]]
    spot_instance_type: NotRequired[pulumi.Input[str]]
    valid_until: NotRequired[pulumi.Input[str]]

class InstanceInstanceMarketOptionsArgsDict(TypedDict):
    market_type: NotRequired[pulumi.Input[str]]
    spot_options: NotRequired[pulumi.Input[InstanceInstanceMarketOptionsSpotOptionsArgsDict]]

class InstanceLaunchTemplateArgsDict(TypedDict):
    id: NotRequired[pulumi.Input[str]]
    name: NotRequired[pulumi.Input[str]]
    version: NotRequired[pulumi.Input[str]]

class InstanceMaintenanceOptionsArgsDict(TypedDict):
    auto_recovery: NotRequired[pulumi.Input[str]]

class InstanceMetadataOptionsArgsDict(TypedDict):
    http_endpoint: NotRequired[pulumi.Input[str]]
    http_protocol_ipv6: NotRequired[pulumi.Input[str]]
    http_put_response_hop_limit: NotRequired[pulumi.Input[int]]
    http_tokens: NotRequired[pulumi.Input[str]]
    instance_metadata_tags: NotRequired[pulumi.Input[str]]

class InstanceNetworkInterfaceArgsDict(TypedDict):
    device_index: pulumi.Input[int]
    network_interface_id: pulumi.Input[str]
    delete_on_termination: NotRequired[pulumi.Input[bool]]
    network_card_index: NotRequired[pulumi.Input[int]]

class InstancePrimaryNetworkInterfaceArgsDict(TypedDict):
    network_interface_id: pulumi.Input[str]
    delete_on_termination: NotRequired[pulumi.Input[bool]]

class InstancePrivateDnsNameOptionsArgsDict(TypedDict):
    enable_resource_name_dns_a_record: NotRequired[pulumi.Input[bool]]
    enable_resource_name_dns_aaaa_record: NotRequired[pulumi.Input[bool]]
    hostname_type: NotRequired[pulumi.Input[str]]

class InstanceRootBlockDeviceArgsDict(TypedDict):
    delete_on_termination: NotRequired[pulumi.Input[bool]]
    device_name: NotRequired[pulumi.Input[str]]
    encrypted: NotRequired[pulumi.Input[bool]]
    iops: NotRequired[pulumi.Input[int]]
    kms_key_id: NotRequired[pulumi.Input[str]]
    tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    tags_all: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    throughput: NotRequired[pulumi.Input[int]]
    volume_id: NotRequired[pulumi.Input[str]]
    volume_size: NotRequired[pulumi.Input[int]]
    volume_type: NotRequired[pulumi.Input[str]]

class InstanceSecondaryNetworkInterfaceArgsDict(TypedDict):
    network_card_index: pulumi.Input[int]
    secondary_subnet_id: pulumi.Input[str]
    delete_on_termination: NotRequired[pulumi.Input[bool]]
    device_index: NotRequired[pulumi.Input[int]]
    interface_type: NotRequired[pulumi.Input[str]]
    mac_address: NotRequired[pulumi.Input[str]]
    private_ip_address_count: NotRequired[pulumi.Input[int]]
    private_ip_addresses: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    secondary_interface_id: NotRequired[pulumi.Input[str]]
    secondary_network_id: NotRequired[pulumi.Input[str]]
    source_dest_check: NotRequired[pulumi.Input[bool]]
    status: NotRequired[pulumi.Input[str]]

class Instance(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        ami: pulumi.Input[str] | None = None,
        associate_public_ip_address: pulumi.Input[bool] | None = None,
        availability_zone: pulumi.Input[str] | None = None,
        capacity_reservation_specification: pulumi.Input[InstanceCapacityReservationSpecificationArgsDict] | None = None,
        cpu_options: pulumi.Input[InstanceCpuOptionsArgsDict] | None = None,
        credit_specification: pulumi.Input[InstanceCreditSpecificationArgsDict] | None = None,
        disable_api_stop: pulumi.Input[bool] | None = None,
        disable_api_termination: pulumi.Input[bool] | None = None,
        ebs_block_devices: pulumi.Input[Sequence[pulumi.Input[InstanceEbsBlockDeviceArgsDict]]] | None = None,
        ebs_optimized: pulumi.Input[bool] | None = None,
        enable_primary_ipv6: pulumi.Input[bool] | None = None,
        enclave_options: pulumi.Input[InstanceEnclaveOptionsArgsDict] | None = None,
        ephemeral_block_devices: pulumi.Input[Sequence[pulumi.Input[InstanceEphemeralBlockDeviceArgsDict]]] | None = None,
        force_destroy: pulumi.Input[bool] | None = None,
        get_password_data: pulumi.Input[bool] | None = None,
        hibernation: pulumi.Input[bool] | None = None,
        host_id: pulumi.Input[str] | None = None,
        host_resource_group_arn: pulumi.Input[str] | None = None,
        iam_instance_profile: pulumi.Input[str] | None = None,
        instance_initiated_shutdown_behavior: pulumi.Input[str] | None = None,
        instance_market_options: pulumi.Input[InstanceInstanceMarketOptionsArgsDict] | None = None,
        instance_type: pulumi.Input[str] | None = None,
        ipv6_address_count: pulumi.Input[int] | None = None,
        ipv6_addresses: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        key_name: pulumi.Input[str] | None = None,
        launch_template: pulumi.Input[InstanceLaunchTemplateArgsDict] | None = None,
        maintenance_options: pulumi.Input[InstanceMaintenanceOptionsArgsDict] | None = None,
        metadata_options: pulumi.Input[InstanceMetadataOptionsArgsDict] | None = None,
        monitoring: pulumi.Input[bool] | None = None,
        network_interfaces: pulumi.Input[Sequence[pulumi.Input[InstanceNetworkInterfaceArgsDict]]] | None = None,
        placement_group: pulumi.Input[str] | None = None,
        placement_group_id: pulumi.Input[str] | None = None,
        placement_partition_number: pulumi.Input[int] | None = None,
        primary_network_interface: pulumi.Input[InstancePrimaryNetworkInterfaceArgsDict] | None = None,
        private_dns_name_options: pulumi.Input[InstancePrivateDnsNameOptionsArgsDict] | None = None,
        private_ip: pulumi.Input[str] | None = None,
        region: pulumi.Input[str] | None = None,
        root_block_device: pulumi.Input[InstanceRootBlockDeviceArgsDict] | None = None,
        secondary_network_interfaces: pulumi.Input[Sequence[pulumi.Input[InstanceSecondaryNetworkInterfaceArgsDict]]] | None = None,
        secondary_private_ips: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        security_groups: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        source_dest_check: pulumi.Input[bool] | None = None,
        subnet_id: pulumi.Input[str] | None = None,
        tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        tenancy: pulumi.Input[str] | None = None,
        user_data: pulumi.Input[str] | None = None,
        user_data_base64: pulumi.Input[str] | None = None,
        user_data_replace_on_change: pulumi.Input[bool] | None = None,
        volume_tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        vpc_security_group_ids: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def ami(self) -> pulumi.Output[str]: ...
    @property
    def arn(self) -> pulumi.Output[str]: ...
    @property
    def associate_public_ip_address(self) -> pulumi.Output[bool]: ...
    @property
    def availability_zone(self) -> pulumi.Output[str]: ...
    @property
    def capacity_reservation_specification(self) -> pulumi.Output[Any]: ...
    @property
    def cpu_options(self) -> pulumi.Output[Any]: ...
    @property
    def credit_specification(self) -> pulumi.Output[Any]: ...
    @property
    def disable_api_stop(self) -> pulumi.Output[bool]: ...
    @property
    def disable_api_termination(self) -> pulumi.Output[bool]: ...
    @property
    def ebs_block_devices(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def ebs_optimized(self) -> pulumi.Output[bool]: ...
    @property
    def enable_primary_ipv6(self) -> pulumi.Output[bool]: ...
    @property
    def enclave_options(self) -> pulumi.Output[Any]: ...
    @property
    def ephemeral_block_devices(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def force_destroy(self) -> pulumi.Output[bool]: ...
    @property
    def get_password_data(self) -> pulumi.Output[bool]: ...
    @property
    def hibernation(self) -> pulumi.Output[bool]: ...
    @property
    def host_id(self) -> pulumi.Output[str]: ...
    @property
    def host_resource_group_arn(self) -> pulumi.Output[str]: ...
    @property
    def iam_instance_profile(self) -> pulumi.Output[str]: ...
    @property
    def instance_initiated_shutdown_behavior(self) -> pulumi.Output[str]: ...
    @property
    def instance_lifecycle(self) -> pulumi.Output[str]: ...
    @property
    def instance_market_options(self) -> pulumi.Output[Any]: ...
    @property
    def instance_state(self) -> pulumi.Output[str]: ...
    @property
    def instance_type(self) -> pulumi.Output[str]: ...
    @property
    def ipv6_address_count(self) -> pulumi.Output[int]: ...
    @property
    def ipv6_addresses(self) -> pulumi.Output[Sequence[str]]: ...
    @property
    def key_name(self) -> pulumi.Output[str]: ...
    @property
    def launch_template(self) -> pulumi.Output[Any]: ...
    @property
    def maintenance_options(self) -> pulumi.Output[Any]: ...
    @property
    def metadata_options(self) -> pulumi.Output[Any]: ...
    @property
    def monitoring(self) -> pulumi.Output[bool]: ...
    @property
    def network_interfaces(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def outpost_arn(self) -> pulumi.Output[str]: ...
    @property
    def password_data(self) -> pulumi.Output[str]: ...
    @property
    def placement_group(self) -> pulumi.Output[str]: ...
    @property
    def placement_group_id(self) -> pulumi.Output[str]: ...
    @property
    def placement_partition_number(self) -> pulumi.Output[int]: ...
    @property
    def primary_network_interface(self) -> pulumi.Output[Any]: ...
    @property
    def primary_network_interface_id(self) -> pulumi.Output[str]: ...
    @property
    def private_dns(self) -> pulumi.Output[str]: ...
    @property
    def private_dns_name_options(self) -> pulumi.Output[Any]: ...
    @property
    def private_ip(self) -> pulumi.Output[str]: ...
    @property
    def public_dns(self) -> pulumi.Output[str]: ...
    @property
    def public_ip(self) -> pulumi.Output[str]: ...
    @property
    def region(self) -> pulumi.Output[str]: ...
    @property
    def root_block_device(self) -> pulumi.Output[Any]: ...
    @property
    def secondary_network_interfaces(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def secondary_private_ips(self) -> pulumi.Output[Sequence[str]]: ...
    @property
    def security_groups(self) -> pulumi.Output[Sequence[str]]: ...
    @property
    def source_dest_check(self) -> pulumi.Output[bool]: ...
    @property
    def spot_instance_request_id(self) -> pulumi.Output[str]: ...
    @property
    def subnet_id(self) -> pulumi.Output[str]: ...
    @property
    def tags(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def tags_all(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def tenancy(self) -> pulumi.Output[str]: ...
    @property
    def user_data(self) -> pulumi.Output[str]: ...
    @property
    def user_data_base64(self) -> pulumi.Output[str]: ...
    @property
    def user_data_replace_on_change(self) -> pulumi.Output[bool]: ...
    @property
    def volume_tags(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def vpc_security_group_ids(self) -> pulumi.Output[Sequence[str]]: ...

class InternetGateway(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        region: pulumi.Input[str] | None = None,
        tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        vpc_id: pulumi.Input[str] | None = None,
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def arn(self) -> pulumi.Output[str]: ...
    @property
    def owner_id(self) -> pulumi.Output[str]: ...
    @property
    def region(self) -> pulumi.Output[str]: ...
    @property
    def tags(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def tags_all(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def vpc_id(self) -> pulumi.Output[str]: ...

class LaunchTemplateBlockDeviceMappingEbsArgsDict(TypedDict):
    delete_on_termination: NotRequired[pulumi.Input[str]]
    encrypted: NotRequired[pulumi.Input[str]]
    iops: NotRequired[pulumi.Input[int]]
    kms_key_id: NotRequired[pulumi.Input[str]]
    snapshot_id: NotRequired[pulumi.Input[str]]
    throughput: NotRequired[pulumi.Input[int]]
    volume_initialization_rate: NotRequired[pulumi.Input[int]]
    volume_size: NotRequired[pulumi.Input[int]]
    volume_type: NotRequired[pulumi.Input[str]]

class LaunchTemplateBlockDeviceMappingArgsDict(TypedDict):
    device_name: NotRequired[pulumi.Input[str]]
    ebs: NotRequired[pulumi.Input[LaunchTemplateBlockDeviceMappingEbsArgsDict]]
    no_device: NotRequired[pulumi.Input[str]]
    virtual_name: NotRequired[pulumi.Input[str]]

class LaunchTemplateCapacityReservationSpecificationCapacityReservationTargetArgsDict(TypedDict):
    capacity_reservation_id: NotRequired[pulumi.Input[str]]
    capacity_reservation_resource_group_arn: NotRequired[pulumi.Input[str]]

class LaunchTemplateCapacityReservationSpecificationArgsDict(TypedDict):
    capacity_reservation_preference: NotRequired[pulumi.Input[str]]
    capacity_reservation_target: NotRequired[pulumi.Input[LaunchTemplateCapacityReservationSpecificationCapacityReservationTargetArgsDict]]

class LaunchTemplateCpuOptionsArgsDict(TypedDict):
    amd_sev_snp: NotRequired[pulumi.Input[str]]
    core_count: NotRequired[pulumi.Input[int]]
    nested_virtualization: NotRequired[pulumi.Input[str]]
    threads_per_core: NotRequired[pulumi.Input[int]]

class LaunchTemplateCreditSpecificationArgsDict(TypedDict):
    cpu_credits: NotRequired[pulumi.Input[str]]

class LaunchTemplateEnclaveOptionsArgsDict(TypedDict):
    enabled: NotRequired[pulumi.Input[bool]]

class LaunchTemplateHibernationOptionsArgsDict(TypedDict):
    configured: pulumi.Input[bool]

class LaunchTemplateIamInstanceProfileArgsDict(TypedDict):
    arn: NotRequired[pulumi.Input[str]]
    name: NotRequired[pulumi.Input[str]]

class LaunchTemplateInstanceMarketOptionsSpotOptionsArgsDict(TypedDict):
    block_duration_minutes: NotRequired[pulumi.Input[int]]
    instance_interruption_behavior: NotRequired[pulumi.Input[str]]
    max_price: NotRequired[pulumi.Input[str]]
    spot_instance_type: NotRequired[pulumi.Input[str]]
    valid_until: NotRequired[pulumi.Input[str]]

class LaunchTemplateInstanceMarketOptionsArgsDict(TypedDict):
    market_type: NotRequired[pulumi.Input[str]]
    spot_options: NotRequired[pulumi.Input[LaunchTemplateInstanceMarketOptionsSpotOptionsArgsDict]]

class LaunchTemplateInstanceRequirementsMemoryMibArgsDict(TypedDict):
    min: pulumi.Input[int]
    max: NotRequired[pulumi.Input[int]]

class LaunchTemplateInstanceRequirementsVcpuCountArgsDict(TypedDict):
    min: pulumi.Input[int]
    max: NotRequired[pulumi.Input[int]]

class LaunchTemplateInstanceRequirementsAcceleratorCountArgsDict(TypedDict):
    max: NotRequired[pulumi.Input[int]]
    min: NotRequired[pulumi.Input[int]]

class LaunchTemplateInstanceRequirementsAcceleratorTotalMemoryMibArgsDict(TypedDict):
    max: NotRequired[pulumi.Input[int]]
    min: NotRequired[pulumi.Input[int]]

class LaunchTemplateInstanceRequirementsBaselineEbsBandwidthMbpsArgsDict(TypedDict):
    max: NotRequired[pulumi.Input[int]]
    min: NotRequired[pulumi.Input[int]]

class LaunchTemplateInstanceRequirementsMemoryGibPerVcpuArgsDict(TypedDict):
    max: NotRequired[pulumi.Input[float]]
    min: NotRequired[pulumi.Input[float]]

class LaunchTemplateInstanceRequirementsNetworkBandwidthGbpsArgsDict(TypedDict):
    max: NotRequired[pulumi.Input[float]]
    min: NotRequired[pulumi.Input[float]]

class LaunchTemplateInstanceRequirementsNetworkInterfaceCountArgsDict(TypedDict):
    max: NotRequired[pulumi.Input[int]]
    min: NotRequired[pulumi.Input[int]]

class LaunchTemplateInstanceRequirementsTotalLocalStorageGbArgsDict(TypedDict):
    max: NotRequired[pulumi.Input[float]]
    min: NotRequired[pulumi.Input[float]]

class LaunchTemplateInstanceRequirementsArgsDict(TypedDict):
    memory_mib: pulumi.Input[LaunchTemplateInstanceRequirementsMemoryMibArgsDict]
    vcpu_count: pulumi.Input[LaunchTemplateInstanceRequirementsVcpuCountArgsDict]
    accelerator_count: NotRequired[pulumi.Input[LaunchTemplateInstanceRequirementsAcceleratorCountArgsDict]]
    accelerator_manufacturers: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    accelerator_names: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    accelerator_total_memory_mib: NotRequired[pulumi.Input[LaunchTemplateInstanceRequirementsAcceleratorTotalMemoryMibArgsDict]]
    accelerator_types: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    allowed_instance_types: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    bare_metal: NotRequired[pulumi.Input[str]]
    baseline_ebs_bandwidth_mbps: NotRequired[pulumi.Input[LaunchTemplateInstanceRequirementsBaselineEbsBandwidthMbpsArgsDict]]
    burstable_performance: NotRequired[pulumi.Input[str]]
    cpu_manufacturers: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    excluded_instance_types: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    instance_generations: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    local_storage: NotRequired[pulumi.Input[str]]
    local_storage_types: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    max_spot_price_as_percentage_of_optimal_on_demand_price: NotRequired[pulumi.Input[int]]
    memory_gib_per_vcpu: NotRequired[pulumi.Input[LaunchTemplateInstanceRequirementsMemoryGibPerVcpuArgsDict]]
    network_bandwidth_gbps: NotRequired[pulumi.Input[LaunchTemplateInstanceRequirementsNetworkBandwidthGbpsArgsDict]]
    network_interface_count: NotRequired[pulumi.Input[LaunchTemplateInstanceRequirementsNetworkInterfaceCountArgsDict]]
    on_demand_max_price_percentage_over_lowest_price: NotRequired[pulumi.Input[int]]
    require_hibernate_support: NotRequired[pulumi.Input[bool]]
    spot_max_price_percentage_over_lowest_price: NotRequired[pulumi.Input[int]]
    total_local_storage_gb: NotRequired[pulumi.Input[LaunchTemplateInstanceRequirementsTotalLocalStorageGbArgsDict]]

class LaunchTemplateLicenseSpecificationArgsDict(TypedDict):
    license_configuration_arn: pulumi.Input[str]

class LaunchTemplateMaintenanceOptionsArgsDict(TypedDict):
    auto_recovery: NotRequired[pulumi.Input[str]]

class LaunchTemplateMetadataOptionsArgsDict(TypedDict):
    http_endpoint: NotRequired[pulumi.Input[str]]
    http_protocol_ipv6: NotRequired[pulumi.Input[str]]
    http_put_response_hop_limit: NotRequired[pulumi.Input[int]]
    http_tokens: NotRequired[pulumi.Input[str]]
    instance_metadata_tags: NotRequired[pulumi.Input[str]]

class LaunchTemplateMonitoringArgsDict(TypedDict):
    enabled: NotRequired[pulumi.Input[bool]]

class LaunchTemplateNetworkInterfaceConnectionTrackingSpecificationArgsDict(TypedDict):
    tcp_established_timeout: NotRequired[pulumi.Input[int]]
    udp_stream_timeout: NotRequired[pulumi.Input[int]]
    udp_timeout: NotRequired[pulumi.Input[int]]

class LaunchTemplateNetworkInterfaceEnaSrdSpecificationEnaSrdUdpSpecificationArgsDict(TypedDict):
    ena_srd_udp_enabled: NotRequired[pulumi.Input[bool]]

class LaunchTemplateNetworkInterfaceEnaSrdSpecificationArgsDict(TypedDict):
    ena_srd_enabled: NotRequired[pulumi.Input[bool]]
    ena_srd_udp_specification: NotRequired[pulumi.Input[LaunchTemplateNetworkInterfaceEnaSrdSpecificationEnaSrdUdpSpecificationArgsDict]]

class LaunchTemplateNetworkInterfaceArgsDict(TypedDict):
    associate_carrier_ip_address: NotRequired[pulumi.Input[str]]
    associate_public_ip_address: NotRequired[pulumi.Input[str]]
    connection_tracking_specification: NotRequired[pulumi.Input[LaunchTemplateNetworkInterfaceConnectionTrackingSpecificationArgsDict]]
    delete_on_termination: NotRequired[pulumi.Input[str]]
    description: NotRequired[pulumi.Input[str]]
    device_index: NotRequired[pulumi.Input[int]]
    ena_queue_count: NotRequired[pulumi.Input[int]]
    ena_srd_specification: NotRequired[pulumi.Input[LaunchTemplateNetworkInterfaceEnaSrdSpecificationArgsDict]]
    interface_type: NotRequired[pulumi.Input[str]]
    ipv4_address_count: NotRequired[pulumi.Input[int]]
    ipv4_addresses: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    ipv4_prefix_count: NotRequired[pulumi.Input[int]]
    ipv4_prefixes: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    ipv6_address_count: NotRequired[pulumi.Input[int]]
    ipv6_addresses: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    ipv6_prefix_count: NotRequired[pulumi.Input[int]]
    ipv6_prefixes: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    network_card_index: NotRequired[pulumi.Input[int]]
    network_interface_id: NotRequired[pulumi.Input[str]]
    primary_ipv6: NotRequired[pulumi.Input[str]]
    private_ip_address: NotRequired[pulumi.Input[str]]
    security_groups: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    subnet_id: NotRequired[pulumi.Input[str]]

class LaunchTemplateNetworkPerformanceOptionsArgsDict(TypedDict):
    bandwidth_weighting: NotRequired[pulumi.Input[str]]

class LaunchTemplatePlacementArgsDict(TypedDict):
    affinity: NotRequired[pulumi.Input[str]]
    availability_zone: NotRequired[pulumi.Input[str]]
    group_id: NotRequired[pulumi.Input[str]]
    group_name: NotRequired[pulumi.Input[str]]
    host_id: NotRequired[pulumi.Input[str]]
    host_resource_group_arn: NotRequired[pulumi.Input[str]]
    partition_number: NotRequired[pulumi.Input[int]]
    spread_domain: NotRequired[pulumi.Input[str]]
    tenancy: NotRequired[pulumi.Input[str]]

class LaunchTemplatePrivateDnsNameOptionsArgsDict(TypedDict):
    enable_resource_name_dns_a_record: NotRequired[pulumi.Input[bool]]
    enable_resource_name_dns_aaaa_record: NotRequired[pulumi.Input[bool]]
    hostname_type: NotRequired[pulumi.Input[str]]

class LaunchTemplateSecondaryInterfaceArgsDict(TypedDict):
    delete_on_termination: NotRequired[pulumi.Input[bool]]
    device_index: NotRequired[pulumi.Input[int]]
    interface_type: NotRequired[pulumi.Input[str]]
    network_card_index: NotRequired[pulumi.Input[int]]
    private_ip_address_count: NotRequired[pulumi.Input[int]]
    private_ip_addresses: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    secondary_subnet_id: NotRequired[pulumi.Input[str]]

class LaunchTemplateTagSpecificationArgsDict(TypedDict):
    resource_type: NotRequired[pulumi.Input[str]]
    tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]

class LaunchTemplate(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        block_device_mappings: pulumi.Input[Sequence[pulumi.Input[LaunchTemplateBlockDeviceMappingArgsDict]]] | None = None,
        capacity_reservation_specification: pulumi.Input[LaunchTemplateCapacityReservationSpecificationArgsDict] | None = None,
        cpu_options: pulumi.Input[LaunchTemplateCpuOptionsArgsDict] | None = None,
        credit_specification: pulumi.Input[LaunchTemplateCreditSpecificationArgsDict] | None = None,
        default_version: pulumi.Input[int] | None = None,
        description: pulumi.Input[str] | None = None,
        disable_api_stop: pulumi.Input[bool] | None = None,
        disable_api_termination: pulumi.Input[bool] | None = None,
        ebs_optimized: pulumi.Input[str] | None = None,
        enclave_options: pulumi.Input[LaunchTemplateEnclaveOptionsArgsDict] | None = None,
        hibernation_options: pulumi.Input[LaunchTemplateHibernationOptionsArgsDict] | None = None,
        iam_instance_profile: pulumi.Input[LaunchTemplateIamInstanceProfileArgsDict] | None = None,
        image_id: pulumi.Input[str] | None = None,
        instance_initiated_shutdown_behavior: pulumi.Input[str] | None = None,
        instance_market_options: pulumi.Input[LaunchTemplateInstanceMarketOptionsArgsDict] | None = None,
        instance_requirements: pulumi.Input[LaunchTemplateInstanceRequirementsArgsDict] | None = None,
        instance_type: pulumi.Input[str] | None = None,
        kernel_id: pulumi.Input[str] | None = None,
        key_name: pulumi.Input[str] | None = None,
        license_specifications: pulumi.Input[Sequence[pulumi.Input[LaunchTemplateLicenseSpecificationArgsDict]]] | None = None,
        maintenance_options: pulumi.Input[LaunchTemplateMaintenanceOptionsArgsDict] | None = None,
        metadata_options: pulumi.Input[LaunchTemplateMetadataOptionsArgsDict] | None = None,
        monitoring: pulumi.Input[LaunchTemplateMonitoringArgsDict] | None = None,
        name: pulumi.Input[str] | None = None,
        name_prefix: pulumi.Input[str] | None = None,
        network_interfaces: pulumi.Input[Sequence[pulumi.Input[LaunchTemplateNetworkInterfaceArgsDict]]] | None = None,
        network_performance_options: pulumi.Input[LaunchTemplateNetworkPerformanceOptionsArgsDict] | None = None,
        placement: pulumi.Input[LaunchTemplatePlacementArgsDict] | None = None,
        private_dns_name_options: pulumi.Input[LaunchTemplatePrivateDnsNameOptionsArgsDict] | None = None,
        ram_disk_id: pulumi.Input[str] | None = None,
        region: pulumi.Input[str] | None = None,
        secondary_interfaces: pulumi.Input[Sequence[pulumi.Input[LaunchTemplateSecondaryInterfaceArgsDict]]] | None = None,
        security_group_names: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        tag_specifications: pulumi.Input[Sequence[pulumi.Input[LaunchTemplateTagSpecificationArgsDict]]] | None = None,
        tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        update_default_version: pulumi.Input[bool] | None = None,
        user_data: pulumi.Input[str] | None = None,
        vpc_security_group_ids: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def arn(self) -> pulumi.Output[str]: ...
    @property
    def block_device_mappings(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def capacity_reservation_specification(self) -> pulumi.Output[Any]: ...
    @property
    def cpu_options(self) -> pulumi.Output[Any]: ...
    @property
    def credit_specification(self) -> pulumi.Output[Any]: ...
    @property
    def default_version(self) -> pulumi.Output[int]: ...
    @property
    def description(self) -> pulumi.Output[str]: ...
    @property
    def disable_api_stop(self) -> pulumi.Output[bool]: ...
    @property
    def disable_api_termination(self) -> pulumi.Output[bool]: ...
    @property
    def ebs_optimized(self) -> pulumi.Output[str]: ...
    @property
    def enclave_options(self) -> pulumi.Output[Any]: ...
    @property
    def hibernation_options(self) -> pulumi.Output[Any]: ...
    @property
    def iam_instance_profile(self) -> pulumi.Output[Any]: ...
    @property
    def image_id(self) -> pulumi.Output[str]: ...
    @property
    def instance_initiated_shutdown_behavior(self) -> pulumi.Output[str]: ...
    @property
    def instance_market_options(self) -> pulumi.Output[Any]: ...
    @property
    def instance_requirements(self) -> pulumi.Output[Any]: ...
    @property
    def instance_type(self) -> pulumi.Output[str]: ...
    @property
    def kernel_id(self) -> pulumi.Output[str]: ...
    @property
    def key_name(self) -> pulumi.Output[str]: ...
    @property
    def latest_version(self) -> pulumi.Output[int]: ...
    @property
    def license_specifications(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def maintenance_options(self) -> pulumi.Output[Any]: ...
    @property
    def metadata_options(self) -> pulumi.Output[Any]: ...
    @property
    def monitoring(self) -> pulumi.Output[Any]: ...
    @property
    def name(self) -> pulumi.Output[str]: ...
    @property
    def name_prefix(self) -> pulumi.Output[str]: ...
    @property
    def network_interfaces(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def network_performance_options(self) -> pulumi.Output[Any]: ...
    @property
    def placement(self) -> pulumi.Output[Any]: ...
    @property
    def private_dns_name_options(self) -> pulumi.Output[Any]: ...
    @property
    def ram_disk_id(self) -> pulumi.Output[str]: ...
    @property
    def region(self) -> pulumi.Output[str]: ...
    @property
    def secondary_interfaces(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def security_group_names(self) -> pulumi.Output[Sequence[str]]: ...
    @property
    def tag_specifications(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def tags(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def tags_all(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def update_default_version(self) -> pulumi.Output[bool]: ...
    @property
    def user_data(self) -> pulumi.Output[str]: ...
    @property
    def vpc_security_group_ids(self) -> pulumi.Output[Sequence[str]]: ...

class NetworkInterfaceAttachmentArgsDict(TypedDict):
    device_index: pulumi.Input[int]
    instance: pulumi.Input[str]
    attachment_id: NotRequired[pulumi.Input[str]]
    network_card_index: NotRequired[pulumi.Input[int]]

class NetworkInterfaceConnectionTrackingSpecificationArgsDict(TypedDict):
    tcp_established_timeout: NotRequired[pulumi.Input[int]]
    udp_stream_timeout: NotRequired[pulumi.Input[int]]
    udp_timeout: NotRequired[pulumi.Input[int]]

class NetworkInterfaceEnaSrdSpecificationEnaSrdUdpSpecificationArgsDict(TypedDict):
    ena_srd_udp_enabled: NotRequired[pulumi.Input[bool]]

class NetworkInterfaceEnaSrdSpecificationArgsDict(TypedDict):
    ena_srd_enabled: NotRequired[pulumi.Input[bool]]
    ena_srd_udp_specification: NotRequired[pulumi.Input[NetworkInterfaceEnaSrdSpecificationEnaSrdUdpSpecificationArgsDict]]

class NetworkInterface(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        subnet_id: pulumi.Input[str],
        attachments: pulumi.Input[Sequence[pulumi.Input[NetworkInterfaceAttachmentArgsDict]]] | None = None,
        connection_tracking_specification: pulumi.Input[NetworkInterfaceConnectionTrackingSpecificationArgsDict] | None = None,
        description: pulumi.Input[str] | None = None,
        ena_srd_specification: pulumi.Input[NetworkInterfaceEnaSrdSpecificationArgsDict] | None = None,
        enable_primary_ipv6: pulumi.Input[bool] | None = None,
        interface_type: pulumi.Input[str] | None = None,
        ipv4_prefix_count: pulumi.Input[int] | None = None,
        ipv4_prefixes: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        ipv6_address_count: pulumi.Input[int] | None = None,
        ipv6_address_list_enabled: pulumi.Input[bool] | None = None,
        ipv6_address_lists: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        ipv6_addresses: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        ipv6_prefix_count: pulumi.Input[int] | None = None,
        ipv6_prefixes: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        private_ip: pulumi.Input[str] | None = None,
        private_ip_list_enabled: pulumi.Input[bool] | None = None,
        private_ip_lists: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        private_ips: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        private_ips_count: pulumi.Input[int] | None = None,
        region: pulumi.Input[str] | None = None,
        security_groups: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        source_dest_check: pulumi.Input[bool] | None = None,
        tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def arn(self) -> pulumi.Output[str]: ...
    @property
    def attachments(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def connection_tracking_specification(self) -> pulumi.Output[Any]: ...
    @property
    def description(self) -> pulumi.Output[str]: ...
    @property
    def ena_srd_specification(self) -> pulumi.Output[Any]: ...
    @property
    def enable_primary_ipv6(self) -> pulumi.Output[bool]: ...
    @property
    def interface_type(self) -> pulumi.Output[str]: ...
    @property
    def ipv4_prefix_count(self) -> pulumi.Output[int]: ...
    @property
    def ipv4_prefixes(self) -> pulumi.Output[Sequence[str]]: ...
    @property
    def ipv6_address_count(self) -> pulumi.Output[int]: ...
    @property
    def ipv6_address_list_enabled(self) -> pulumi.Output[bool]: ...
    @property
    def ipv6_address_lists(self) -> pulumi.Output[Sequence[str]]: ...
    @property
    def ipv6_addresses(self) -> pulumi.Output[Sequence[str]]: ...
    @property
    def ipv6_prefix_count(self) -> pulumi.Output[int]: ...
    @property
    def ipv6_prefixes(self) -> pulumi.Output[Sequence[str]]: ...
    @property
    def mac_address(self) -> pulumi.Output[str]: ...
    @property
    def outpost_arn(self) -> pulumi.Output[str]: ...
    @property
    def owner_id(self) -> pulumi.Output[str]: ...
    @property
    def private_dns_name(self) -> pulumi.Output[str]: ...
    @property
    def private_ip(self) -> pulumi.Output[str]: ...
    @property
    def private_ip_list_enabled(self) -> pulumi.Output[bool]: ...
    @property
    def private_ip_lists(self) -> pulumi.Output[Sequence[str]]: ...
    @property
    def private_ips(self) -> pulumi.Output[Sequence[str]]: ...
    @property
    def private_ips_count(self) -> pulumi.Output[int]: ...
    @property
    def region(self) -> pulumi.Output[str]: ...
    @property
    def security_groups(self) -> pulumi.Output[Sequence[str]]: ...
    @property
    def source_dest_check(self) -> pulumi.Output[bool]: ...
    @property
    def subnet_id(self) -> pulumi.Output[str]: ...
    @property
    def tags(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def tags_all(self) -> pulumi.Output[Mapping[str, str]]: ...

class RouteTableRouteArgsDict(TypedDict):
    carrier_gateway_id: NotRequired[pulumi.Input[str]]
    cidr_block: NotRequired[pulumi.Input[str]]
    core_network_arn: NotRequired[pulumi.Input[str]]
    destination_prefix_list_id: NotRequired[pulumi.Input[str]]
    egress_only_gateway_id: NotRequired[pulumi.Input[str]]
    gateway_id: NotRequired[pulumi.Input[str]]
    ipv6_cidr_block: NotRequired[pulumi.Input[str]]
    local_gateway_id: NotRequired[pulumi.Input[str]]
    nat_gateway_id: NotRequired[pulumi.Input[str]]
    network_interface_id: NotRequired[pulumi.Input[str]]
    odb_network_arn: NotRequired[pulumi.Input[str]]
    transit_gateway_id: NotRequired[pulumi.Input[str]]
    vpc_endpoint_id: NotRequired[pulumi.Input[str]]
    vpc_peering_connection_id: NotRequired[pulumi.Input[str]]

class RouteTable(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        vpc_id: pulumi.Input[str],
        propagating_vgws: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        region: pulumi.Input[str] | None = None,
        routes: pulumi.Input[Sequence[pulumi.Input[RouteTableRouteArgsDict]]] | None = None,
        tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def arn(self) -> pulumi.Output[str]: ...
    @property
    def owner_id(self) -> pulumi.Output[str]: ...
    @property
    def propagating_vgws(self) -> pulumi.Output[Sequence[str]]: ...
    @property
    def region(self) -> pulumi.Output[str]: ...
    @property
    def routes(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def tags(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def tags_all(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def vpc_id(self) -> pulumi.Output[str]: ...

class RouteTableAssociation(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        route_table_id: pulumi.Input[str],
        gateway_id: pulumi.Input[str] | None = None,
        region: pulumi.Input[str] | None = None,
        subnet_id: pulumi.Input[str] | None = None,
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def gateway_id(self) -> pulumi.Output[str]: ...
    @property
    def region(self) -> pulumi.Output[str]: ...
    @property
    def route_table_id(self) -> pulumi.Output[str]: ...
    @property
    def subnet_id(self) -> pulumi.Output[str]: ...

class SecurityGroupEgressArgsDict(TypedDict):
    from_port: pulumi.Input[int]
    protocol: pulumi.Input[str]
    to_port: pulumi.Input[int]
    cidr_blocks: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    description: NotRequired[pulumi.Input[str]]
    ipv6_cidr_blocks: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    prefix_list_ids: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    security_groups: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    self: NotRequired[pulumi.Input[bool]]

class SecurityGroupIngressArgsDict(TypedDict):
    from_port: pulumi.Input[int]
    protocol: pulumi.Input[str]
    to_port: pulumi.Input[int]
    cidr_blocks: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    description: NotRequired[pulumi.Input[str]]
    ipv6_cidr_blocks: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    prefix_list_ids: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    security_groups: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    self: NotRequired[pulumi.Input[bool]]

class SecurityGroup(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        description: pulumi.Input[str] | None = None,
        egress: pulumi.Input[Sequence[pulumi.Input[SecurityGroupEgressArgsDict]]] | None = None,
        ingress: pulumi.Input[Sequence[pulumi.Input[SecurityGroupIngressArgsDict]]] | None = None,
        name: pulumi.Input[str] | None = None,
        name_prefix: pulumi.Input[str] | None = None,
        region: pulumi.Input[str] | None = None,
        revoke_rules_on_delete: pulumi.Input[bool] | None = None,
        tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        vpc_id: pulumi.Input[str] | None = None,
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def arn(self) -> pulumi.Output[str]: ...
    @property
    def description(self) -> pulumi.Output[str]: ...
    @property
    def egress(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def ingress(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def name(self) -> pulumi.Output[str]: ...
    @property
    def name_prefix(self) -> pulumi.Output[str]: ...
    @property
    def owner_id(self) -> pulumi.Output[str]: ...
    @property
    def region(self) -> pulumi.Output[str]: ...
    @property
    def revoke_rules_on_delete(self) -> pulumi.Output[bool]: ...
    @property
    def tags(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def tags_all(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def vpc_id(self) -> pulumi.Output[str]: ...

class Subnet(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        vpc_id: pulumi.Input[str],
        assign_ipv6_address_on_creation: pulumi.Input[bool] | None = None,
        availability_zone: pulumi.Input[str] | None = None,
        availability_zone_id: pulumi.Input[str] | None = None,
        cidr_block: pulumi.Input[str] | None = None,
        customer_owned_ipv4_pool: pulumi.Input[str] | None = None,
        enable_dns64: pulumi.Input[bool] | None = None,
        enable_lni_at_device_index: pulumi.Input[int] | None = None,
        enable_resource_name_dns_a_record_on_launch: pulumi.Input[bool] | None = None,
        enable_resource_name_dns_aaaa_record_on_launch: pulumi.Input[bool] | None = None,
        ipv4_ipam_pool_id: pulumi.Input[str] | None = None,
        ipv4_netmask_length: pulumi.Input[int] | None = None,
        ipv6_cidr_block: pulumi.Input[str] | None = None,
        ipv6_ipam_pool_id: pulumi.Input[str] | None = None,
        ipv6_native: pulumi.Input[bool] | None = None,
        ipv6_netmask_length: pulumi.Input[int] | None = None,
        map_customer_owned_ip_on_launch: pulumi.Input[bool] | None = None,
        map_public_ip_on_launch: pulumi.Input[bool] | None = None,
        outpost_arn: pulumi.Input[str] | None = None,
        private_dns_hostname_type_on_launch: pulumi.Input[str] | None = None,
        region: pulumi.Input[str] | None = None,
        tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def arn(self) -> pulumi.Output[str]: ...
    @property
    def assign_ipv6_address_on_creation(self) -> pulumi.Output[bool]: ...
    @property
    def availability_zone(self) -> pulumi.Output[str]: ...
    @property
    def availability_zone_id(self) -> pulumi.Output[str]: ...
    @property
    def cidr_block(self) -> pulumi.Output[str]: ...
    @property
    def customer_owned_ipv4_pool(self) -> pulumi.Output[str]: ...
    @property
    def enable_dns64(self) -> pulumi.Output[bool]: ...
    @property
    def enable_lni_at_device_index(self) -> pulumi.Output[int]: ...
    @property
    def enable_resource_name_dns_a_record_on_launch(self) -> pulumi.Output[bool]: ...
    @property
    def enable_resource_name_dns_aaaa_record_on_launch(self) -> pulumi.Output[bool]: ...
    @property
    def ipv4_ipam_pool_id(self) -> pulumi.Output[str]: ...
    @property
    def ipv4_netmask_length(self) -> pulumi.Output[int]: ...
    @property
    def ipv6_cidr_block(self) -> pulumi.Output[str]: ...
    @property
    def ipv6_cidr_block_association_id(self) -> pulumi.Output[str]: ...
    @property
    def ipv6_ipam_pool_id(self) -> pulumi.Output[str]: ...
    @property
    def ipv6_native(self) -> pulumi.Output[bool]: ...
    @property
    def ipv6_netmask_length(self) -> pulumi.Output[int]: ...
    @property
    def map_customer_owned_ip_on_launch(self) -> pulumi.Output[bool]: ...
    @property
    def map_public_ip_on_launch(self) -> pulumi.Output[bool]: ...
    @property
    def outpost_arn(self) -> pulumi.Output[str]: ...
    @property
    def owner_id(self) -> pulumi.Output[str]: ...
    @property
    def private_dns_hostname_type_on_launch(self) -> pulumi.Output[str]: ...
    @property
    def region(self) -> pulumi.Output[str]: ...
    @property
    def tags(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def tags_all(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def vpc_id(self) -> pulumi.Output[str]: ...

class Vpc(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        assign_generated_ipv6_cidr_block: pulumi.Input[bool] | None = None,
        cidr_block: pulumi.Input[str] | None = None,
        enable_dns_hostnames: pulumi.Input[bool] | None = None,
        enable_dns_support: pulumi.Input[bool] | None = None,
        enable_network_address_usage_metrics: pulumi.Input[bool] | None = None,
        instance_tenancy: pulumi.Input[str] | None = None,
        ipv4_ipam_pool_id: pulumi.Input[str] | None = None,
        ipv4_netmask_length: pulumi.Input[int] | None = None,
        ipv6_cidr_block: pulumi.Input[str] | None = None,
        ipv6_cidr_block_network_border_group: pulumi.Input[str] | None = None,
        ipv6_ipam_pool_id: pulumi.Input[str] | None = None,
        ipv6_netmask_length: pulumi.Input[int] | None = None,
        region: pulumi.Input[str] | None = None,
        tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def arn(self) -> pulumi.Output[str]: ...
    @property
    def assign_generated_ipv6_cidr_block(self) -> pulumi.Output[bool]: ...
    @property
    def cidr_block(self) -> pulumi.Output[str]: ...
    @property
    def default_network_acl_id(self) -> pulumi.Output[str]: ...
    @property
    def default_route_table_id(self) -> pulumi.Output[str]: ...
    @property
    def default_security_group_id(self) -> pulumi.Output[str]: ...
    @property
    def dhcp_options_id(self) -> pulumi.Output[str]: ...
    @property
    def enable_dns_hostnames(self) -> pulumi.Output[bool]: ...
    @property
    def enable_dns_support(self) -> pulumi.Output[bool]: ...
    @property
    def enable_network_address_usage_metrics(self) -> pulumi.Output[bool]: ...
    @property
    def instance_tenancy(self) -> pulumi.Output[str]: ...
    @property
    def ipv4_ipam_pool_id(self) -> pulumi.Output[str]: ...
    @property
    def ipv4_netmask_length(self) -> pulumi.Output[int]: ...
    @property
    def ipv6_association_id(self) -> pulumi.Output[str]: ...
    @property
    def ipv6_cidr_block(self) -> pulumi.Output[str]: ...
    @property
    def ipv6_cidr_block_network_border_group(self) -> pulumi.Output[str]: ...
    @property
    def ipv6_ipam_pool_id(self) -> pulumi.Output[str]: ...
    @property
    def ipv6_netmask_length(self) -> pulumi.Output[int]: ...
    @property
    def main_route_table_id(self) -> pulumi.Output[str]: ...
    @property
    def owner_id(self) -> pulumi.Output[str]: ...
    @property
    def region(self) -> pulumi.Output[str]: ...
    @property
    def tags(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def tags_all(self) -> pulumi.Output[Mapping[str, str]]: ...

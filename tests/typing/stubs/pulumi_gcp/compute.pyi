# Written by `python -m tests.engine.sdk`.
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from typing_extensions import NotRequired, Self, TypedDict

class Address(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        address: pulumi.Input[str] | None = None,
        address_type: pulumi.Input[str] | None = None,
        deletion_policy: pulumi.Input[str] | None = None,
        description: pulumi.Input[str] | None = None,
        ip_collection: pulumi.Input[str] | None = None,
        ip_version: pulumi.Input[str] | None = None,
        ipv6_endpoint_type: pulumi.Input[str] | None = None,
        labels: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        name: pulumi.Input[str] | None = None,
        network: pulumi.Input[str] | None = None,
        network_tier: pulumi.Input[str] | None = None,
        prefix_length: pulumi.Input[int] | None = None,
        project: pulumi.Input[str] | None = None,
        purpose: pulumi.Input[str] | None = None,
        region: pulumi.Input[str] | None = None,
        subnetwork: pulumi.Input[str] | None = None,
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def address(self) -> pulumi.Output[str]: ...
    @property
    def address_id(self) -> pulumi.Output[str]: ...
    @property
    def address_type(self) -> pulumi.Output[str]: ...
    @property
    def creation_timestamp(self) -> pulumi.Output[str]: ...
    @property
    def deletion_policy(self) -> pulumi.Output[str]: ...
    @property
    def description(self) -> pulumi.Output[str]: ...
    @property
    def effective_labels(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def ip_collection(self) -> pulumi.Output[str]: ...
    @property
    def ip_version(self) -> pulumi.Output[str]: ...
    @property
    def ipv6_endpoint_type(self) -> pulumi.Output[str]: ...
    @property
    def label_fingerprint(self) -> pulumi.Output[str]: ...
    @property
    def labels(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def name(self) -> pulumi.Output[str]: ...
    @property
    def network(self) -> pulumi.Output[str]: ...
    @property
    def network_tier(self) -> pulumi.Output[str]: ...
    @property
    def prefix_length(self) -> pulumi.Output[int]: ...
    @property
    def project(self) -> pulumi.Output[str]: ...
    @property
    def pulumi_labels(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def purpose(self) -> pulumi.Output[str]: ...
    @property
    def region(self) -> pulumi.Output[str]: ...
    @property
    def self_link(self) -> pulumi.Output[str]: ...
    @property
    def subnetwork(self) -> pulumi.Output[str]: ...
    @property
    def users(self) -> pulumi.Output[Sequence[str]]: ...

class GlobalAddress(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        address: pulumi.Input[str] | None = None,
        address_type: pulumi.Input[str] | None = None,
        deletion_policy: pulumi.Input[str] | None = None,
        description: pulumi.Input[str] | None = None,
        ip_version: pulumi.Input[str] | None = None,
        labels: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        name: pulumi.Input[str] | None = None,
        network: pulumi.Input[str] | None = None,
        prefix_length: pulumi.Input[int] | None = None,
        project: pulumi.Input[str] | None = None,
        purpose: pulumi.Input[str] | None = None,
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def address(self) -> pulumi.Output[str]: ...
    @property
    def address_type(self) -> pulumi.Output[str]: ...
    @property
    def creation_timestamp(self) -> pulumi.Output[str]: ...
    @property
    def deletion_policy(self) -> pulumi.Output[str]: ...
    @property
    def description(self) -> pulumi.Output[str]: ...
    @property
    def effective_labels(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def ip_version(self) -> pulumi.Output[str]: ...
    @property
    def label_fingerprint(self) -> pulumi.Output[str]: ...
    @property
    def labels(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def name(self) -> pulumi.Output[str]: ...
    @property
    def network(self) -> pulumi.Output[str]: ...
    @property
    def prefix_length(self) -> pulumi.Output[int]: ...
    @property
    def project(self) -> pulumi.Output[str]: ...
    @property
    def pulumi_labels(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def purpose(self) -> pulumi.Output[str]: ...
    @property
    def self_link(self) -> pulumi.Output[str]: ...

class InstanceBootDiskInitializeParamsSourceImageEncryptionKeyArgsDict(TypedDict):
    kms_key_self_link: NotRequired[pulumi.Input[str]]
    kms_key_service_account: NotRequired[pulumi.Input[str]]
    raw_key: NotRequired[pulumi.Input[str]]
    rsa_encrypted_key: NotRequired[pulumi.Input[str]]
    sha256: NotRequired[pulumi.Input[str]]

class InstanceBootDiskInitializeParamsSourceSnapshotEncryptionKeyArgsDict(TypedDict):
    kms_key_self_link: NotRequired[pulumi.Input[str]]
    kms_key_service_account: NotRequired[pulumi.Input[str]]
    raw_key: NotRequired[pulumi.Input[str]]
    rsa_encrypted_key: NotRequired[pulumi.Input[str]]
    sha256: NotRequired[pulumi.Input[str]]

class InstanceBootDiskInitializeParamsArgsDict(TypedDict):
    architecture: NotRequired[pulumi.Input[str]]
    enable_confidential_compute: NotRequired[pulumi.Input[bool]]
    image: NotRequired[pulumi.Input[str]]
    labels: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    provisioned_iops: NotRequired[pulumi.Input[int]]
    provisioned_throughput: NotRequired[pulumi.Input[int]]
    replica_zones: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    resource_manager_tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    resource_policies: NotRequired[pulumi.Input[str]]
    size: NotRequired[pulumi.Input[int]]
    snapshot: NotRequired[pulumi.Input[str]]
    source_image_encryption_key: NotRequired[pulumi.Input[InstanceBootDiskInitializeParamsSourceImageEncryptionKeyArgsDict]]
    source_snapshot_encryption_key: NotRequired[pulumi.Input[InstanceBootDiskInitializeParamsSourceSnapshotEncryptionKeyArgsDict]]
    storage_pool: NotRequired[pulumi.Input[str]]
    type: NotRequired[pulumi.Input[str]]

class InstanceBootDiskArgsDict(TypedDict):
    auto_delete: NotRequired[pulumi.Input[bool]]
    device_name: NotRequired[pulumi.Input[str]]
    disk_encryption_key_raw: NotRequired[pulumi.Input[str]]
    disk_encryption_key_rsa: NotRequired[pulumi.Input[str]]
    disk_encryption_key_sha256: NotRequired[pulumi.Input[str]]
    disk_encryption_service_account: NotRequired[pulumi.Input[str]]
    force_attach: NotRequired[pulumi.Input[bool]]
    guest_os_features: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    initialize_params: NotRequired[pulumi.Input[InstanceBootDiskInitializeParamsArgsDict]]
    interface: NotRequired[pulumi.Input[str]]
    kms_key_self_link: NotRequired[pulumi.Input[str]]
    mode: NotRequired[pulumi.Input[str]]
    source: NotRequired[pulumi.Input[str]]

class InstanceNetworkInterfaceAccessConfigArgsDict(TypedDict):
    nat_ip: NotRequired[pulumi.Input[str]]
    network_tier: NotRequired[pulumi.Input[str]]
    public_ptr_domain_name: NotRequired[pulumi.Input[str]]
    security_policy: NotRequired[pulumi.Input[str]]

class InstanceNetworkInterfaceAliasIpRangeArgsDict(TypedDict):
    ip_cidr_range: pulumi.Input[str]
    subnetwork_range_name: NotRequired[pulumi.Input[str]]

class InstanceNetworkInterfaceAliasIpv6RangeArgsDict(TypedDict):
    ip_cidr_range: pulumi.Input[str]
    subnetwork_range_name: NotRequired[pulumi.Input[str]]

class InstanceNetworkInterfaceIpv6AccessConfigArgsDict(TypedDict):
    network_tier: pulumi.Input[str]
    external_ipv6: NotRequired[pulumi.Input[str]]
    external_ipv6_prefix_length: NotRequired[pulumi.Input[str]]
    name: NotRequired[pulumi.Input[str]]
    public_ptr_domain_name: NotRequired[pulumi.Input[str]]
    security_policy: NotRequired[pulumi.Input[str]]

class InstanceNetworkInterfaceArgsDict(TypedDict):
    access_configs: NotRequired[pulumi.Input[Sequence[pulumi.Input[InstanceNetworkInterfaceAccessConfigArgsDict]]]]
    alias_ip_ranges: NotRequired[pulumi.Input[Sequence[pulumi.Input[InstanceNetworkInterfaceAliasIpRangeArgsDict]]]]
    alias_ipv6_ranges: NotRequired[pulumi.Input[Sequence[pulumi.Input[InstanceNetworkInterfaceAliasIpv6RangeArgsDict]]]]
    enable_vpc_scoped_dns: NotRequired[pulumi.Input[bool]]
    igmp_query: NotRequired[pulumi.Input[str]]
    internal_ipv6_prefix_length: NotRequired[pulumi.Input[int]]
    ipv6_access_configs: NotRequired[pulumi.Input[Sequence[pulumi.Input[InstanceNetworkInterfaceIpv6AccessConfigArgsDict]]]]
    ipv6_access_type: NotRequired[pulumi.Input[str]]
    ipv6_address: NotRequired[pulumi.Input[str]]
    mac_address: NotRequired[pulumi.Input[str]]
    name: NotRequired[pulumi.Input[str]]
    network: NotRequired[pulumi.Input[str]]
    network_attachment: NotRequired[pulumi.Input[str]]
    network_ip: NotRequired[pulumi.Input[str]]
    nic_type: NotRequired[pulumi.Input[str]]
    parent_nic_name: NotRequired[pulumi.Input[str]]
    queue_count: NotRequired[pulumi.Input[int]]
    security_policy: NotRequired[pulumi.Input[str]]
    service_class_id: NotRequired[pulumi.Input[str]]
    stack_type: NotRequired[pulumi.Input[str]]
    subnetwork: NotRequired[pulumi.Input[str]]
    subnetwork_project: NotRequired[pulumi.Input[str]]
    vlan: NotRequired[pulumi.Input[int]]

class InstanceAdvancedMachineFeaturesArgsDict(TypedDict):
    enable_nested_virtualization: NotRequired[pulumi.Input[bool]]
    enable_uefi_networking: NotRequired[pulumi.Input[bool]]
    performance_monitoring_unit: NotRequired[pulumi.Input[str]]
    threads_per_core: NotRequired[pulumi.Input[int]]
    turbo_mode: NotRequired[pulumi.Input[str]]
    visible_core_count: NotRequired[pulumi.Input[int]]

class InstanceAttachedDiskArgsDict(TypedDict):
    source: pulumi.Input[str]
    device_name: NotRequired[pulumi.Input[str]]
    disk_encryption_key_raw: NotRequired[pulumi.Input[str]]
    disk_encryption_key_rsa: NotRequired[pulumi.Input[str]]
    disk_encryption_key_sha256: NotRequired[pulumi.Input[str]]
    disk_encryption_service_account: NotRequired[pulumi.Input[str]]
    force_attach: NotRequired[pulumi.Input[bool]]
    kms_key_self_link: NotRequired[pulumi.Input[str]]
    mode: NotRequired[pulumi.Input[str]]

class InstanceConfidentialInstanceConfigArgsDict(TypedDict):
    confidential_instance_type: NotRequired[pulumi.Input[str]]
    enable_confidential_compute: NotRequired[pulumi.Input[bool]]

class InstanceGuestAcceleratorArgsDict(TypedDict):
    count: pulumi.Input[int]
    type: pulumi.Input[str]

class InstanceInstanceEncryptionKeyArgsDict(TypedDict):
    kms_key_self_link: NotRequired[pulumi.Input[str]]
    kms_key_service_account: NotRequired[pulumi.Input[str]]
    sha256: NotRequired[pulumi.Input[str]]

class InstanceNetworkPerformanceConfigArgsDict(TypedDict):
    total_egress_bandwidth_tier: pulumi.Input[str]

class InstanceParamsArgsDict(TypedDict):
    resource_manager_tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]

class InstanceReservationAffinitySpecificReservationArgsDict(TypedDict):
    key: pulumi.Input[str]
    values: pulumi.Input[Sequence[pulumi.Input[str]]]

class InstanceReservationAffinityArgsDict(TypedDict):
    type: pulumi.Input[str]
    specific_reservation: NotRequired[pulumi.Input[InstanceReservationAffinitySpecificReservationArgsDict]]

class InstanceSchedulingGracefulShutdownMaxDurationArgsDict(TypedDict):
    seconds: pulumi.Input[int]
    nanos: NotRequired[pulumi.Input[int]]

class InstanceSchedulingGracefulShutdownArgsDict(TypedDict):
    enabled: pulumi.Input[bool]
    max_duration: NotRequired[pulumi.Input[InstanceSchedulingGracefulShutdownMaxDurationArgsDict]]

class InstanceSchedulingLocalSsdRecoveryTimeoutArgsDict(TypedDict):
    seconds: pulumi.Input[int]
    nanos: NotRequired[pulumi.Input[int]]

class InstanceSchedulingMaxRunDurationArgsDict(TypedDict):
    seconds: pulumi.Input[int]
    nanos: NotRequired[pulumi.Input[int]]

class InstanceSchedulingNodeAffinityArgsDict(TypedDict):
    key: pulumi.Input[str]
    operator: pulumi.Input[str]
    values: pulumi.Input[Sequence[pulumi.Input[str]]]

class InstanceSchedulingOnInstanceStopActionArgsDict(TypedDict):
    discard_local_ssd: NotRequired[pulumi.Input[bool]]

class InstanceSchedulingPreemptionNoticeDurationArgsDict(TypedDict):
    seconds: pulumi.Input[int]
    nanos: NotRequired[pulumi.Input[int]]

class InstanceSchedulingArgsDict(TypedDict):
    automatic_restart: NotRequired[pulumi.Input[bool]]
    availability_domain: NotRequired[pulumi.Input[int]]
    graceful_shutdown: NotRequired[pulumi.Input[InstanceSchedulingGracefulShutdownArgsDict]]
    host_error_timeout_seconds: NotRequired[pulumi.Input[int]]
    instance_termination_action: NotRequired[pulumi.Input[str]]
    local_ssd_recovery_timeout: NotRequired[pulumi.Input[InstanceSchedulingLocalSsdRecoveryTimeoutArgsDict]]
    maintenance_interval: NotRequired[pulumi.Input[str]]
    max_run_duration: NotRequired[pulumi.Input[InstanceSchedulingMaxRunDurationArgsDict]]
    min_node_cpus: NotRequired[pulumi.Input[int]]
    node_affinities: NotRequired[pulumi.Input[Sequence[pulumi.Input[InstanceSchedulingNodeAffinityArgsDict]]]]
    on_host_maintenance: NotRequired[pulumi.Input[str]]
    on_instance_stop_action: NotRequired[pulumi.Input[InstanceSchedulingOnInstanceStopActionArgsDict]]
    preemptible: NotRequired[pulumi.Input[bool]]
    preemption_notice_duration: NotRequired[pulumi.Input[InstanceSchedulingPreemptionNoticeDurationArgsDict]]
    provisioning_model: NotRequired[pulumi.Input[str]]
    skip_guest_os_shutdown: NotRequired[pulumi.Input[bool]]
    termination_time: NotRequired[pulumi.Input[str]]

class InstanceScratchDiskArgsDict(TypedDict):
    interface: pulumi.Input[str]
    device_name: NotRequired[pulumi.Input[str]]
    size: NotRequired[pulumi.Input[int]]

class InstanceServiceAccountArgsDict(TypedDict):
    scopes: pulumi.Input[Sequence[pulumi.Input[str]]]
    email: NotRequired[pulumi.Input[str]]

class InstanceShieldedInstanceConfigArgsDict(TypedDict):
    enable_integrity_monitoring: NotRequired[pulumi.Input[bool]]
    enable_secure_boot: NotRequired[pulumi.Input[bool]]
    enable_vtpm: NotRequired[pulumi.Input[bool]]

class InstanceWorkloadIdentityConfigArgsDict(TypedDict):
    identity: NotRequired[pulumi.Input[str]]
    identity_certificate_enabled: NotRequired[pulumi.Input[bool]]

class Instance(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        boot_disk: pulumi.Input[InstanceBootDiskArgsDict],
        machine_type: pulumi.Input[str],
        network_interfaces: pulumi.Input[Sequence[pulumi.Input[InstanceNetworkInterfaceArgsDict]]],
        advanced_machine_features: pulumi.Input[InstanceAdvancedMachineFeaturesArgsDict] | None = None,
        allow_stopping_for_update: pulumi.Input[bool] | None = None,
        attached_disks: pulumi.Input[Sequence[pulumi.Input[InstanceAttachedDiskArgsDict]]] | None = None,
        can_ip_forward: pulumi.Input[bool] | None = None,
        confidential_instance_config: pulumi.Input[InstanceConfidentialInstanceConfigArgsDict] | None = None,
        deletion_policy: pulumi.Input[str] | None = None,
        deletion_protection: pulumi.Input[bool] | None = None,
        description: pulumi.Input[str] | None = None,
        desired_status: pulumi.Input[str] | None = None,
        enable_display: pulumi.Input[bool] | None = None,
        erase_windows_vss_signature: pulumi.Input[bool] | None = None,
        guest_accelerators: pulumi.Input[Sequence[pulumi.Input[InstanceGuestAcceleratorArgsDict]]] | None = None,
        hostname: pulumi.Input[str] | None = None,
        instance_encryption_key: pulumi.Input[InstanceInstanceEncryptionKeyArgsDict] | None = None,
        key_revocation_action_type: pulumi.Input[str] | None = None,
        labels: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        metadata: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        metadata_startup_script: pulumi.Input[str] | None = None,
        min_cpu_platform: pulumi.Input[str] | None = None,
        name: pulumi.Input[str] | None = None,
        network_performance_config: pulumi.Input[InstanceNetworkPerformanceConfigArgsDict] | None = None,
        params: pulumi.Input[InstanceParamsArgsDict] | None = None,
        partner_metadata: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        project: pulumi.Input[str] | None = None,
        reservation_affinity: pulumi.Input[InstanceReservationAffinityArgsDict] | None = None,
        resource_policies: pulumi.Input[str] | None = None,
        scheduling: pulumi.Input[InstanceSchedulingArgsDict] | None = None,
        scratch_disks: pulumi.Input[Sequence[pulumi.Input[InstanceScratchDiskArgsDict]]] | None = None,
        service_account: pulumi.Input[InstanceServiceAccountArgsDict] | None = None,
        shielded_instance_config: pulumi.Input[InstanceShieldedInstanceConfigArgsDict] | None = None,
        tags: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        workload_identity_config: pulumi.Input[InstanceWorkloadIdentityConfigArgsDict] | None = None,
        zone: pulumi.Input[str] | None = None,
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def advanced_machine_features(self) -> pulumi.Output[Any]: ...
    @property
    def allow_stopping_for_update(self) -> pulumi.Output[bool]: ...
    @property
    def attached_disks(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def boot_disk(self) -> pulumi.Output[Any]: ...
    @property
    def can_ip_forward(self) -> pulumi.Output[bool]: ...
    @property
    def confidential_instance_config(self) -> pulumi.Output[Any]: ...
    @property
    def cpu_platform(self) -> pulumi.Output[str]: ...
    @property
    def creation_timestamp(self) -> pulumi.Output[str]: ...
    @property
    def current_status(self) -> pulumi.Output[str]: ...
    @property
    def deletion_policy(self) -> pulumi.Output[str]: ...
    @property
    def deletion_protection(self) -> pulumi.Output[bool]: ...
    @property
    def description(self) -> pulumi.Output[str]: ...
    @property
    def desired_status(self) -> pulumi.Output[str]: ...
    @property
    def effective_labels(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def enable_display(self) -> pulumi.Output[bool]: ...
    @property
    def erase_windows_vss_signature(self) -> pulumi.Output[bool]: ...
    @property
    def guest_accelerators(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def hostname(self) -> pulumi.Output[str]: ...
    @property
    def instance_encryption_key(self) -> pulumi.Output[Any]: ...
    @property
    def instance_id(self) -> pulumi.Output[str]: ...
    @property
    def key_revocation_action_type(self) -> pulumi.Output[str]: ...
    @property
    def label_fingerprint(self) -> pulumi.Output[str]: ...
    @property
    def labels(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def machine_type(self) -> pulumi.Output[str]: ...
    @property
    def metadata(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def metadata_fingerprint(self) -> pulumi.Output[str]: ...
    @property
    def metadata_startup_script(self) -> pulumi.Output[str]: ...
    @property
    def min_cpu_platform(self) -> pulumi.Output[str]: ...
    @property
    def name(self) -> pulumi.Output[str]: ...
    @property
    def network_interfaces(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def network_performance_config(self) -> pulumi.Output[Any]: ...
    @property
    def params(self) -> pulumi.Output[Any]: ...
    @property
    def partner_metadata(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def project(self) -> pulumi.Output[str]: ...
    @property
    def pulumi_labels(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def reservation_affinity(self) -> pulumi.Output[Any]: ...
    @property
    def resource_policies(self) -> pulumi.Output[str]: ...
    @property
    def scheduling(self) -> pulumi.Output[Any]: ...
    @property
    def scratch_disks(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def self_link(self) -> pulumi.Output[str]: ...
    @property
    def service_account(self) -> pulumi.Output[Any]: ...
    @property
    def shielded_instance_config(self) -> pulumi.Output[Any]: ...
    @property
    def tags(self) -> pulumi.Output[Sequence[str]]: ...
    @property
    def tags_fingerprint(self) -> pulumi.Output[str]: ...
    @property
    def workload_identity_config(self) -> pulumi.Output[Any]: ...
    @property
    def zone(self) -> pulumi.Output[str]: ...

class NetworkParamsArgsDict(TypedDict):
    resource_manager_tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]

class Network(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        auto_create_subnetworks: pulumi.Input[bool] | None = None,
        bgp_always_compare_med: pulumi.Input[bool] | None = None,
        bgp_best_path_selection_mode: pulumi.Input[str] | None = None,
        bgp_inter_region_cost: pulumi.Input[str] | None = None,
        delete_bgp_always_compare_med: pulumi.Input[bool] | None = None,
        delete_default_routes_on_create: pulumi.Input[bool] | None = None,
        deletion_policy: pulumi.Input[str] | None = None,
        description: pulumi.Input[str] | None = None,
        enable_ula_internal_ipv6: pulumi.Input[bool] | None = None,
        internal_ipv6_range: pulumi.Input[str] | None = None,
        mtu: pulumi.Input[int] | None = None,
        name: pulumi.Input[str] | None = None,
        network_firewall_policy_enforcement_order: pulumi.Input[str] | None = None,
        network_profile: pulumi.Input[str] | None = None,
        params: pulumi.Input[NetworkParamsArgsDict] | None = None,
        project: pulumi.Input[str] | None = None,
        routing_mode: pulumi.Input[str] | None = None,
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def auto_create_subnetworks(self) -> pulumi.Output[bool]: ...
    @property
    def bgp_always_compare_med(self) -> pulumi.Output[bool]: ...
    @property
    def bgp_best_path_selection_mode(self) -> pulumi.Output[str]: ...
    @property
    def bgp_inter_region_cost(self) -> pulumi.Output[str]: ...
    @property
    def delete_bgp_always_compare_med(self) -> pulumi.Output[bool]: ...
    @property
    def delete_default_routes_on_create(self) -> pulumi.Output[bool]: ...
    @property
    def deletion_policy(self) -> pulumi.Output[str]: ...
    @property
    def description(self) -> pulumi.Output[str]: ...
    @property
    def enable_ula_internal_ipv6(self) -> pulumi.Output[bool]: ...
    @property
    def gateway_ipv4(self) -> pulumi.Output[str]: ...
    @property
    def internal_ipv6_range(self) -> pulumi.Output[str]: ...
    @property
    def mtu(self) -> pulumi.Output[int]: ...
    @property
    def name(self) -> pulumi.Output[str]: ...
    @property
    def network_firewall_policy_enforcement_order(self) -> pulumi.Output[str]: ...
    @property
    def network_id(self) -> pulumi.Output[str]: ...
    @property
    def network_profile(self) -> pulumi.Output[str]: ...
    @property
    def numeric_id(self) -> pulumi.Output[str]: ...
    @property
    def params(self) -> pulumi.Output[Any]: ...
    @property
    def project(self) -> pulumi.Output[str]: ...
    @property
    def routing_mode(self) -> pulumi.Output[str]: ...
    @property
    def self_link(self) -> pulumi.Output[str]: ...

class SubnetworkLogConfigArgsDict(TypedDict):
    aggregation_interval: NotRequired[pulumi.Input[str]]
    filter_expr: NotRequired[pulumi.Input[str]]
    flow_sampling: NotRequired[pulumi.Input[float]]
    metadata: NotRequired[pulumi.Input[str]]
    metadata_fields: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]

class SubnetworkParamsArgsDict(TypedDict):
    resource_manager_tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]

class SubnetworkSecondaryIpRangeArgsDict(TypedDict):
    range_name: pulumi.Input[str]
    ip_cidr_range: NotRequired[pulumi.Input[str]]
    ip_collection: NotRequired[pulumi.Input[str]]
    ip_version: NotRequired[pulumi.Input[str]]
    reserved_internal_range: NotRequired[pulumi.Input[str]]

class Subnetwork(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        network: pulumi.Input[str],
        allow_subnet_cidr_routes_overlap: pulumi.Input[bool] | None = None,
        deletion_policy: pulumi.Input[str] | None = None,
        description: pulumi.Input[str] | None = None,
        external_ipv6_prefix: pulumi.Input[str] | None = None,
        internal_ipv6_prefix: pulumi.Input[str] | None = None,
        ip_cidr_range: pulumi.Input[str] | None = None,
        ip_collection: pulumi.Input[str] | None = None,
        ipv6_access_type: pulumi.Input[str] | None = None,
        log_config: pulumi.Input[SubnetworkLogConfigArgsDict] | None = None,
        name: pulumi.Input[str] | None = None,
        params: pulumi.Input[SubnetworkParamsArgsDict] | None = None,
        private_ip_google_access: pulumi.Input[bool] | None = None,
        private_ipv6_google_access: pulumi.Input[str] | None = None,
        project: pulumi.Input[str] | None = None,
        purpose: pulumi.Input[str] | None = None,
        region: pulumi.Input[str] | None = None,
        reserved_internal_range: pulumi.Input[str] | None = None,
        resolve_subnet_mask: pulumi.Input[str] | None = None,
        role: pulumi.Input[str] | None = None,
        secondary_ip_ranges: pulumi.Input[Sequence[pulumi.Input[SubnetworkSecondaryIpRangeArgsDict]]] | None = None,
        send_secondary_ip_range_if_empty: pulumi.Input[bool] | None = None,
        stack_type: pulumi.Input[str] | None = None,
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def allow_subnet_cidr_routes_overlap(self) -> pulumi.Output[bool]: ...
    @property
    def creation_timestamp(self) -> pulumi.Output[str]: ...
    @property
    def deletion_policy(self) -> pulumi.Output[str]: ...
    @property
    def description(self) -> pulumi.Output[str]: ...
    @property
    def external_ipv6_prefix(self) -> pulumi.Output[str]: ...
    @property
    def fingerprint(self) -> pulumi.Output[str]: ...
    @property
    def gateway_address(self) -> pulumi.Output[str]: ...
    @property
    def internal_ipv6_prefix(self) -> pulumi.Output[str]: ...
    @property
    def ip_cidr_range(self) -> pulumi.Output[str]: ...
    @property
    def ip_collection(self) -> pulumi.Output[str]: ...
    @property
    def ipv6_access_type(self) -> pulumi.Output[str]: ...
    @property
    def ipv6_cidr_range(self) -> pulumi.Output[str]: ...
    @property
    def ipv6_gce_endpoint(self) -> pulumi.Output[str]: ...
    @property
    def log_config(self) -> pulumi.Output[Any]: ...
    @property
    def name(self) -> pulumi.Output[str]: ...
    @property
    def network(self) -> pulumi.Output[str]: ...
    @property
    def params(self) -> pulumi.Output[Any]: ...
    @property
    def private_ip_google_access(self) -> pulumi.Output[bool]: ...
    @property
    def private_ipv6_google_access(self) -> pulumi.Output[str]: ...
    @property
    def project(self) -> pulumi.Output[str]: ...
    @property
    def purpose(self) -> pulumi.Output[str]: ...
    @property
    def region(self) -> pulumi.Output[str]: ...
    @property
    def reserved_internal_range(self) -> pulumi.Output[str]: ...
    @property
    def resolve_subnet_mask(self) -> pulumi.Output[str]: ...
    @property
    def role(self) -> pulumi.Output[str]: ...
    @property
    def secondary_ip_ranges(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def self_link(self) -> pulumi.Output[str]: ...
    @property
    def send_secondary_ip_range_if_empty(self) -> pulumi.Output[bool]: ...
    @property
    def stack_type(self) -> pulumi.Output[str]: ...
    @property
    def state(self) -> pulumi.Output[str]: ...
    @property
    def subnetwork_id(self) -> pulumi.Output[int]: ...

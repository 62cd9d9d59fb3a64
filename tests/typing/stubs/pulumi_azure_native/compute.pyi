# Written by `python -m tests.engine.sdk`.
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from typing_extensions import NotRequired, Self, TypedDict

class AdditionalCapabilitiesArgsDict(TypedDict):
    hibernation_enabled: NotRequired[pulumi.Input[bool]]
    ultra_ssd_enabled: NotRequired[pulumi.Input[bool]]

class VMGalleryApplicationArgsDict(TypedDict):
    package_reference_id: pulumi.Input[str]
    configuration_reference: NotRequired[pulumi.Input[str]]
    enable_automatic_upgrade: NotRequired[pulumi.Input[bool]]
    order: NotRequired[pulumi.Input[int]]
    tags: NotRequired[pulumi.Input[str]]
    treat_failure_as_deployment_failure: NotRequired[pulumi.Input[bool]]

class ApplicationProfileArgsDict(TypedDict):
    gallery_applications: NotRequired[pulumi.Input[Sequence[pulumi.Input[VMGalleryApplicationArgsDict]]]]

class SubResourceArgsDict(TypedDict):
    id: NotRequired[pulumi.Input[str]]

class BillingProfileArgsDict(TypedDict):
    max_price: NotRequired[pulumi.Input[float]]

class CapacityReservationProfileArgsDict(TypedDict):
    capacity_reservation_group: NotRequired[pulumi.Input[SubResourceArgsDict]]

class BootDiagnosticsArgsDict(TypedDict):
    enabled: NotRequired[pulumi.Input[bool]]
    storage_uri: NotRequired[pulumi.Input[str]]

class DiagnosticsProfileArgsDict(TypedDict):
    boot_diagnostics: NotRequired[pulumi.Input[BootDiagnosticsArgsDict]]

class ExtendedLocationArgsDict(TypedDict):
    name: NotRequired[pulumi.Input[str]]
    type: NotRequired[pulumi.Input[str]]

class VMSizePropertiesArgsDict(TypedDict):
    v_cpus_available: NotRequired[pulumi.Input[int]]
    v_cpus_per_core: NotRequired[pulumi.Input[int]]

class HardwareProfileArgsDict(TypedDict):
    vm_size: NotRequired[pulumi.Input[str]]
    vm_size_properties: NotRequired[pulumi.Input[VMSizePropertiesArgsDict]]

class VirtualMachineIdentityArgsDict(TypedDict):
    type: NotRequired[pulumi.Input[Any]]
    user_assigned_identities: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]

class VirtualMachinePublicIPAddressDnsSettingsConfigurationArgsDict(TypedDict):
    domain_name_label: pulumi.Input[str]
    domain_name_label_scope: NotRequired[pulumi.Input[str]]

class VirtualMachineIpTagArgsDict(TypedDict):
    ip_tag_type: NotRequired[pulumi.Input[str]]
    tag: NotRequired[pulumi.Input[str]]

class PublicIPAddressSkuArgsDict(TypedDict):
    name: NotRequired[pulumi.Input[str]]
    tier: NotRequired[pulumi.Input[str]]

class VirtualMachinePublicIPAddressConfigurationArgsDict(TypedDict):
    name: pulumi.Input[str]
    delete_option: NotRequired[pulumi.Input[str]]
    dns_settings: NotRequired[pulumi.Input[VirtualMachinePublicIPAddressDnsSettingsConfigurationArgsDict]]
    idle_timeout_in_minutes: NotRequired[pulumi.Input[int]]
    ip_tags: NotRequired[pulumi.Input[Sequence[pulumi.Input[VirtualMachineIpTagArgsDict]]]]
    public_ip_address_version: NotRequired[pulumi.Input[str]]
    public_ip_allocation_method: NotRequired[pulumi.Input[str]]
    public_ip_prefix: NotRequired[pulumi.Input[SubResourceArgsDict]]
    sku: NotRequired[pulumi.Input[PublicIPAddressSkuArgsDict]]

class VirtualMachineNetworkInterfaceIPConfigurationArgsDict(TypedDict):
    name: pulumi.Input[str]
    application_gateway_backend_address_pools: NotRequired[pulumi.Input[Sequence[pulumi.Input[SubResourceArgsDict]]]]
    application_security_groups: NotRequired[pulumi.Input[Sequence[pulumi.Input[SubResourceArgsDict]]]]
    load_balancer_backend_address_pools: NotRequired[pulumi.Input[Sequence[pulumi.Input[SubResourceArgsDict]]]]
    primary: NotRequired[pulumi.Input[bool]]
    private_ip_address_version: NotRequired[pulumi.Input[str]]
    public_ip_address_configuration: NotRequired[pulumi.Input[VirtualMachinePublicIPAddressConfigurationArgsDict]]
    subnet: NotRequired[pulumi.Input[SubResourceArgsDict]]

class VirtualMachineNetworkInterfaceDnsSettingsConfigurationArgsDict(TypedDict):
    dns_servers: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]

class VirtualMachineNetworkInterfaceConfigurationArgsDict(TypedDict):
    ip_configurations: pulumi.Input[Sequence[pulumi.Input[VirtualMachineNetworkInterfaceIPConfigurationArgsDict]]]
    name: pulumi.Input[str]
    auxiliary_mode: NotRequired[pulumi.Input[str]]
    auxiliary_sku: NotRequired[pulumi.Input[str]]
    delete_option: NotRequired[pulumi.Input[str]]
    disable_tcp_state_tracking: NotRequired[pulumi.Input[bool]]
    dns_settings: NotRequired[pulumi.Input[VirtualMachineNetworkInterfaceDnsSettingsConfigurationArgsDict]]
    dscp_configuration: NotRequired[pulumi.Input[SubResourceArgsDict]]
    enable_accelerated_networking: NotRequired[pulumi.Input[bool]]
    enable_fpga: NotRequired[pulumi.Input[bool]]
    enable_ip_forwarding: NotRequired[pulumi.Input[bool]]
    network_security_group: NotRequired[pulumi.Input[SubResourceArgsDict]]
    primary: NotRequired[pulumi.Input[bool]]

class NetworkInterfaceReferenceArgsDict(TypedDict):
    delete_option: NotRequired[pulumi.Input[str]]
    id: NotRequired[pulumi.Input[str]]
    primary: NotRequired[pulumi.Input[bool]]

class NetworkProfileArgsDict(TypedDict):
    network_api_version: NotRequired[pulumi.Input[str]]
    network_interface_configurations: NotRequired[pulumi.Input[Sequence[pulumi.Input[VirtualMachineNetworkInterfaceConfigurationArgsDict]]]]
    network_interfaces: NotRequired[pulumi.Input[Sequence[pulumi.Input[NetworkInterfaceReferenceArgsDict]]]]

class LinuxVMGuestPatchAutomaticByPlatformSettingsArgsDict(TypedDict):
    bypass_platform_safety_checks_on_user_schedule: NotRequired[pulumi.Input[bool]]
    reboot_setting: NotRequired[pulumi.Input[str]]

class LinuxPatchSettingsArgsDict(TypedDict):
    assessment_mode: NotRequired[pulumi.Input[str]]
    automatic_by_platform_settings: NotRequired[pulumi.Input[LinuxVMGuestPatchAutomaticByPlatformSettingsArgsDict]]
    patch_mode: NotRequired[pulumi.Input[str]]

class SshPublicKeyArgsDict(TypedDict):
    key_data: NotRequired[pulumi.Input[str]]
    path: NotRequired[pulumi.Input[str]]

class SshConfigurationArgsDict(TypedDict):
    public_keys: NotRequired[pulumi.Input[Sequence[pulumi.Input[SshPublicKeyArgsDict]]]]

class LinuxConfigurationArgsDict(TypedDict):
    disable_password_authentication: NotRequired[pulumi.Input[bool]]
    enable_vm_agent_platform_updates: NotRequired[pulumi.Input[bool]]
    patch_settings: NotRequired[pulumi.Input[LinuxPatchSettingsArgsDict]]
    provision_vm_agent: NotRequired[pulumi.Input[bool]]
    ssh: NotRequired[pulumi.Input[SshConfigurationArgsDict]]

class VaultCertificateArgsDict(TypedDict):
    certificate_store: NotRequired[pulumi.Input[str]]
    certificate_url: NotRequired[pulumi.Input[str]]

class VaultSecretGroupArgsDict(TypedDict):
    source_vault: NotRequired[pulumi.Input[SubResourceArgsDict]]
    vault_certificates: NotRequired[pulumi.Input[Sequence[pulumi.Input[VaultCertificateArgsDict]]]]

class AdditionalUnattendContentArgsDict(TypedDict):
    component_name: NotRequired[pulumi.Input[Any]]
    content: NotRequired[pulumi.Input[str]]
    pass_name: NotRequired[pulumi.Input[Any]]
    setting_name: NotRequired[pulumi.Input[Any]]

class WindowsVMGuestPatchAutomaticByPlatformSettingsArgsDict(TypedDict):
    bypass_platform_safety_checks_on_user_schedule: NotRequired[pulumi.Input[bool]]
    reboot_setting: NotRequired[pulumi.Input[str]]

class PatchSettingsArgsDict(TypedDict):
    assessment_mode: NotRequired[pulumi.Input[str]]
    automatic_by_platform_settings: NotRequired[pulumi.Input[WindowsVMGuestPatchAutomaticByPlatformSettingsArgsDict]]
    enable_hotpatching: NotRequired[pulumi.Input[bool]]
    patch_mode: NotRequired[pulumi.Input[str]]

class WinRMListenerArgsDict(TypedDict):
    certificate_url: NotRequired[pulumi.Input[str]]
    protocol: NotRequired[pulumi.Input[Any]]

class WinRMConfigurationArgsDict(TypedDict):
    listeners: NotRequired[pulumi.Input[Sequence[pulumi.Input[WinRMListenerArgsDict]]]]

class WindowsConfigurationArgsDict(TypedDict):
    additional_unattend_content: NotRequired[pulumi.Input[Sequence[pulumi.Input[AdditionalUnattendContentArgsDict]]]]
    enable_automatic_updates: NotRequired[pulumi.Input[bool]]
    patch_settings: NotRequired[pulumi.Input[PatchSettingsArgsDict]]
    provision_vm_agent: NotRequired[pulumi.Input[bool]]
    time_zone: NotRequired[pulumi.Input[str]]
    win_rm: NotRequired[pulumi.Input[WinRMConfigurationArgsDict]]

class OSProfileArgsDict(TypedDict):
    admin_password: NotRequired[pulumi.Input[str]]
    admin_username: NotRequired[pulumi.Input[str]]
    allow_extension_operations: NotRequired[pulumi.Input[bool]]
    computer_name: NotRequired[pulumi.Input[str]]
    custom_data: NotRequired[pulumi.Input[str]]
    linux_configuration: NotRequired[pulumi.Input[LinuxConfigurationArgsDict]]
    require_guest_provision_signal: NotRequired[pulumi.Input[bool]]
    secrets: NotRequired[pulumi.Input[Sequence[pulumi.Input[VaultSecretGroupArgsDict]]]]
    windows_configuration: NotRequired[pulumi.Input[WindowsConfigurationArgsDict]]

class PlacementArgsDict(TypedDict):
    exclude_zones: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    include_zones: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    zone_placement_policy: NotRequired[pulumi.Input[str]]

class PlanArgsDict(TypedDict):
    name: NotRequired[pulumi.Input[str]]
    product: NotRequired[pulumi.Input[str]]
    promotion_code: NotRequired[pulumi.Input[str]]
    publisher: NotRequired[pulumi.Input[str]]

class EventGridAndResourceGraphArgsDict(TypedDict):
    enable: NotRequired[pulumi.Input[bool]]

class ScheduledEventsAdditionalPublishingTargetsArgsDict(TypedDict):
    event_grid_and_resource_graph: NotRequired[pulumi.Input[EventGridAndResourceGraphArgsDict]]

class UserInitiatedRebootArgsDict(TypedDict):
    automatically_approve: NotRequired[pulumi.Input[bool]]

class UserInitiatedRedeployArgsDict(TypedDict):
    automatically_approve: NotRequired[pulumi.Input[bool]]

class ScheduledEventsPolicyArgsDict(TypedDict):
    scheduled_events_additional_publishing_targets: NotRequired[pulumi.Input[ScheduledEventsAdditionalPublishingTargetsArgsDict]]
    user_initiated_reboot: NotRequired[pulumi.Input[UserInitiatedRebootArgsDict]]
    user_initiated_redeploy: NotRequired[pulumi.Input[UserInitiatedRedeployArgsDict]]

class OSImageNotificationProfileArgsDict(TypedDict):
    enable: NotRequired[pulumi.Input[bool]]
    not_before_timeout: NotRequired[pulumi.Input[str]]

class TerminateNotificationProfileArgsDict(TypedDict):
    enable: NotRequired[pulumi.Input[bool]]
    not_before_timeout: NotRequired[pulumi.Input[str]]

class ScheduledEventsProfileArgsDict(TypedDict):
    os_image_notification_profile: NotRequired[pulumi.Input[OSImageNotificationProfileArgsDict]]
    terminate_notification_profile: NotRequired[pulumi.Input[TerminateNotificationProfileArgsDict]]

class EncryptionIdentityArgsDict(TypedDict):
    user_assigned_identity_resource_id: NotRequired[pulumi.Input[str]]

class HostEndpointSettingsArgsDict(TypedDict):
    in_vm_access_control_profile_reference_id: NotRequired[pulumi.Input[str]]
    mode: NotRequired[pulumi.Input[str]]

class ProxyAgentSettingsArgsDict(TypedDict):
    enabled: NotRequired[pulumi.Input[bool]]
    imds: NotRequired[pulumi.Input[HostEndpointSettingsArgsDict]]
    key_incarnation_id: NotRequired[pulumi.Input[int]]
    mode: NotRequired[pulumi.Input[str]]
    wire_server: NotRequired[pulumi.Input[HostEndpointSettingsArgsDict]]

class UefiSettingsArgsDict(TypedDict):
    secure_boot_enabled: NotRequired[pulumi.Input[bool]]
    v_tpm_enabled: NotRequired[pulumi.Input[bool]]

class SecurityProfileArgsDict(TypedDict):
    encryption_at_host: NotRequired[pulumi.Input[bool]]
    encryption_identity: NotRequired[pulumi.Input[EncryptionIdentityArgsDict]]
    proxy_agent_settings: NotRequired[pulumi.Input[ProxyAgentSettingsArgsDict]]
    security_type: NotRequired[pulumi.Input[str]]
    uefi_settings: NotRequired[pulumi.Input[UefiSettingsArgsDict]]

class VirtualHardDiskArgsDict(TypedDict):
    uri: NotRequired[pulumi.Input[str]]

class DiskEncryptionSetParametersArgsDict(TypedDict):
    id: NotRequired[pulumi.Input[str]]

class VMDiskSecurityProfileArgsDict(TypedDict):
    disk_encryption_set: NotRequired[pulumi.Input[DiskEncryptionSetParametersArgsDict]]
    security_encryption_type: NotRequired[pulumi.Input[str]]

class ManagedDiskParametersArgsDict(TypedDict):
    disk_encryption_set: NotRequired[pulumi.Input[DiskEncryptionSetParametersArgsDict]]
    id: NotRequired[pulumi.Input[str]]
    security_profile: NotRequired[pulumi.Input[VMDiskSecurityProfileArgsDict]]
    storage_account_type: NotRequired[pulumi.Input[str]]

class ApiEntityReferenceArgsDict(TypedDict):
    id: NotRequired[pulumi.Input[str]]

class DataDiskArgsDict(TypedDict):
    create_option: pulumi.Input[str]
    lun: pulumi.Input[int]
    caching: NotRequired[pulumi.Input[Any]]
    delete_option: NotRequired[pulumi.Input[str]]
    detach_option: NotRequired[pulumi.Input[str]]
    disk_size_gb: NotRequired[pulumi.Input[int]]
    image: NotRequired[pulumi.Input[VirtualHardDiskArgsDict]]
    managed_disk: NotRequired[pulumi.Input[ManagedDiskParametersArgsDict]]
    name: NotRequired[pulumi.Input[str]]
    source_resource: NotRequired[pulumi.Input[ApiEntityReferenceArgsDict]]
    to_be_detached: NotRequired[pulumi.Input[bool]]
    vhd: NotRequired[pulumi.Input[VirtualHardDiskArgsDict]]
    write_accelerator_enabled: NotRequired[pulumi.Input[bool]]

class ImageReferenceArgsDict(TypedDict):
    community_gallery_image_id: NotRequired[pulumi.Input[str]]
    id: NotRequired[pulumi.Input[str]]
    offer: NotRequired[pulumi.Input[str]]
    publisher: NotRequired[pulumi.Input[str]]
    shared_gallery_image_id: NotRequired[pulumi.Input[str]]
    sku: NotRequired[pulumi.Input[str]]
    version: NotRequired[pulumi.Input[str]]

class DiffDiskSettingsArgsDict(TypedDict):
    option: NotRequired[pulumi.Input[str]]
    placement: NotRequired[pulumi.Input[str]]

class KeyVaultSecretReferenceArgsDict(TypedDict):
    secret_url: pulumi.Input[str]
    source_vault: pulumi.Input[SubResourceArgsDict]

class KeyVaultKeyReferenceArgsDict(TypedDict):
    key_url: pulumi.Input[str]
    source_vault: pulumi.Input[SubResourceArgsDict]

class DiskEncryptionSettingsArgsDict(TypedDict):
    disk_encryption_key: NotRequired[pulumi.Input[KeyVaultSecretReferenceArgsDict]]
    enabled: NotRequired[pulumi.Input[bool]]
    key_encryption_key: NotRequired[pulumi.Input[KeyVaultKeyReferenceArgsDict]]

class OSDiskArgsDict(TypedDict):
    create_option: pulumi.Input[str]
    caching: NotRequired[pulumi.Input[Any]]
    delete_option: NotRequired[pulumi.Input[str]]
    diff_disk_settings: NotRequired[pulumi.Input[DiffDiskSettingsArgsDict]]
    disk_size_gb: NotRequired[pulumi.Input[int]]
    encryption_settings: NotRequired[pulumi.Input[DiskEncryptionSettingsArgsDict]]
    image: NotRequired[pulumi.Input[VirtualHardDiskArgsDict]]
    managed_disk: NotRequired[pulumi.Input[ManagedDiskParametersArgsDict]]
    name: NotRequired[pulumi.Input[str]]
    os_type: NotRequired[pulumi.Input[Any]]
    vhd: NotRequired[pulumi.Input[VirtualHardDiskArgsDict]]
    write_accelerator_enabled: NotRequired[pulumi.Input[bool]]

class StorageProfileArgsDict(TypedDict):
    align_regional_disks_to_vm_zone: NotRequired[pulumi.Input[bool]]
    data_disks: NotRequired[pulumi.Input[Sequence[pulumi.Input[DataDiskArgsDict]]]]
    disk_controller_type: NotRequired[pulumi.Input[str]]
    image_reference: NotRequired[pulumi.Input[ImageReferenceArgsDict]]
    os_disk: NotRequired[pulumi.Input[OSDiskArgsDict]]

class VirtualMachine(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        resource_group_name: pulumi.Input[str],
        additional_capabilities: pulumi.Input[AdditionalCapabilitiesArgsDict] | None = None,
        application_profile: pulumi.Input[ApplicationProfileArgsDict] | None = None,
        availability_set: pulumi.Input[SubResourceArgsDict] | None = None,
        billing_profile: pulumi.Input[BillingProfileArgsDict] | None = None,
        capacity_reservation: pulumi.Input[CapacityReservationProfileArgsDict] | None = None,
        diagnostics_profile: pulumi.Input[DiagnosticsProfileArgsDict] | None = None,
        eviction_policy: pulumi.Input[str] | None = None,
        extended_location: pulumi.Input[ExtendedLocationArgsDict] | None = None,
        extensions_time_budget: pulumi.Input[str] | None = None,
        hardware_profile: pulumi.Input[HardwareProfileArgsDict] | None = None,
        host: pulumi.Input[SubResourceArgsDict] | None = None,
        host_group: pulumi.Input[SubResourceArgsDict] | None = None,
        identity: pulumi.Input[VirtualMachineIdentityArgsDict] | None = None,
        license_type: pulumi.Input[str] | None = None,
        location: pulumi.Input[str] | None = None,
        network_profile: pulumi.Input[NetworkProfileArgsDict] | None = None,
        os_profile: pulumi.Input[OSProfileArgsDict] | None = None,
        placement: pulumi.Input[PlacementArgsDict] | None = None,
        plan: pulumi.Input[PlanArgsDict] | None = None,
        platform_fault_domain: pulumi.Input[int] | None = None,
        priority: pulumi.Input[str] | None = None,
        proximity_placement_group: pulumi.Input[SubResourceArgsDict] | None = None,
        scheduled_events_policy: pulumi.Input[ScheduledEventsPolicyArgsDict] | None = None,
        scheduled_events_profile: pulumi.Input[ScheduledEventsProfileArgsDict] | None = None,
        security_profile: pulumi.Input[SecurityProfileArgsDict] | None = None,
        storage_profile: pulumi.Input[StorageProfileArgsDict] | None = None,
        tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        user_data: pulumi.Input[str] | None = None,
        virtual_machine_scale_set: pulumi.Input[SubResourceArgsDict] | None = None,
        vm_name: pulumi.Input[str] | None = None,
        zones: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def additional_capabilities(self) -> pulumi.Output[Any]: ...
    @property
    def application_profile(self) -> pulumi.Output[Any]: ...
    @property
    def availability_set(self) -> pulumi.Output[Any]: ...
    @property
    def azure_api_version(self) -> pulumi.Output[str]: ...
    @property
    def billing_profile(self) -> pulumi.Output[Any]: ...
    @property
    def capacity_reservation(self) -> pulumi.Output[Any]: ...
    @property
    def diagnostics_profile(self) -> pulumi.Output[Any]: ...
    @property
    def etag(self) -> pulumi.Output[str]: ...
    @property
    def eviction_policy(self) -> pulumi.Output[str]: ...
    @property
    def extended_location(self) -> pulumi.Output[Any]: ...
    @property
    def extensions_time_budget(self) -> pulumi.Output[str]: ...
    @property
    def hardware_profile(self) -> pulumi.Output[Any]: ...
    @property
    def host(self) -> pulumi.Output[Any]: ...
    @property
    def host_group(self) -> pulumi.Output[Any]: ...
    @property
    def identity(self) -> pulumi.Output[Any]: ...
    @property
    def instance_view(self) -> pulumi.Output[Any]: ...
    @property
    def license_type(self) -> pulumi.Output[str]: ...
    @property
    def location(self) -> pulumi.Output[str]: ...
    @property
    def managed_by(self) -> pulumi.Output[str]: ...
    @property
    def name(self) -> pulumi.Output[str]: ...
    @property
    def network_profile(self) -> pulumi.Output[Any]: ...
    @property
    def os_profile(self) -> pulumi.Output[Any]: ...
    @property
    def placement(self) -> pulumi.Output[Any]: ...
    @property
    def plan(self) -> pulumi.Output[Any]: ...
    @property
    def platform_fault_domain(self) -> pulumi.Output[int]: ...
    @property
    def priority(self) -> pulumi.Output[str]: ...
    @property
    def provisioning_state(self) -> pulumi.Output[str]: ...
    @property
    def proximity_placement_group(self) -> pulumi.Output[Any]: ...
    @property
    def resources(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def scheduled_events_policy(self) -> pulumi.Output[Any]: ...
    @property
    def scheduled_events_profile(self) -> pulumi.Output[Any]: ...
    @property
    def security_profile(self) -> pulumi.Output[Any]: ...
    @property
    def storage_profile(self) -> pulumi.Output[Any]: ...
    @property
    def system_data(self) -> pulumi.Output[Any]: ...
    @property
    def tags(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def time_created(self) -> pulumi.Output[str]: ...
    @property
    def type(self) -> pulumi.Output[str]: ...
    @property
    def user_data(self) -> pulumi.Output[str]: ...
    @property
    def virtual_machine_scale_set(self) -> pulumi.Output[Any]: ...
    @property
    def vm_id(self) -> pulumi.Output[str]: ...
    @property
    def zones(self) -> pulumi.Output[Sequence[str]]: ...

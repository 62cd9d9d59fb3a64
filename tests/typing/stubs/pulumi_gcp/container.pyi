# Written by `python -m tests.engine.sdk`.
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from typing_extensions import NotRequired, Self, TypedDict

class ClusterAddonsConfigAgentSandboxConfigArgsDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterAddonsConfigCloudrunConfigArgsDict(TypedDict):
    disabled: pulumi.Input[bool]
    load_balancer_type: NotRequired[pulumi.Input[str]]

class ClusterAddonsConfigConfigConnectorConfigArgsDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterAddonsConfigDnsCacheConfigArgsDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterAddonsConfigGcePersistentDiskCsiDriverConfigArgsDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterAddonsConfigGcpFilestoreCsiDriverConfigArgsDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterAddonsConfigGcsFuseCsiDriverConfigArgsDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterAddonsConfigGkeBackupAgentConfigArgsDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterAddonsConfigHighScaleCheckpointingConfigArgsDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterAddonsConfigHorizontalPodAutoscalingArgsDict(TypedDict):
    disabled: pulumi.Input[bool]

class ClusterAddonsConfigHttpLoadBalancingArgsDict(TypedDict):
    disabled: pulumi.Input[bool]

class ClusterAddonsConfigIstioConfigArgsDict(TypedDict):
    disabled: pulumi.Input[bool]
    auth: NotRequired[pulumi.Input[str]]

class ClusterAddonsConfigKalmConfigArgsDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterAddonsConfigLustreCsiDriverConfigArgsDict(TypedDict):
    enabled: pulumi.Input[bool]
    disable_multi_nic: NotRequired[pulumi.Input[bool]]
    enable_legacy_lustre_port: NotRequired[pulumi.Input[bool]]

class ClusterAddonsConfigNetworkPolicyConfigArgsDict(TypedDict):
    disabled: pulumi.Input[bool]

class ClusterAddonsConfigNodeReadinessConfigArgsDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterAddonsConfigParallelstoreCsiDriverConfigArgsDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterAddonsConfigPodSnapshotConfigArgsDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterAddonsConfigRayOperatorConfigRayClusterLoggingConfigArgsDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterAddonsConfigRayOperatorConfigRayClusterMonitoringConfigArgsDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterAddonsConfigRayOperatorConfigArgsDict(TypedDict):
    enabled: pulumi.Input[bool]
    ray_cluster_logging_config: NotRequired[pulumi.Input[ClusterAddonsConfigRayOperatorConfigRayClusterLoggingConfigArgsDict]]
    ray_cluster_monitoring_config: NotRequired[pulumi.Input[ClusterAddonsConfigRayOperatorConfigRayClusterMonitoringConfigArgsDict]]

class ClusterAddonsConfigSliceControllerConfigArgsDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterAddonsConfigSlurmOperatorConfigArgsDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterAddonsConfigStatefulHaConfigArgsDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterAddonsConfigArgsDict(TypedDict):
    agent_sandbox_config: NotRequired[pulumi.Input[ClusterAddonsConfigAgentSandboxConfigArgsDict]]
    cloudrun_config: NotRequired[pulumi.Input[ClusterAddonsConfigCloudrunConfigArgsDict]]
    config_connector_config: NotRequired[pulumi.Input[ClusterAddonsConfigConfigConnectorConfigArgsDict]]
    dns_cache_config: NotRequired[pulumi.Input[ClusterAddonsConfigDnsCacheConfigArgsDict]]
    gce_persistent_disk_csi_driver_config: NotRequired[pulumi.Input[ClusterAddonsConfigGcePersistentDiskCsiDriverConfigArgsDict]]
    gcp_filestore_csi_driver_config: NotRequired[pulumi.Input[ClusterAddonsConfigGcpFilestoreCsiDriverConfigArgsDict]]
    gcs_fuse_csi_driver_config: NotRequired[pulumi.Input[ClusterAddonsConfigGcsFuseCsiDriverConfigArgsDict]]
    gke_backup_agent_config: NotRequired[pulumi.Input[ClusterAddonsConfigGkeBackupAgentConfigArgsDict]]
    high_scale_checkpointing_config: NotRequired[pulumi.Input[ClusterAddonsConfigHighScaleCheckpointingConfigArgsDict]]
    horizontal_pod_autoscaling: NotRequired[pulumi.Input[ClusterAddonsConfigHorizontalPodAutoscalingArgsDict]]
    http_load_balancing: NotRequired[pulumi.Input[ClusterAddonsConfigHttpLoadBalancingArgsDict]]
    istio_config: NotRequired[pulumi.Input[ClusterAddonsConfigIstioConfigArgsDict]]
    kalm_config: NotRequired[pulumi.Input[ClusterAddonsConfigKalmConfigArgsDict]]
    lustre_csi_driver_config: NotRequired[pulumi.Input[ClusterAddonsConfigLustreCsiDriverConfigArgsDict]]
    network_policy_config: NotRequired[pulumi.Input[ClusterAddonsConfigNetworkPolicyConfigArgsDict]]
    node_readiness_config: NotRequired[pulumi.Input[ClusterAddonsConfigNodeReadinessConfigArgsDict]]
    parallelstore_csi_driver_config: NotRequired[pulumi.Input[ClusterAddonsConfigParallelstoreCsiDriverConfigArgsDict]]
    pod_snapshot_config: NotRequired[pulumi.Input[ClusterAddonsConfigPodSnapshotConfigArgsDict]]
    ray_operator_configs: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterAddonsConfigRayOperatorConfigArgsDict]]]]
    slice_controller_config: NotRequired[pulumi.Input[ClusterAddonsConfigSliceControllerConfigArgsDict]]
    slurm_operator_config: NotRequired[pulumi.Input[ClusterAddonsConfigSlurmOperatorConfigArgsDict]]
    stateful_ha_config: NotRequired[pulumi.Input[ClusterAddonsConfigStatefulHaConfigArgsDict]]

class ClusterAnonymousAuthenticationConfigArgsDict(TypedDict):
    mode: pulumi.Input[str]

class ClusterAuthenticatorGroupsConfigArgsDict(TypedDict):
    security_group: pulumi.Input[str]

class ClusterAutopilotClusterPolicyConfigArgsDict(TypedDict):
    no_standard_node_pools: NotRequired[pulumi.Input[bool]]
    no_system_impersonation: NotRequired[pulumi.Input[bool]]
    no_system_mutation: NotRequired[pulumi.Input[bool]]
    no_unsafe_webhooks: NotRequired[pulumi.Input[bool]]

class ClusterBinaryAuthorizationArgsDict(TypedDict):
    enabled: NotRequired[pulumi.Input[bool]]
    evaluation_mode: NotRequired[pulumi.Input[str]]

class ClusterClusterAutoscalingAutoProvisioningDefaultsManagementUpgradeOptionArgsDict(TypedDict):
    auto_upgrade_start_time: NotRequired[pulumi.Input[str]]
    description: NotRequired[pulumi.Input[str]]

class ClusterClusterAutoscalingAutoProvisioningDefaultsManagementArgsDict(TypedDict):
    auto_repair: NotRequired[pulumi.Input[bool]]
    auto_upgrade: NotRequired[pulumi.Input[bool]]
    upgrade_options: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterClusterAutoscalingAutoProvisioningDefaultsManagementUpgradeOptionArgsDict]]]]

class ClusterClusterAutoscalingAutoProvisioningDefaultsShieldedInstanceConfigArgsDict(TypedDict):
    enable_integrity_monitoring: NotRequired[pulumi.Input[bool]]
    enable_secure_boot: NotRequired[pulumi.Input[bool]]

class ClusterClusterAutoscalingAutoProvisioningDefaultsUpgradeSettingsBlueGreenSettingsStandardRolloutPolicyArgsDict(TypedDict):
    batch_node_count: NotRequired[pulumi.Input[int]]
    batch_percentage: NotRequired[pulumi.Input[float]]
    batch_soak_duration: NotRequired[pulumi.Input[str]]

class ClusterClusterAutoscalingAutoProvisioningDefaultsUpgradeSettingsBlueGreenSettingsArgsDict(TypedDict):
    node_pool_soak_duration: NotRequired[pulumi.Input[str]]
    standard_rollout_policy: NotRequired[pulumi.Input[ClusterClusterAutoscalingAutoProvisioningDefaultsUpgradeSettingsBlueGreenSettingsStandardRolloutPolicyArgsDict]]

class ClusterClusterAutoscalingAutoProvisioningDefaultsUpgradeSettingsArgsDict(TypedDict):
    blue_green_settings: NotRequired[pulumi.Input[ClusterClusterAutoscalingAutoProvisioningDefaultsUpgradeSettingsBlueGreenSettingsArgsDict]]
    max_surge: NotRequired[pulumi.Input[int]]
    max_unavailable: NotRequired[pulumi.Input[int]]
    strategy: NotRequired[pulumi.Input[str]]

class ClusterClusterAutoscalingAutoProvisioningDefaultsArgsDict(TypedDict):
    boot_disk_kms_key: NotRequired[pulumi.Input[str]]
    disk_size: NotRequired[pulumi.Input[int]]
    disk_type: NotRequired[pulumi.Input[str]]
    image_type: NotRequired[pulumi.Input[str]]
    management: NotRequired[pulumi.Input[ClusterClusterAutoscalingAutoProvisioningDefaultsManagementArgsDict]]
    min_cpu_platform: NotRequired[pulumi.Input[str]]
    oauth_scopes: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    service_account: NotRequired[pulumi.Input[str]]
    shielded_instance_config: NotRequired[pulumi.Input[ClusterClusterAutoscalingAutoProvisioningDefaultsShieldedInstanceConfigArgsDict]]
    upgrade_settings: NotRequired[pulumi.Input[ClusterClusterAutoscalingAutoProvisioningDefaultsUpgradeSettingsArgsDict]]

class ClusterClusterAutoscalingResourceLimitArgsDict(TypedDict):
    maximum: pulumi.Input[int]
    resource_type: pulumi.Input[str]
    minimum: NotRequired[pulumi.Input[int]]

class ClusterClusterAutoscalingArgsDict(TypedDict):
    auto_provisioning_defaults: NotRequired[pulumi.Input[ClusterClusterAutoscalingAutoProvisioningDefaultsArgsDict]]
    auto_provisioning_locations: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    autoscaling_profile: NotRequired[pulumi.Input[str]]
    default_compute_class_enabled: NotRequired[pulumi.Input[bool]]
    enabled: NotRequired[pulumi.Input[bool]]
    resource_limits: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterClusterAutoscalingResourceLimitArgsDict]]]]

class ClusterClusterTelemetryArgsDict(TypedDict):
    type: pulumi.Input[str]

class ClusterConfidentialNodesArgsDict(TypedDict):
    enabled: pulumi.Input[bool]
    confidential_instance_type: NotRequired[pulumi.Input[str]]

class ClusterControlPlaneEndpointsConfigDnsEndpointConfigArgsDict(TypedDict):
    allow_external_traffic: NotRequired[pulumi.Input[bool]]
    enable_k8s_certs_via_dns: NotRequired[pulumi.Input[bool]]
    enable_k8s_tokens_via_dns: NotRequired[pulumi.Input[bool]]
    endpoint: NotRequired[pulumi.Input[str]]

class ClusterControlPlaneEndpointsConfigIpEndpointsConfigArgsDict(TypedDict):
    enabled: NotRequired[pulumi.Input[bool]]

class ClusterControlPlaneEndpointsConfigArgsDict(TypedDict):
    dns_endpoint_config: NotRequired[pulumi.Input[ClusterControlPlaneEndpointsConfigDnsEndpointConfigArgsDict]]
    ip_endpoints_config: NotRequired[pulumi.Input[ClusterControlPlaneEndpointsConfigIpEndpointsConfigArgsDict]]

class ClusterCostManagementConfigArgsDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterDatabaseEncryptionArgsDict(TypedDict):
    state: pulumi.Input[str]
    key_name: NotRequired[pulumi.Input[str]]

class ClusterDefaultSnatStatusArgsDict(TypedDict):
    disabled: pulumi.Input[bool]

class ClusterDnsConfigArgsDict(TypedDict):
    additive_vpc_scope_dns_domain: NotRequired[pulumi.Input[str]]
    cluster_dns: NotRequired[pulumi.Input[str]]
    cluster_dns_domain: NotRequired[pulumi.Input[str]]
    cluster_dns_scope: NotRequired[pulumi.Input[str]]

class ClusterEnableK8sBetaApisArgsDict(TypedDict):
    enabled_apis: pulumi.Input[Sequence[pulumi.Input[str]]]

class ClusterEnterpriseConfigArgsDict(TypedDict):
    cluster_tier: NotRequired[pulumi.Input[str]]
    desired_tier: NotRequired[pulumi.Input[str]]

class ClusterFleetArgsDict(TypedDict):
    membership: NotRequired[pulumi.Input[str]]
    membership_id: NotRequired[pulumi.Input[str]]
    membership_location: NotRequired[pulumi.Input[str]]
    membership_type: NotRequired[pulumi.Input[str]]
    pre_registered: NotRequired[pulumi.Input[bool]]
    project: NotRequired[pulumi.Input[str]]

class ClusterGatewayApiConfigArgsDict(TypedDict):
    channel: pulumi.Input[str]

class ClusterGkeAutoUpgradeConfigArgsDict(TypedDict):
    patch_mode: pulumi.Input[str]

class ClusterIdentityServiceConfigArgsDict(TypedDict):
    enabled: NotRequired[pulumi.Input[bool]]

class ClusterIpAllocationPolicyAdditionalIpRangesConfigArgsDict(TypedDict):
    subnetwork: pulumi.Input[str]
    pod_ipv4_range_names: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    status: NotRequired[pulumi.Input[str]]

class ClusterIpAllocationPolicyAdditionalPodRangesConfigArgsDict(TypedDict):
    pod_range_names: pulumi.Input[Sequence[pulumi.Input[str]]]

class ClusterIpAllocationPolicyAutoIpamConfigArgsDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterIpAllocationPolicyNetworkTierConfigArgsDict(TypedDict):
    network_tier: pulumi.Input[str]

class ClusterIpAllocationPolicyPodCidrOverprovisionConfigArgsDict(TypedDict):
    disabled: pulumi.Input[bool]

class ClusterIpAllocationPolicyArgsDict(TypedDict):
    additional_ip_ranges_configs: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterIpAllocationPolicyAdditionalIpRangesConfigArgsDict]]]]
    additional_pod_ranges_config: NotRequired[pulumi.Input[ClusterIpAllocationPolicyAdditionalPodRangesConfigArgsDict]]
    auto_ipam_config: NotRequired[pulumi.Input[ClusterIpAllocationPolicyAutoIpamConfigArgsDict]]
    cluster_ipv4_cidr_block: NotRequired[pulumi.Input[str]]
    cluster_secondary_range_name: NotRequired[pulumi.Input[str]]
    network_tier_config: NotRequired[pulumi.Input[ClusterIpAllocationPolicyNetworkTierConfigArgsDict]]
    pod_cidr_overprovision_config: NotRequired[pulumi.Input[ClusterIpAllocationPolicyPodCidrOverprovisionConfigArgsDict]]
    services_ipv4_cidr_block: NotRequired[pulumi.Input[str]]
    services_secondary_range_name: NotRequired[pulumi.Input[str]]
    stack_type: NotRequired[pulumi.Input[str]]

class ClusterLoggingConfigArgsDict(TypedDict):
    enable_components: pulumi.Input[Sequence[pulumi.Input[str]]]

class ClusterMaintenancePolicyDailyMaintenanceWindowArgsDict(TypedDict):
    start_time: pulumi.Input[str]
    duration: NotRequired[pulumi.Input[str]]

class ClusterMaintenancePolicyDisruptionBudgetArgsDict(TypedDict):
    last_disruption_time: NotRequired[pulumi.Input[str]]
    last_minor_version_disruption_time: NotRequired[pulumi.Input[str]]
    minor_version_disruption_interval: NotRequired[pulumi.Input[str]]
    patch_version_disruption_interval: NotRequired[pulumi.Input[str]]

class ClusterMaintenancePolicyMaintenanceExclusionExclusionOptionsArgsDict(TypedDict):
    scope: pulumi.Input[str]
    end_time_behavior: NotRequired[pulumi.Input[str]]

class ClusterMaintenancePolicyMaintenanceExclusionArgsDict(TypedDict):
    exclusion_name: pulumi.Input[str]
    start_time: pulumi.Input[str]
    end_time: NotRequired[pulumi.Input[str]]
    exclusion_options: NotRequired[pulumi.Input[ClusterMaintenancePolicyMaintenanceExclusionExclusionOptionsArgsDict]]

class ClusterMaintenancePolicyRecurringMaintenanceWindowWindowStartTimeArgsDict(TypedDict):
    hours: pulumi.Input[int]
    minutes: pulumi.Input[int]
    seconds: pulumi.Input[int]

class ClusterMaintenancePolicyRecurringMaintenanceWindowDelayUntilArgsDict(TypedDict):
    day: pulumi.Input[int]
    month: pulumi.Input[int]
    year: pulumi.Input[int]

class ClusterMaintenancePolicyRecurringMaintenanceWindowArgsDict(TypedDict):
    recurrence: pulumi.Input[str]
    window_duration: pulumi.Input[str]
    window_start_time: pulumi.Input[ClusterMaintenancePolicyRecurringMaintenanceWindowWindowStartTimeArgsDict]
    delay_until: NotRequired[pulumi.Input[ClusterMaintenancePolicyRecurringMaintenanceWindowDelayUntilArgsDict]]

class ClusterMaintenancePolicyRecurringWindowArgsDict(TypedDict):
    end_time: pulumi.Input[str]
    recurrence: pulumi.Input[str]
    start_time: pulumi.Input[str]

class ClusterMaintenancePolicyArgsDict(TypedDict):
    daily_maintenance_window: NotRequired[pulumi.Input[ClusterMaintenancePolicyDailyMaintenanceWindowArgsDict]]
    disruption_budget: NotRequired[pulumi.Input[ClusterMaintenancePolicyDisruptionBudgetArgsDict]]
    maintenance_exclusions: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterMaintenancePolicyMaintenanceExclusionArgsDict]]]]
    recurring_maintenance_window: NotRequired[pulumi.Input[ClusterMaintenancePolicyRecurringMaintenanceWindowArgsDict]]
    recurring_window: NotRequired[pulumi.Input[ClusterMaintenancePolicyRecurringWindowArgsDict]]

class ClusterManagedMachineLearningDiagnosticsConfigArgsDict(TypedDict):
    enabled: NotRequired[pulumi.Input[bool]]

class ClusterManagedOpentelemetryConfigArgsDict(TypedDict):
    scope: NotRequired[pulumi.Input[str]]

class ClusterMasterAuthClientCertificateConfigArgsDict(TypedDict):
    issue_client_certificate: pulumi.Input[bool]

class ClusterMasterAuthArgsDict(TypedDict):
    client_certificate_config: pulumi.Input[ClusterMasterAuthClientCertificateConfigArgsDict]
    client_certificate: NotRequired[pulumi.Input[str]]
    client_key: NotRequired[pulumi.Input[str]]
    cluster_ca_certificate: NotRequired[pulumi.Input[str]]

class ClusterMasterAuthorizedNetworksConfigCidrBlockArgsDict(TypedDict):
    cidr_block: pulumi.Input[str]
    display_name: NotRequired[pulumi.Input[str]]

class ClusterMasterAuthorizedNetworksConfigArgsDict(TypedDict):
    cidr_blocks: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterMasterAuthorizedNetworksConfigCidrBlockArgsDict]]]]
    gcp_public_cidrs_access_enabled: NotRequired[pulumi.Input[bool]]
    private_endpoint_enforcement_enabled: NotRequired[pulumi.Input[bool]]

class ClusterMeshCertificatesArgsDict(TypedDict):
    enable_certificates: pulumi.Input[bool]

class ClusterMonitoringConfigAdvancedDatapathObservabilityConfigArgsDict(TypedDict):
    enable_metrics: pulumi.Input[bool]
    enable_relay: pulumi.Input[bool]

class ClusterMonitoringConfigManagedPrometheusAutoMonitoringConfigArgsDict(TypedDict):
    scope: pulumi.Input[str]

class ClusterMonitoringConfigManagedPrometheusArgsDict(TypedDict):
    enabled: pulumi.Input[bool]
    auto_monitoring_config: NotRequired[pulumi.Input[ClusterMonitoringConfigManagedPrometheusAutoMonitoringConfigArgsDict]]

class ClusterMonitoringConfigArgsDict(TypedDict):
    advanced_datapath_observability_config: NotRequired[pulumi.Input[ClusterMonitoringConfigAdvancedDatapathObservabilityConfigArgsDict]]
    enable_components: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    managed_prometheus: NotRequired[pulumi.Input[ClusterMonitoringConfigManagedPrometheusArgsDict]]

class ClusterNetworkPerformanceConfigArgsDict(TypedDict):
    total_egress_bandwidth_tier: pulumi.Input[str]

class ClusterNetworkPolicyArgsDict(TypedDict):
    enabled: pulumi.Input[bool]
    provider: NotRequired[pulumi.Input[str]]

class ClusterNodeConfigAdvancedMachineFeaturesArgsDict(TypedDict):
    threads_per_core: pulumi.Input[int]
    enable_nested_virtualization: NotRequired[pulumi.Input[bool]]
    performance_monitoring_unit: NotRequired[pulumi.Input[str]]

class ClusterNodeConfigBootDiskArgsDict(TypedDict):
    disk_type: NotRequired[pulumi.Input[str]]
    provisioned_iops: NotRequired[pulumi.Input[int]]
    provisioned_throughput: NotRequired[pulumi.Input[int]]
    size_gb: NotRequired[pulumi.Input[int]]

class ClusterNodeConfigConfidentialNodesArgsDict(TypedDict):
    enabled: pulumi.Input[bool]
    confidential_instance_type: NotRequired[pulumi.Input[str]]

class ClusterNodeConfigContainerdConfigPrivateRegistryAccessConfigCertificateAuthorityDomainConfigGcpSecretManagerCertificateConfigArgsDict(TypedDict):
    secret_uri: pulumi.Input[str]

class ClusterNodeConfigContainerdConfigPrivateRegistryAccessConfigCertificateAuthorityDomainConfigArgsDict(TypedDict):
    fqdns: pulumi.Input[Sequence[pulumi.Input[str]]]
    gcp_secret_manager_certificate_config: pulumi.Input[ClusterNodeConfigContainerdConfigPrivateRegistryAccessConfigCertificateAuthorityDomainConfigGcpSecretManagerCertificateConfigArgsDict]

class ClusterNodeConfigContainerdConfigPrivateRegistryAccessConfigArgsDict(TypedDict):
    enabled: pulumi.Input[bool]
    certificate_authority_domain_configs: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodeConfigContainerdConfigPrivateRegistryAccessConfigCertificateAuthorityDomainConfigArgsDict]]]]

class ClusterNodeConfigContainerdConfigRegistryHostHostCaArgsDict(TypedDict):
    gcp_secret_manager_secret_uri: NotRequired[pulumi.Input[str]]

class ClusterNodeConfigContainerdConfigRegistryHostHostClientCertArgsDict(TypedDict):
    gcp_secret_manager_secret_uri: NotRequired[pulumi.Input[str]]

class ClusterNodeConfigContainerdConfigRegistryHostHostClientKeyArgsDict(TypedDict):
    gcp_secret_manager_secret_uri: NotRequired[pulumi.Input[str]]

class ClusterNodeConfigContainerdConfigRegistryHostHostClientArgsDict(TypedDict):
    cert: pulumi.Input[ClusterNodeConfigContainerdConfigRegistryHostHostClientCertArgsDict]
    key: NotRequired[pulumi.Input[ClusterNodeConfigContainerdConfigRegistryHostHostClientKeyArgsDict]]

class ClusterNodeConfigContainerdConfigRegistryHostHostHeaderArgsDict(TypedDict):
    key: pulumi.Input[str]
    values: pulumi.Input[Sequence[pulumi.Input[str]]]

class ClusterNodeConfigContainerdConfigRegistryHostHostArgsDict(TypedDict):
    host: pulumi.Input[str]
    capabilities: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    cas: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodeConfigContainerdConfigRegistryHostHostCaArgsDict]]]]
    clients: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodeConfigContainerdConfigRegistryHostHostClientArgsDict]]]]
    dial_timeout: NotRequired[pulumi.Input[str]]
    headers: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodeConfigContainerdConfigRegistryHostHostHeaderArgsDict]]]]
    override_path: NotRequired[pulumi.Input[bool]]

class ClusterNodeConfigContainerdConfigRegistryHostArgsDict(TypedDict):
    server: pulumi.Input[str]
    hosts: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodeConfigContainerdConfigRegistryHostHostArgsDict]]]]

class ClusterNodeConfigContainerdConfigWritableCgroupsArgsDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterNodeConfigContainerdConfigArgsDict(TypedDict):
    private_registry_access_config: NotRequired[pulumi.Input[ClusterNodeConfigContainerdConfigPrivateRegistryAccessConfigArgsDict]]
    registry_hosts: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodeConfigContainerdConfigRegistryHostArgsDict]]]]
    writable_cgroups: NotRequired[pulumi.Input[ClusterNodeConfigContainerdConfigWritableCgroupsArgsDict]]

class ClusterNodeConfigEffectiveTaintArgsDict(TypedDict):
    effect: NotRequired[pulumi.Input[str]]
    key: NotRequired[pulumi.Input[str]]
    value: NotRequired[pulumi.Input[str]]

class ClusterNodeConfigEphemeralStorageConfigArgsDict(TypedDict):
    local_ssd_count: pulumi.Input[int]

class ClusterNodeConfigEphemeralStorageLocalSsdConfigArgsDict(TypedDict):
    local_ssd_count: pulumi.Input[int]
    data_cache_count: NotRequired[pulumi.Input[int]]

class ClusterNodeConfigFastSocketArgsDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterNodeConfigGcfsConfigArgsDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterNodeConfigGuestAcceleratorGpuDriverInstallationConfigArgsDict(TypedDict):
    gpu_driver_version: pulumi.Input[str]

class ClusterNodeConfigGuestAcceleratorGpuSharingConfigArgsDict(TypedDict):
    gpu_sharing_strategy: pulumi.Input[str]
    max_shared_clients_per_gpu: pulumi.Input[int]

class ClusterNodeConfigGuestAcceleratorArgsDict(TypedDict):
    count: pulumi.Input[int]
    type: pulumi.Input[str]
    gpu_driver_installation_config: NotRequired[pulumi.Input[ClusterNodeConfigGuestAcceleratorGpuDriverInstallationConfigArgsDict]]
    gpu_partition_size: NotRequired[pulumi.Input[str]]
    gpu_sharing_config: NotRequired[pulumi.Input[ClusterNodeConfigGuestAcceleratorGpuSharingConfigArgsDict]]

class ClusterNodeConfigGvnicArgsDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterNodeConfigHostMaintenancePolicyOpportunisticMaintenanceStrategyArgsDict(TypedDict):
    maintenance_availability_window: pulumi.Input[str]
    min_nodes_per_pool: pulumi.Input[int]
    node_idle_time_window: pulumi.Input[str]

class ClusterNodeConfigHostMaintenancePolicyArgsDict(TypedDict):
    maintenance_interval: pulumi.Input[str]
    opportunistic_maintenance_strategy: NotRequired[pulumi.Input[ClusterNodeConfigHostMaintenancePolicyOpportunisticMaintenanceStrategyArgsDict]]

class ClusterNodeConfigKubeletConfigCrashLoopBackOffArgsDict(TypedDict):
    max_container_restart_period: NotRequired[pulumi.Input[str]]

class ClusterNodeConfigKubeletConfigEvictionMinimumReclaimArgsDict(TypedDict):
    imagefs_available: NotRequired[pulumi.Input[str]]
    imagefs_inodes_free: NotRequired[pulumi.Input[str]]
    memory_available: NotRequired[pulumi.Input[str]]
    nodefs_available: NotRequired[pulumi.Input[str]]
    nodefs_inodes_free: NotRequired[pulumi.Input[str]]
    pid_available: NotRequired[pulumi.Input[str]]

class ClusterNodeConfigKubeletConfigEvictionSoftArgsDict(TypedDict):
    imagefs_available: NotRequired[pulumi.Input[str]]
    imagefs_inodes_free: NotRequired[pulumi.Input[str]]
    memory_available: NotRequired[pulumi.Input[str]]
    nodefs_available: NotRequired[pulumi.Input[str]]
    nodefs_inodes_free: NotRequired[pulumi.Input[str]]
    pid_available: NotRequired[pulumi.Input[str]]

class ClusterNodeConfigKubeletConfigEvictionSoftGracePeriodArgsDict(TypedDict):
    imagefs_available: NotRequired[pulumi.Input[str]]
    imagefs_inodes_free: NotRequired[pulumi.Input[str]]
    memory_available: NotRequired[pulumi.Input[str]]
    nodefs_available: NotRequired[pulumi.Input[str]]
    nodefs_inodes_free: NotRequired[pulumi.Input[str]]
    pid_available: NotRequired[pulumi.Input[str]]

class ClusterNodeConfigKubeletConfigMemoryManagerArgsDict(TypedDict):
    policy: NotRequired[pulumi.Input[str]]

class ClusterNodeConfigKubeletConfigTopologyManagerArgsDict(TypedDict):
    policy: NotRequired[pulumi.Input[str]]
    scope: NotRequired[pulumi.Input[str]]

class ClusterNodeConfigKubeletConfigArgsDict(TypedDict):
    allowed_unsafe_sysctls: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    container_log_max_files: NotRequired[pulumi.Input[int]]
    container_log_max_size: NotRequired[pulumi.Input[str]]
    cpu_cfs_quota: NotRequired[pulumi.Input[bool]]
    cpu_cfs_quota_period: NotRequired[pulumi.Input[str]]
    cpu_manager_policy: NotRequired[pulumi.Input[str]]
    crash_loop_back_off: NotRequired[pulumi.Input[ClusterNodeConfigKubeletConfigCrashLoopBackOffArgsDict]]
    eviction_max_pod_grace_period_seconds: NotRequired[pulumi.Input[int]]
    eviction_minimum_reclaim: NotRequired[pulumi.Input[ClusterNodeConfigKubeletConfigEvictionMinimumReclaimArgsDict]]
    eviction_soft: NotRequired[pulumi.Input[ClusterNodeConfigKubeletConfigEvictionSoftArgsDict]]
    eviction_soft_grace_period: NotRequired[pulumi.Input[ClusterNodeConfigKubeletConfigEvictionSoftGracePeriodArgsDict]]
    image_gc_high_threshold_percent: NotRequired[pulumi.Input[int]]
    image_gc_low_threshold_percent: NotRequired[pulumi.Input[int]]
    image_maximum_gc_age: NotRequired[pulumi.Input[str]]
    image_minimum_gc_age: NotRequired[pulumi.Input[str]]
    insecure_kubelet_readonly_port_enabled: NotRequired[pulumi.Input[str]]
    max_parallel_image_pulls: NotRequired[pulumi.Input[int]]
    memory_manager: NotRequired[pulumi.Input[ClusterNodeConfigKubeletConfigMemoryManagerArgsDict]]
    pod_pids_limit: NotRequired[pulumi.Input[int]]
    shutdown_grace_period_critical_pods_seconds: NotRequired[pulumi.Input[int]]
    shutdown_grace_period_seconds: NotRequired[pulumi.Input[int]]
    single_process_oom_kill: NotRequired[pulumi.Input[bool]]
    topology_manager: NotRequired[pulumi.Input[ClusterNodeConfigKubeletConfigTopologyManagerArgsDict]]

class ClusterNodeConfigLinuxNodeConfigAccurateTimeConfigArgsDict(TypedDict):
    enable_ptp_kvm_time_sync: NotRequired[pulumi.Input[bool]]

class ClusterNodeConfigLinuxNodeConfigCustomNodeInitInitScriptArgsDict(TypedDict):
    gcp_secret_manager_secret_uri: NotRequired[pulumi.Input[str]]
    gcs_generation: NotRequired[pulumi.Input[int]]
    gcs_uri: NotRequired[pulumi.Input[str]]

class ClusterNodeConfigLinuxNodeConfigCustomNodeInitArgsDict(TypedDict):
    init_script: NotRequired[pulumi.Input[ClusterNodeConfigLinuxNodeConfigCustomNodeInitInitScriptArgsDict]]

class ClusterNodeConfigLinuxNodeConfigHugepagesConfigArgsDict(TypedDict):
    hugepage_size1g: NotRequired[pulumi.Input[int]]
    hugepage_size2m: NotRequired[pulumi.Input[int]]

class ClusterNodeConfigLinuxNodeConfigNodeKernelModuleLoadingArgsDict(TypedDict):
    policy: NotRequired[pulumi.Input[str]]

class ClusterNodeConfigLinuxNodeConfigSwapConfigBootDiskProfileArgsDict(TypedDict):
    swap_size_gib: NotRequired[pulumi.Input[int]]
    swap_size_percent: NotRequired[pulumi.Input[int]]

class ClusterNodeConfigLinuxNodeConfigSwapConfigDedicatedLocalSsdProfileArgsDict(TypedDict):
    disk_count: NotRequired[pulumi.Input[int]]

class ClusterNodeConfigLinuxNodeConfigSwapConfigEncryptionConfigArgsDict(TypedDict):
    disabled: NotRequired[pulumi.Input[bool]]

class ClusterNodeConfigLinuxNodeConfigSwapConfigEphemeralLocalSsdProfileArgsDict(TypedDict):
    swap_size_gib: NotRequired[pulumi.Input[int]]
    swap_size_percent: NotRequired[pulumi.Input[int]]

class ClusterNodeConfigLinuxNodeConfigSwapConfigArgsDict(TypedDict):
    boot_disk_profile: NotRequired[pulumi.Input[ClusterNodeConfigLinuxNodeConfigSwapConfigBootDiskProfileArgsDict]]
    dedicated_local_ssd_profile: NotRequired[pulumi.Input[ClusterNodeConfigLinuxNodeConfigSwapConfigDedicatedLocalSsdProfileArgsDict]]
    enabled: NotRequired[pulumi.Input[bool]]
    encryption_config: NotRequired[pulumi.Input[ClusterNodeConfigLinuxNodeConfigSwapConfigEncryptionConfigArgsDict]]
    ephemeral_local_ssd_profile: NotRequired[pulumi.Input[ClusterNodeConfigLinuxNodeConfigSwapConfigEphemeralLocalSsdProfileArgsDict]]

class ClusterNodeConfigLinuxNodeConfigArgsDict(TypedDict):
    accurate_time_config: NotRequired[pulumi.Input[ClusterNodeConfigLinuxNodeConfigAccurateTimeConfigArgsDict]]
    cgroup_mode: NotRequired[pulumi.Input[str]]
    custom_node_init: NotRequired[pulumi.Input[ClusterNodeConfigLinuxNodeConfigCustomNodeInitArgsDict]]
    hugepages_config: NotRequired[pulumi.Input[ClusterNodeConfigLinuxNodeConfigHugepagesConfigArgsDict]]
    node_kernel_module_loading: NotRequired[pulumi.Input[ClusterNodeConfigLinuxNodeConfigNodeKernelModuleLoadingArgsDict]]
    swap_config: NotRequired[pulumi.Input[ClusterNodeConfigLinuxNodeConfigSwapConfigArgsDict]]
    sysctls: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    transparent_hugepage_defrag: NotRequired[pulumi.Input[str]]
    transparent_hugepage_enabled: NotRequired[pulumi.Input[str]]

class ClusterNodeConfigLocalNvmeSsdBlockConfigArgsDict(TypedDict):
    local_ssd_count: pulumi.Input[int]

class ClusterNodeConfigNodeImageConfigArgsDict(TypedDict):
    image: NotRequired[pulumi.Input[str]]
    image_project: NotRequired[pulumi.Input[str]]

class ClusterNodeConfigReservationAffinityArgsDict(TypedDict):
    consume_reservation_type: pulumi.Input[str]
    key: NotRequired[pulumi.Input[str]]
    values: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]

class ClusterNodeConfigSandboxConfigArgsDict(TypedDict):
    sandbox_type: NotRequired[pulumi.Input[str]]
    type: NotRequired[pulumi.Input[str]]

class ClusterNodeConfigSecondaryBootDiskArgsDict(TypedDict):
    disk_image: pulumi.Input[str]
    mode: NotRequired[pulumi.Input[str]]

class ClusterNodeConfigShieldedInstanceConfigArgsDict(TypedDict):
    enable_integrity_monitoring: NotRequired[pulumi.Input[bool]]
    enable_secure_boot: NotRequired[pulumi.Input[bool]]

class ClusterNodeConfigSoleTenantConfigNodeAffinityArgsDict(TypedDict):
    key: pulumi.Input[str]
    operator: pulumi.Input[str]
    values: pulumi.Input[Sequence[pulumi.Input[str]]]

class ClusterNodeConfigSoleTenantConfigArgsDict(TypedDict):
    node_affinities: pulumi.Input[Sequence[pulumi.Input[ClusterNodeConfigSoleTenantConfigNodeAffinityArgsDict]]]
    min_node_cpus: NotRequired[pulumi.Input[int]]

class ClusterNodeConfigTaintConfigArgsDict(TypedDict):
    architecture_taint_behavior: pulumi.Input[str]

class ClusterNodeConfigTaintArgsDict(TypedDict):
    effect: pulumi.Input[str]
    key: pulumi.Input[str]
    value: pulumi.Input[str]

class ClusterNodeConfigWindowsNodeConfigArgsDict(TypedDict):
    osversion: NotRequired[pulumi.Input[str]]

class ClusterNodeConfigWorkloadMetadataConfigArgsDict(TypedDict):
    mode: pulumi.Input[str]

class ClusterNodeConfigArgsDict(TypedDict):
    advanced_machine_features: NotRequired[pulumi.Input[ClusterNodeConfigAdvancedMachineFeaturesArgsDict]]
    boot_disk: NotRequired[pulumi.Input[ClusterNodeConfigBootDiskArgsDict]]
    boot_disk_kms_key: NotRequired[pulumi.Input[str]]
    confidential_nodes: NotRequired[pulumi.Input[ClusterNodeConfigConfidentialNodesArgsDict]]
    containerd_config: NotRequired[pulumi.Input[ClusterNodeConfigContainerdConfigArgsDict]]
    disk_size_gb: NotRequired[pulumi.Input[int]]
    disk_type: NotRequired[pulumi.Input[str]]
    effective_taints: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodeConfigEffectiveTaintArgsDict]]]]
    enable_confidential_storage: NotRequired[pulumi.Input[bool]]
    ephemeral_storage_config: NotRequired[pulumi.Input[ClusterNodeConfigEphemeralStorageConfigArgsDict]]
    ephemeral_storage_local_ssd_config: NotRequired[pulumi.Input[ClusterNodeConfigEphemeralStorageLocalSsdConfigArgsDict]]
    fast_socket: NotRequired[pulumi.Input[ClusterNodeConfigFastSocketArgsDict]]
    flex_start: NotRequired[pulumi.Input[bool]]
    gcfs_config: NotRequired[pulumi.Input[ClusterNodeConfigGcfsConfigArgsDict]]
    gpudirect_strategy: NotRequired[pulumi.Input[str]]
    guest_accelerators: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodeConfigGuestAcceleratorArgsDict]]]]
    gvnic: NotRequired[pulumi.Input[ClusterNodeConfigGvnicArgsDict]]
    host_maintenance_policy: NotRequired[pulumi.Input[ClusterNodeConfigHostMaintenancePolicyArgsDict]]
    image_type: NotRequired[pulumi.Input[str]]
    kubelet_config: NotRequired[pulumi.Input[ClusterNodeConfigKubeletConfigArgsDict]]
    labels: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    linux_node_config: NotRequired[pulumi.Input[ClusterNodeConfigLinuxNodeConfigArgsDict]]
    local_nvme_ssd_block_config: NotRequired[pulumi.Input[ClusterNodeConfigLocalNvmeSsdBlockConfigArgsDict]]
    local_ssd_count: NotRequired[pulumi.Input[int]]
    local_ssd_encryption_mode: NotRequired[pulumi.Input[str]]
    logging_variant: NotRequired[pulumi.Input[str]]
    machine_type: NotRequired[pulumi.Input[str]]
    max_run_duration: NotRequired[pulumi.Input[str]]
    metadata: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    min_cpu_platform: NotRequired[pulumi.Input[str]]
    node_group: NotRequired[pulumi.Input[str]]
    node_image_configs: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodeConfigNodeImageConfigArgsDict]]]]
    oauth_scopes: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    preemptible: NotRequired[pulumi.Input[bool]]
    reservation_affinity: NotRequired[pulumi.Input[ClusterNodeConfigReservationAffinityArgsDict]]
    resource_labels: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    resource_manager_tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    sandbox_config: NotRequired[pulumi.Input[ClusterNodeConfigSandboxConfigArgsDict]]
    secondary_boot_disks: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodeConfigSecondaryBootDiskArgsDict]]]]
    service_account: NotRequired[pulumi.Input[str]]
    shielded_instance_config: NotRequired[pulumi.Input[ClusterNodeConfigShieldedInstanceConfigArgsDict]]
    sole_tenant_config: NotRequired[pulumi.Input[ClusterNodeConfigSoleTenantConfigArgsDict]]
    spot: NotRequired[pulumi.Input[bool]]
    storage_pools: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    tags: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    taint_config: NotRequired[pulumi.Input[ClusterNodeConfigTaintConfigArgsDict]]
    taints: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodeConfigTaintArgsDict]]]]
    windows_node_config: NotRequired[pulumi.Input[ClusterNodeConfigWindowsNodeConfigArgsDict]]
    workload_metadata_config: NotRequired[pulumi.Input[ClusterNodeConfigWorkloadMetadataConfigArgsDict]]

class ClusterNodeCreationConfigArgsDict(TypedDict):
    node_creation_mode: pulumi.Input[str]

class ClusterNodePoolAutoConfigLinuxNodeConfigNodeKernelModuleLoadingArgsDict(TypedDict):
    policy: NotRequired[pulumi.Input[str]]

class ClusterNodePoolAutoConfigLinuxNodeConfigArgsDict(TypedDict):
    cgroup_mode: NotRequired[pulumi.Input[str]]
    node_kernel_module_loading: NotRequired[pulumi.Input[ClusterNodePoolAutoConfigLinuxNodeConfigNodeKernelModuleLoadingArgsDict]]

class ClusterNodePoolAutoConfigNetworkTagsArgsDict(TypedDict):
    tags: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]

class ClusterNodePoolAutoConfigNodeKubeletConfigArgsDict(TypedDict):
    insecure_kubelet_readonly_port_enabled: NotRequired[pulumi.Input[str]]

class ClusterNodePoolAutoConfigArgsDict(TypedDict):
    linux_node_config: NotRequired[pulumi.Input[ClusterNodePoolAutoConfigLinuxNodeConfigArgsDict]]
    network_tags: NotRequired[pulumi.Input[ClusterNodePoolAutoConfigNetworkTagsArgsDict]]
    node_kubelet_config: NotRequired[pulumi.Input[ClusterNodePoolAutoConfigNodeKubeletConfigArgsDict]]
    resource_manager_tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]

class ClusterNodePoolDefaultsNodeConfigDefaultsContainerdConfigPrivateRegistryAccessConfigCertificateAuthorityDomainConfigGcpSecretManagerCertificateConfigArgsDict(TypedDict):
    secret_uri: pulumi.Input[str]

class ClusterNodePoolDefaultsNodeConfigDefaultsContainerdConfigPrivateRegistryAccessConfigCertificateAuthorityDomainConfigArgsDict(TypedDict):
    fqdns: pulumi.Input[Sequence[pulumi.Input[str]]]
    gcp_secret_manager_certificate_config: pulumi.Input[ClusterNodePoolDefaultsNodeConfigDefaultsContainerdConfigPrivateRegistryAccessConfigCertificateAuthorityDomainConfigGcpSecretManagerCertificateConfigArgsDict]

class ClusterNodePoolDefaultsNodeConfigDefaultsContainerdConfigPrivateRegistryAccessConfigArgsDict(TypedDict):
    enabled: pulumi.Input[bool]
    certificate_authority_domain_configs: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodePoolDefaultsNodeConfigDefaultsContainerdConfigPrivateRegistryAccessConfigCertificateAuthorityDomainConfigArgsDict]]]]

class ClusterNodePoolDefaultsNodeConfigDefaultsContainerdConfigRegistryHostHostCaArgsDict(TypedDict):
    gcp_secret_manager_secret_uri: NotRequired[pulumi.Input[str]]

class ClusterNodePoolDefaultsNodeConfigDefaultsContainerdConfigRegistryHostHostClientCertArgsDict(TypedDict):
    gcp_secret_manager_secret_uri: NotRequired[pulumi.Input[str]]

class ClusterNodePoolDefaultsNodeConfigDefaultsContainerdConfigRegistryHostHostClientKeyArgsDict(TypedDict):
    gcp_secret_manager_secret_uri: NotRequired[pulumi.Input[str]]

class ClusterNodePoolDefaultsNodeConfigDefaultsContainerdConfigRegistryHostHostClientArgsDict(TypedDict):
    cert: pulumi.Input[ClusterNodePoolDefaultsNodeConfigDefaultsContainerdConfigRegistryHostHostClientCertArgsDict]
    key: NotRequired[pulumi.Input[ClusterNodePoolDefaultsNodeConfigDefaultsContainerdConfigRegistryHostHostClientKeyArgsDict]]

class ClusterNodePoolDefaultsNodeConfigDefaultsContainerdConfigRegistryHostHostHeaderArgsDict(TypedDict):
    key: pulumi.Input[str]
    values: pulumi.Input[Sequence[pulumi.Input[str]]]

class ClusterNodePoolDefaultsNodeConfigDefaultsContainerdConfigRegistryHostHostArgsDict(TypedDict):
    host: pulumi.Input[str]
    capabilities: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    cas: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodePoolDefaultsNodeConfigDefaultsContainerdConfigRegistryHostHostCaArgsDict]]]]
    clients: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodePoolDefaultsNodeConfigDefaultsContainerdConfigRegistryHostHostClientArgsDict]]]]
    dial_timeout: NotRequired[pulumi.Input[str]]
    headers: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodePoolDefaultsNodeConfigDefaultsContainerdConfigRegistryHostHostHeaderArgsDict]]]]
    override_path: NotRequired[pulumi.Input[bool]]

class ClusterNodePoolDefaultsNodeConfigDefaultsContainerdConfigRegistryHostArgsDict(TypedDict):
    server: pulumi.Input[str]
    hosts: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodePoolDefaultsNodeConfigDefaultsContainerdConfigRegistryHostHostArgsDict]]]]

class ClusterNodePoolDefaultsNodeConfigDefaultsContainerdConfigWritableCgroupsArgsDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterNodePoolDefaultsNodeConfigDefaultsContainerdConfigArgsDict(TypedDict):
    private_registry_access_config: NotRequired[pulumi.Input[ClusterNodePoolDefaultsNodeConfigDefaultsContainerdConfigPrivateRegistryAccessConfigArgsDict]]
    registry_hosts: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodePoolDefaultsNodeConfigDefaultsContainerdConfigRegistryHostArgsDict]]]]
    writable_cgroups: NotRequired[pulumi.Input[ClusterNodePoolDefaultsNodeConfigDefaultsContainerdConfigWritableCgroupsArgsDict]]

class ClusterNodePoolDefaultsNodeConfigDefaultsGcfsConfigArgsDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterNodePoolDefaultsNodeConfigDefaultsArgsDict(TypedDict):
    containerd_config: NotRequired[pulumi.Input[ClusterNodePoolDefaultsNodeConfigDefaultsContainerdConfigArgsDict]]
    gcfs_config: NotRequired[pulumi.Input[ClusterNodePoolDefaultsNodeConfigDefaultsGcfsConfigArgsDict]]
    insecure_kubelet_readonly_port_enabled: NotRequired[pulumi.Input[str]]
    logging_variant: NotRequired[pulumi.Input[str]]

class ClusterNodePoolDefaultsArgsDict(TypedDict):
    node_config_defaults: NotRequired[pulumi.Input[ClusterNodePoolDefaultsNodeConfigDefaultsArgsDict]]

class ClusterNodePoolAutoscalingArgsDict(TypedDict):
    location_policy: NotRequired[pulumi.Input[str]]
    max_node_count: NotRequired[pulumi.Input[int]]
    min_node_count: NotRequired[pulumi.Input[int]]
    total_max_node_count: NotRequired[pulumi.Input[int]]
    total_min_node_count: NotRequired[pulumi.Input[int]]

class ClusterNodePoolBestEffortProvisioningArgsDict(TypedDict):
    enabled: pulumi.Input[bool]
    min_provision_nodes: NotRequired[pulumi.Input[int]]

class ClusterNodePoolMaintenancePolicyExclusionUntilEndOfSupportArgsDict(TypedDict):
    enabled: NotRequired[pulumi.Input[bool]]
    end_time: NotRequired[pulumi.Input[str]]
    start_time: NotRequired[pulumi.Input[str]]

class ClusterNodePoolMaintenancePolicyArgsDict(TypedDict):
    exclusion_until_end_of_supports: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodePoolMaintenancePolicyExclusionUntilEndOfSupportArgsDict]]]]

class ClusterNodePoolManagementArgsDict(TypedDict):
    auto_repair: NotRequired[pulumi.Input[bool]]
    auto_upgrade: NotRequired[pulumi.Input[bool]]

class ClusterNodePoolNetworkConfigAdditionalNodeNetworkConfigArgsDict(TypedDict):
    network: NotRequired[pulumi.Input[str]]
    stack_type: NotRequired[pulumi.Input[str]]
    subnetwork: NotRequired[pulumi.Input[str]]

class ClusterNodePoolNetworkConfigAdditionalPodNetworkConfigArgsDict(TypedDict):
    max_pods_per_node: NotRequired[pulumi.Input[int]]
    secondary_pod_range: NotRequired[pulumi.Input[str]]
    subnetwork: NotRequired[pulumi.Input[str]]

class ClusterNodePoolNetworkConfigNetworkPerformanceConfigArgsDict(TypedDict):
    total_egress_bandwidth_tier: pulumi.Input[str]

class ClusterNodePoolNetworkConfigPodCidrOverprovisionConfigArgsDict(TypedDict):
    disabled: pulumi.Input[bool]

class ClusterNodePoolNetworkConfigArgsDict(TypedDict):
    accelerator_network_profile: NotRequired[pulumi.Input[str]]
    additional_node_network_configs: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodePoolNetworkConfigAdditionalNodeNetworkConfigArgsDict]]]]
    additional_pod_network_configs: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodePoolNetworkConfigAdditionalPodNetworkConfigArgsDict]]]]
    create_pod_range: NotRequired[pulumi.Input[bool]]
    enable_private_nodes: NotRequired[pulumi.Input[bool]]
    network_performance_config: NotRequired[pulumi.Input[ClusterNodePoolNetworkConfigNetworkPerformanceConfigArgsDict]]
    pod_cidr_overprovision_config: NotRequired[pulumi.Input[ClusterNodePoolNetworkConfigPodCidrOverprovisionConfigArgsDict]]
    pod_ipv4_cidr_block: NotRequired[pulumi.Input[str]]
    pod_range: NotRequired[pulumi.Input[str]]
    subnetwork: NotRequired[pulumi.Input[str]]

class ClusterNodePoolNodeConfigAdvancedMachineFeaturesArgsDict(TypedDict):
    threads_per_core: pulumi.Input[int]
    enable_nested_virtualization: NotRequired[pulumi.Input[bool]]
    performance_monitoring_unit: NotRequired[pulumi.Input[str]]

class ClusterNodePoolNodeConfigBootDiskArgsDict(TypedDict):
    disk_type: NotRequired[pulumi.Input[str]]
    provisioned_iops: NotRequired[pulumi.Input[int]]
    provisioned_throughput: NotRequired[pulumi.Input[int]]
    size_gb: NotRequired[pulumi.Input[int]]

class ClusterNodePoolNodeConfigConfidentialNodesArgsDict(TypedDict):
    enabled: pulumi.Input[bool]
    confidential_instance_type: NotRequired[pulumi.Input[str]]

class ClusterNodePoolNodeConfigContainerdConfigPrivateRegistryAccessConfigCertificateAuthorityDomainConfigGcpSecretManagerCertificateConfigArgsDict(TypedDict):
    secret_uri: pulumi.Input[str]

class ClusterNodePoolNodeConfigContainerdConfigPrivateRegistryAccessConfigCertificateAuthorityDomainConfigArgsDict(TypedDict):
    fqdns: pulumi.Input[Sequence[pulumi.Input[str]]]
    gcp_secret_manager_certificate_config: pulumi.Input[ClusterNodePoolNodeConfigContainerdConfigPrivateRegistryAccessConfigCertificateAuthorityDomainConfigGcpSecretManagerCertificateConfigArgsDict]

class ClusterNodePoolNodeConfigContainerdConfigPrivateRegistryAccessConfigArgsDict(TypedDict):
    enabled: pulumi.Input[bool]
    certificate_authority_domain_configs: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodePoolNodeConfigContainerdConfigPrivateRegistryAccessConfigCertificateAuthorityDomainConfigArgsDict]]]]

class ClusterNodePoolNodeConfigContainerdConfigRegistryHostHostCaArgsDict(TypedDict):
    gcp_secret_manager_secret_uri: NotRequired[pulumi.Input[str]]

class ClusterNodePoolNodeConfigContainerdConfigRegistryHostHostClientCertArgsDict(TypedDict):
    gcp_secret_manager_secret_uri: NotRequired[pulumi.Input[str]]

class ClusterNodePoolNodeConfigContainerdConfigRegistryHostHostClientKeyArgsDict(TypedDict):
    gcp_secret_manager_secret_uri: NotRequired[pulumi.Input[str]]

class ClusterNodePoolNodeConfigContainerdConfigRegistryHostHostClientArgsDict(TypedDict):
    cert: pulumi.Input[ClusterNodePoolNodeConfigContainerdConfigRegistryHostHostClientCertArgsDict]
    key: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigContainerdConfigRegistryHostHostClientKeyArgsDict]]

class ClusterNodePoolNodeConfigContainerdConfigRegistryHostHostHeaderArgsDict(TypedDict):
    key: pulumi.Input[str]
    values: pulumi.Input[Sequence[pulumi.Input[str]]]

class ClusterNodePoolNodeConfigContainerdConfigRegistryHostHostArgsDict(TypedDict):
    host: pulumi.Input[str]
    capabilities: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    cas: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodePoolNodeConfigContainerdConfigRegistryHostHostCaArgsDict]]]]
    clients: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodePoolNodeConfigContainerdConfigRegistryHostHostClientArgsDict]]]]
    dial_timeout: NotRequired[pulumi.Input[str]]
    headers: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodePoolNodeConfigContainerdConfigRegistryHostHostHeaderArgsDict]]]]
    override_path: NotRequired[pulumi.Input[bool]]

class ClusterNodePoolNodeConfigContainerdConfigRegistryHostArgsDict(TypedDict):
    server: pulumi.Input[str]
    hosts: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodePoolNodeConfigContainerdConfigRegistryHostHostArgsDict]]]]

class ClusterNodePoolNodeConfigContainerdConfigWritableCgroupsArgsDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterNodePoolNodeConfigContainerdConfigArgsDict(TypedDict):
    private_registry_access_config: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigContainerdConfigPrivateRegistryAccessConfigArgsDict]]
    registry_hosts: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodePoolNodeConfigContainerdConfigRegistryHostArgsDict]]]]
    writable_cgroups: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigContainerdConfigWritableCgroupsArgsDict]]

class ClusterNodePoolNodeConfigEffectiveTaintArgsDict(TypedDict):
    effect: NotRequired[pulumi.Input[str]]
    key: NotRequired[pulumi.Input[str]]
    value: NotRequired[pulumi.Input[str]]

class ClusterNodePoolNodeConfigEphemeralStorageConfigArgsDict(TypedDict):
    local_ssd_count: pulumi.Input[int]

class ClusterNodePoolNodeConfigEphemeralStorageLocalSsdConfigArgsDict(TypedDict):
    local_ssd_count: pulumi.Input[int]
    data_cache_count: NotRequired[pulumi.Input[int]]

class ClusterNodePoolNodeConfigFastSocketArgsDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterNodePoolNodeConfigGcfsConfigArgsDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterNodePoolNodeConfigGuestAcceleratorGpuDriverInstallationConfigArgsDict(TypedDict):
    gpu_driver_version: pulumi.Input[str]

class ClusterNodePoolNodeConfigGuestAcceleratorGpuSharingConfigArgsDict(TypedDict):
    gpu_sharing_strategy: pulumi.Input[str]
    max_shared_clients_per_gpu: pulumi.Input[int]

class ClusterNodePoolNodeConfigGuestAcceleratorArgsDict(TypedDict):
    count: pulumi.Input[int]
    type: pulumi.Input[str]
    gpu_driver_installation_config: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigGuestAcceleratorGpuDriverInstallationConfigArgsDict]]
    gpu_partition_size: NotRequired[pulumi.Input[str]]
    gpu_sharing_config: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigGuestAcceleratorGpuSharingConfigArgsDict]]

class ClusterNodePoolNodeConfigGvnicArgsDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterNodePoolNodeConfigHostMaintenancePolicyOpportunisticMaintenanceStrategyArgsDict(TypedDict):
    maintenance_availability_window: pulumi.Input[str]
    min_nodes_per_pool: pulumi.Input[int]
    node_idle_time_window: pulumi.Input[str]

class ClusterNodePoolNodeConfigHostMaintenancePolicyArgsDict(TypedDict):
    maintenance_interval: pulumi.Input[str]
    opportunistic_maintenance_strategy: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigHostMaintenancePolicyOpportunisticMaintenanceStrategyArgsDict]]

class ClusterNodePoolNodeConfigKubeletConfigCrashLoopBackOffArgsDict(TypedDict):
    max_container_restart_period: NotRequired[pulumi.Input[str]]

class ClusterNodePoolNodeConfigKubeletConfigEvictionMinimumReclaimArgsDict(TypedDict):
    imagefs_available: NotRequired[pulumi.Input[str]]
    imagefs_inodes_free: NotRequired[pulumi.Input[str]]
    memory_available: NotRequired[pulumi.Input[str]]
    nodefs_available: NotRequired[pulumi.Input[str]]
    nodefs_inodes_free: NotRequired[pulumi.Input[str]]
    pid_available: NotRequired[pulumi.Input[str]]

class ClusterNodePoolNodeConfigKubeletConfigEvictionSoftArgsDict(TypedDict):
    imagefs_available: NotRequired[pulumi.Input[str]]
    imagefs_inodes_free: NotRequired[pulumi.Input[str]]
    memory_available: NotRequired[pulumi.Input[str]]
    nodefs_available: NotRequired[pulumi.Input[str]]
    nodefs_inodes_free: NotRequired[pulumi.Input[str]]
    pid_available: NotRequired[pulumi.Input[str]]

class ClusterNodePoolNodeConfigKubeletConfigEvictionSoftGracePeriodArgsDict(TypedDict):
    imagefs_available: NotRequired[pulumi.Input[str]]
    imagefs_inodes_free: NotRequired[pulumi.Input[str]]
    memory_available: NotRequired[pulumi.Input[str]]
    nodefs_available: NotRequired[pulumi.Input[str]]
    nodefs_inodes_free: NotRequired[pulumi.Input[str]]
    pid_available: NotRequired[pulumi.Input[str]]

class ClusterNodePoolNodeConfigKubeletConfigMemoryManagerArgsDict(TypedDict):
    policy: NotRequired[pulumi.Input[str]]

class ClusterNodePoolNodeConfigKubeletConfigTopologyManagerArgsDict(TypedDict):
    policy: NotRequired[pulumi.Input[str]]
    scope: NotRequired[pulumi.Input[str]]

class ClusterNodePoolNodeConfigKubeletConfigArgsDict(TypedDict):
    allowed_unsafe_sysctls: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    container_log_max_files: NotRequired[pulumi.Input[int]]
    container_log_max_size: NotRequired[pulumi.Input[str]]
    cpu_cfs_quota: NotRequired[pulumi.Input[bool]]
    cpu_cfs_quota_period: NotRequired[pulumi.Input[str]]
    cpu_manager_policy: NotRequired[pulumi.Input[str]]
    crash_loop_back_off: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigKubeletConfigCrashLoopBackOffArgsDict]]
    eviction_max_pod_grace_period_seconds: NotRequired[pulumi.Input[int]]
    eviction_minimum_reclaim: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigKubeletConfigEvictionMinimumReclaimArgsDict]]
    eviction_soft: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigKubeletConfigEvictionSoftArgsDict]]
    eviction_soft_grace_period: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigKubeletConfigEvictionSoftGracePeriodArgsDict]]
    image_gc_high_threshold_percent: NotRequired[pulumi.Input[int]]
    image_gc_low_threshold_percent: NotRequired[pulumi.Input[int]]
    image_maximum_gc_age: NotRequired[pulumi.Input[str]]
    image_minimum_gc_age: NotRequired[pulumi.Input[str]]
    insecure_kubelet_readonly_port_enabled: NotRequired[pulumi.Input[str]]
    max_parallel_image_pulls: NotRequired[pulumi.Input[int]]
    memory_manager: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigKubeletConfigMemoryManagerArgsDict]]
    pod_pids_limit: NotRequired[pulumi.Input[int]]
    shutdown_grace_period_critical_pods_seconds: NotRequired[pulumi.Input[int]]
    shutdown_grace_period_seconds: NotRequired[pulumi.Input[int]]
    single_process_oom_kill: NotRequired[pulumi.Input[bool]]
    topology_manager: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigKubeletConfigTopologyManagerArgsDict]]

class ClusterNodePoolNodeConfigLinuxNodeConfigAccurateTimeConfigArgsDict(TypedDict):
    enable_ptp_kvm_time_sync: NotRequired[pulumi.Input[bool]]

class ClusterNodePoolNodeConfigLinuxNodeConfigCustomNodeInitInitScriptArgsDict(TypedDict):
    gcp_secret_manager_secret_uri: NotRequired[pulumi.Input[str]]
    gcs_generation: NotRequired[pulumi.Input[int]]
    gcs_uri: NotRequired[pulumi.Input[str]]

class ClusterNodePoolNodeConfigLinuxNodeConfigCustomNodeInitArgsDict(TypedDict):
    init_script: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigLinuxNodeConfigCustomNodeInitInitScriptArgsDict]]

class ClusterNodePoolNodeConfigLinuxNodeConfigHugepagesConfigArgsDict(TypedDict):
    hugepage_size1g: NotRequired[pulumi.Input[int]]
    hugepage_size2m: NotRequired[pulumi.Input[int]]

class ClusterNodePoolNodeConfigLinuxNodeConfigNodeKernelModuleLoadingArgsDict(TypedDict):
    policy: NotRequired[pulumi.Input[str]]

class ClusterNodePoolNodeConfigLinuxNodeConfigSwapConfigBootDiskProfileArgsDict(TypedDict):
    swap_size_gib: NotRequired[pulumi.Input[int]]
    swap_size_percent: NotRequired[pulumi.Input[int]]

class ClusterNodePoolNodeConfigLinuxNodeConfigSwapConfigDedicatedLocalSsdProfileArgsDict(TypedDict):
    disk_count: NotRequired[pulumi.Input[int]]

class ClusterNodePoolNodeConfigLinuxNodeConfigSwapConfigEncryptionConfigArgsDict(TypedDict):
    disabled: NotRequired[pulumi.Input[bool]]

class ClusterNodePoolNodeConfigLinuxNodeConfigSwapConfigEphemeralLocalSsdProfileArgsDict(TypedDict):
    swap_size_gib: NotRequired[pulumi.Input[int]]
    swap_size_percent: NotRequired[pulumi.Input[int]]

class ClusterNodePoolNodeConfigLinuxNodeConfigSwapConfigArgsDict(TypedDict):
    boot_disk_profile: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigLinuxNodeConfigSwapConfigBootDiskProfileArgsDict]]
    dedicated_local_ssd_profile: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigLinuxNodeConfigSwapConfigDedicatedLocalSsdProfileArgsDict]]
    enabled: NotRequired[pulumi.Input[bool]]
    encryption_config: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigLinuxNodeConfigSwapConfigEncryptionConfigArgsDict]]
    ephemeral_local_ssd_profile: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigLinuxNodeConfigSwapConfigEphemeralLocalSsdProfileArgsDict]]

class ClusterNodePoolNodeConfigLinuxNodeConfigArgsDict(TypedDict):
    accurate_time_config: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigLinuxNodeConfigAccurateTimeConfigArgsDict]]
    cgroup_mode: NotRequired[pulumi.Input[str]]
    custom_node_init: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigLinuxNodeConfigCustomNodeInitArgsDict]]
    hugepages_config: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigLinuxNodeConfigHugepagesConfigArgsDict]]
    node_kernel_module_loading: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigLinuxNodeConfigNodeKernelModuleLoadingArgsDict]]
    swap_config: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigLinuxNodeConfigSwapConfigArgsDict]]
    sysctls: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    transparent_hugepage_defrag: NotRequired[pulumi.Input[str]]
    transparent_hugepage_enabled: NotRequired[pulumi.Input[str]]

class ClusterNodePoolNodeConfigLocalNvmeSsdBlockConfigArgsDict(TypedDict):
    local_ssd_count: pulumi.Input[int]

class ClusterNodePoolNodeConfigNodeImageConfigArgsDict(TypedDict):
    image: NotRequired[pulumi.Input[str]]
    image_project: NotRequired[pulumi.Input[str]]

class ClusterNodePoolNodeConfigReservationAffinityArgsDict(TypedDict):
    consume_reservation_type: pulumi.Input[str]
    key: NotRequired[pulumi.Input[str]]
    values: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]

class ClusterNodePoolNodeConfigSandboxConfigArgsDict(TypedDict):
    sandbox_type: NotRequired[pulumi.Input[str]]
    type: NotRequired[pulumi.Input[str]]

class ClusterNodePoolNodeConfigSecondaryBootDiskArgsDict(TypedDict):
    disk_image: pulumi.Input[str]
    mode: NotRequired[pulumi.Input[str]]

class ClusterNodePoolNodeConfigShieldedInstanceConfigArgsDict(TypedDict):
    enable_integrity_monitoring: NotRequired[pulumi.Input[bool]]
    enable_secure_boot: NotRequired[pulumi.Input[bool]]

class ClusterNodePoolNodeConfigSoleTenantConfigNodeAffinityArgsDict(TypedDict):
    key: pulumi.Input[str]
    operator: pulumi.Input[str]
    values: pulumi.Input[Sequence[pulumi.Input[str]]]

class ClusterNodePoolNodeConfigSoleTenantConfigArgsDict(TypedDict):
    node_affinities: pulumi.Input[Sequence[pulumi.Input[ClusterNodePoolNodeConfigSoleTenantConfigNodeAffinityArgsDict]]]
    min_node_cpus: NotRequired[pulumi.Input[int]]

class ClusterNodePoolNodeConfigTaintConfigArgsDict(TypedDict):
    architecture_taint_behavior: pulumi.Input[str]

class ClusterNodePoolNodeConfigTaintArgsDict(TypedDict):
    effect: pulumi.Input[str]
    key: pulumi.Input[str]
    value: pulumi.Input[str]

class ClusterNodePoolNodeConfigWindowsNodeConfigArgsDict(TypedDict):
    osversion: NotRequired[pulumi.Input[str]]

class ClusterNodePoolNodeConfigWorkloadMetadataConfigArgsDict(TypedDict):
    mode: pulumi.Input[str]

class ClusterNodePoolNodeConfigArgsDict(TypedDict):
    advanced_machine_features: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigAdvancedMachineFeaturesArgsDict]]
    boot_disk: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigBootDiskArgsDict]]
    boot_disk_kms_key: NotRequired[pulumi.Input[str]]
    confidential_nodes: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigConfidentialNodesArgsDict]]
    containerd_config: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigContainerdConfigArgsDict]]
    disk_size_gb: NotRequired[pulumi.Input[int]]
    disk_type: NotRequired[pulumi.Input[str]]
    effective_taints: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodePoolNodeConfigEffectiveTaintArgsDict]]]]
    enable_confidential_storage: NotRequired[pulumi.Input[bool]]
    ephemeral_storage_config: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigEphemeralStorageConfigArgsDict]]
    ephemeral_storage_local_ssd_config: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigEphemeralStorageLocalSsdConfigArgsDict]]
    fast_socket: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigFastSocketArgsDict]]
    flex_start: NotRequired[pulumi.Input[bool]]
    gcfs_config: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigGcfsConfigArgsDict]]
    gpudirect_strategy: NotRequired[pulumi.Input[str]]
    guest_accelerators: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodePoolNodeConfigGuestAcceleratorArgsDict]]]]
    gvnic: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigGvnicArgsDict]]
    host_maintenance_policy: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigHostMaintenancePolicyArgsDict]]
    image_type: NotRequired[pulumi.Input[str]]
    kubelet_config: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigKubeletConfigArgsDict]]
    labels: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    linux_node_config: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigLinuxNodeConfigArgsDict]]
    local_nvme_ssd_block_config: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigLocalNvmeSsdBlockConfigArgsDict]]
    local_ssd_count: NotRequired[pulumi.Input[int]]
    local_ssd_encryption_mode: NotRequired[pulumi.Input[str]]
    logging_variant: NotRequired[pulumi.Input[str]]
    machine_type: NotRequired[pulumi.Input[str]]
    max_run_duration: NotRequired[pulumi.Input[str]]
    metadata: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    min_cpu_platform: NotRequired[pulumi.Input[str]]
    node_group: NotRequired[pulumi.Input[str]]
    node_image_configs: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodePoolNodeConfigNodeImageConfigArgsDict]]]]
    oauth_scopes: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    preemptible: NotRequired[pulumi.Input[bool]]
    reservation_affinity: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigReservationAffinityArgsDict]]
    resource_labels: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    resource_manager_tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    sandbox_config: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigSandboxConfigArgsDict]]
    secondary_boot_disks: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodePoolNodeConfigSecondaryBootDiskArgsDict]]]]
    service_account: NotRequired[pulumi.Input[str]]
    shielded_instance_config: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigShieldedInstanceConfigArgsDict]]
    sole_tenant_config: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigSoleTenantConfigArgsDict]]
    spot: NotRequired[pulumi.Input[bool]]
    storage_pools: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    tags: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    taint_config: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigTaintConfigArgsDict]]
    taints: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodePoolNodeConfigTaintArgsDict]]]]
    windows_node_config: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigWindowsNodeConfigArgsDict]]
    workload_metadata_config: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigWorkloadMetadataConfigArgsDict]]

class ClusterNodePoolNodeDrainConfigArgsDict(TypedDict):
    grace_termination_duration: NotRequired[pulumi.Input[str]]
    pdb_timeout_duration: NotRequired[pulumi.Input[str]]
    respect_pdb_during_node_pool_deletion: NotRequired[pulumi.Input[bool]]

class ClusterNodePoolPlacementPolicyArgsDict(TypedDict):
    type: pulumi.Input[str]
    policy_name: NotRequired[pulumi.Input[str]]
    tpu_topology: NotRequired[pulumi.Input[str]]

class ClusterNodePoolQueuedProvisioningArgsDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterNodePoolUpgradeSettingsBlueGreenSettingsAutoscaledRolloutPolicyArgsDict(TypedDict):
    wait_for_drain_duration: NotRequired[pulumi.Input[str]]

class ClusterNodePoolUpgradeSettingsBlueGreenSettingsStandardRolloutPolicyArgsDict(TypedDict):
    batch_node_count: NotRequired[pulumi.Input[int]]
    batch_percentage: NotRequired[pulumi.Input[float]]
    batch_soak_duration: NotRequired[pulumi.Input[str]]

class ClusterNodePoolUpgradeSettingsBlueGreenSettingsArgsDict(TypedDict):
    autoscaled_rollout_policy: NotRequired[pulumi.Input[ClusterNodePoolUpgradeSettingsBlueGreenSettingsAutoscaledRolloutPolicyArgsDict]]
    node_pool_soak_duration: NotRequired[pulumi.Input[str]]
    standard_rollout_policy: NotRequired[pulumi.Input[ClusterNodePoolUpgradeSettingsBlueGreenSettingsStandardRolloutPolicyArgsDict]]

class ClusterNodePoolUpgradeSettingsArgsDict(TypedDict):
    blue_green_settings: NotRequired[pulumi.Input[ClusterNodePoolUpgradeSettingsBlueGreenSettingsArgsDict]]
    max_surge: NotRequired[pulumi.Input[int]]
    max_unavailable: NotRequired[pulumi.Input[int]]
    strategy: NotRequired[pulumi.Input[str]]

class ClusterNodePoolArgsDict(TypedDict):
    autoscaling: NotRequired[pulumi.Input[ClusterNodePoolAutoscalingArgsDict]]
    best_effort_provisioning: NotRequired[pulumi.Input[ClusterNodePoolBestEffortProvisioningArgsDict]]
    ignore_node_count_changes: NotRequired[pulumi.Input[bool]]
    initial_node_count: NotRequired[pulumi.Input[int]]
    instance_group_urls: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    maintenance_policies: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodePoolMaintenancePolicyArgsDict]]]]
    managed_instance_group_urls: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    management: NotRequired[pulumi.Input[ClusterNodePoolManagementArgsDict]]
    max_pods_per_node: NotRequired[pulumi.Input[int]]
    name: NotRequired[pulumi.Input[str]]
    name_prefix: NotRequired[pulumi.Input[str]]
    network_config: NotRequired[pulumi.Input[ClusterNodePoolNetworkConfigArgsDict]]
    node_config: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigArgsDict]]
    node_count: NotRequired[pulumi.Input[int]]
    node_drain_configs: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodePoolNodeDrainConfigArgsDict]]]]
    node_locations: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    placement_policy: NotRequired[pulumi.Input[ClusterNodePoolPlacementPolicyArgsDict]]
    queued_provisioning: NotRequired[pulumi.Input[ClusterNodePoolQueuedProvisioningArgsDict]]
    upgrade_settings: NotRequired[pulumi.Input[ClusterNodePoolUpgradeSettingsArgsDict]]
    version: NotRequired[pulumi.Input[str]]

class ClusterNotificationConfigPubsubFilterArgsDict(TypedDict):
    event_types: pulumi.Input[Sequence[pulumi.Input[str]]]

class ClusterNotificationConfigPubsubArgsDict(TypedDict):
    enabled: pulumi.Input[bool]
    filter: NotRequired[pulumi.Input[ClusterNotificationConfigPubsubFilterArgsDict]]
    topic: NotRequired[pulumi.Input[str]]

class ClusterNotificationConfigArgsDict(TypedDict):
    pubsub: pulumi.Input[ClusterNotificationConfigPubsubArgsDict]

class ClusterPodAutoscalingArgsDict(TypedDict):
    hpa_profile: pulumi.Input[str]

class ClusterPodSecurityPolicyConfigArgsDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterPrivateClusterConfigMasterGlobalAccessConfigArgsDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterPrivateClusterConfigArgsDict(TypedDict):
    enable_private_endpoint: NotRequired[pulumi.Input[bool]]
    enable_private_nodes: NotRequired[pulumi.Input[bool]]
    master_global_access_config: NotRequired[pulumi.Input[ClusterPrivateClusterConfigMasterGlobalAccessConfigArgsDict]]
    master_ipv4_cidr_block: NotRequired[pulumi.Input[str]]
    peering_name: NotRequired[pulumi.Input[str]]
    private_endpoint: NotRequired[pulumi.Input[str]]
    private_endpoint_subnetwork: NotRequired[pulumi.Input[str]]
    public_endpoint: NotRequired[pulumi.Input[str]]

class ClusterProtectConfigWorkloadConfigArgsDict(TypedDict):
    audit_mode: pulumi.Input[str]

class ClusterProtectConfigArgsDict(TypedDict):
    workload_config: NotRequired[pulumi.Input[ClusterProtectConfigWorkloadConfigArgsDict]]
    workload_vulnerability_mode: NotRequired[pulumi.Input[str]]

class ClusterRbacBindingConfigArgsDict(TypedDict):
    enable_insecure_binding_system_authenticated: NotRequired[pulumi.Input[bool]]
    enable_insecure_binding_system_unauthenticated: NotRequired[pulumi.Input[bool]]

class ClusterReleaseChannelArgsDict(TypedDict):
    channel: pulumi.Input[str]

class ClusterResourceUsageExportConfigBigqueryDestinationArgsDict(TypedDict):
    dataset_id: pulumi.Input[str]

class ClusterResourceUsageExportConfigArgsDict(TypedDict):
    bigquery_destination: pulumi.Input[ClusterResourceUsageExportConfigBigqueryDestinationArgsDict]
    enable_network_egress_metering: NotRequired[pulumi.Input[bool]]
    enable_resource_consumption_metering: NotRequired[pulumi.Input[bool]]

class ClusterRollbackSafeUpgradeArgsDict(TypedDict):
    control_plane_soak_duration: NotRequired[pulumi.Input[str]]

class ClusterSecretManagerConfigRotationConfigArgsDict(TypedDict):
    enabled: pulumi.Input[bool]
    rotation_interval: NotRequired[pulumi.Input[str]]

class ClusterSecretManagerConfigArgsDict(TypedDict):
    enabled: pulumi.Input[bool]
    rotation_config: NotRequired[pulumi.Input[ClusterSecretManagerConfigRotationConfigArgsDict]]

class ClusterSecretSyncConfigRotationConfigArgsDict(TypedDict):
    enabled: pulumi.Input[bool]
    rotation_interval: NotRequired[pulumi.Input[str]]

class ClusterSecretSyncConfigArgsDict(TypedDict):
    enabled: pulumi.Input[bool]
    rotation_config: NotRequired[pulumi.Input[ClusterSecretSyncConfigRotationConfigArgsDict]]

class ClusterSecurityPostureConfigArgsDict(TypedDict):
    mode: NotRequired[pulumi.Input[str]]
    vulnerability_mode: NotRequired[pulumi.Input[str]]

class ClusterServiceExternalIpsConfigArgsDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterTpuConfigArgsDict(TypedDict):
    enabled: pulumi.Input[bool]
    ipv4_cidr_block: NotRequired[pulumi.Input[str]]
    use_service_networking: NotRequired[pulumi.Input[bool]]

class ClusterUserManagedKeysConfigArgsDict(TypedDict):
    aggregation_ca: NotRequired[pulumi.Input[str]]
    cluster_ca: NotRequired[pulumi.Input[str]]
    control_plane_disk_encryption_key: NotRequired[pulumi.Input[str]]
    control_plane_disk_encryption_key_versions: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    etcd_api_ca: NotRequired[pulumi.Input[str]]
    etcd_peer_ca: NotRequired[pulumi.Input[str]]
    gkeops_etcd_backup_encryption_key: NotRequired[pulumi.Input[str]]
    service_account_signing_keys: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    service_account_verification_keys: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]

class ClusterVerticalPodAutoscalingArgsDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterWorkloadAltsConfigArgsDict(TypedDict):
    enable_alts: pulumi.Input[bool]

class ClusterWorkloadIdentityConfigArgsDict(TypedDict):
    workload_pool: NotRequired[pulumi.Input[str]]

class Cluster(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        addons_config: pulumi.Input[ClusterAddonsConfigArgsDict] | None = None,
        allow_net_admin: pulumi.Input[bool] | None = None,
        anonymous_authentication_config: pulumi.Input[ClusterAnonymousAuthenticationConfigArgsDict] | None = None,
        authenticator_groups_config: pulumi.Input[ClusterAuthenticatorGroupsConfigArgsDict] | None = None,
        autopilot_cluster_policy_config: pulumi.Input[ClusterAutopilotClusterPolicyConfigArgsDict] | None = None,
        autopilot_privileged_admissions: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        binary_authorization: pulumi.Input[ClusterBinaryAuthorizationArgsDict] | None = None,
        cluster_autoscaling: pulumi.Input[ClusterClusterAutoscalingArgsDict] | None = None,
        cluster_ipv4_cidr: pulumi.Input[str] | None = None,
        cluster_telemetry: pulumi.Input[ClusterClusterTelemetryArgsDict] | None = None,
        confidential_nodes: pulumi.Input[ClusterConfidentialNodesArgsDict] | None = None,
        control_plane_endpoints_config: pulumi.Input[ClusterControlPlaneEndpointsConfigArgsDict] | None = None,
        cost_management_config: pulumi.Input[ClusterCostManagementConfigArgsDict] | None = None,
        database_encryption: pulumi.Input[ClusterDatabaseEncryptionArgsDict] | None = None,
        datapath_provider: pulumi.Input[str] | None = None,
        dataplane_optimization_mode: pulumi.Input[str] | None = None,
        default_max_pods_per_node: pulumi.Input[int] | None = None,
        default_snat_status: pulumi.Input[ClusterDefaultSnatStatusArgsDict] | None = None,
        deletion_policy: pulumi.Input[str] | None = None,
        deletion_protection: pulumi.Input[bool] | None = None,
        description: pulumi.Input[str] | None = None,
        desired_emulated_version: pulumi.Input[str] | None = None,
        disable_l4_lb_firewall_reconciliation: pulumi.Input[bool] | None = None,
        dns_config: pulumi.Input[ClusterDnsConfigArgsDict] | None = None,
        enable_autopilot: pulumi.Input[bool] | None = None,
        enable_cilium_clusterwide_network_policy: pulumi.Input[bool] | None = None,
        enable_fqdn_network_policy: pulumi.Input[bool] | None = None,
        enable_intranode_visibility: pulumi.Input[bool] | None = None,
        enable_k8s_beta_apis: pulumi.Input[ClusterEnableK8sBetaApisArgsDict] | None = None,
        enable_kubernetes_alpha: pulumi.Input[bool] | None = None,
        enable_l4_ilb_subsetting: pulumi.Input[bool] | None = None,
        enable_legacy_abac: pulumi.Input[bool] | None = None,
        enable_multi_networking: pulumi.Input[bool] | None = None,
        enable_shielded_nodes: pulumi.Input[bool] | None = None,
        enable_tpu: pulumi.Input[bool] | None = None,
        enterprise_config: pulumi.Input[ClusterEnterpriseConfigArgsDict] | None = None,
        fleet: pulumi.Input[ClusterFleetArgsDict] | None = None,
        gateway_api_config: pulumi.Input[ClusterGatewayApiConfigArgsDict] | None = None,
        gke_auto_upgrade_config: pulumi.Input[ClusterGkeAutoUpgradeConfigArgsDict] | None = None,
        identity_service_config: pulumi.Input[ClusterIdentityServiceConfigArgsDict] | None = None,
        ignore_node_count_changes: pulumi.Input[bool] | None = None,
        in_transit_encryption_config: pulumi.Input[str] | None = None,
        initial_node_count: pulumi.Input[int] | None = None,
        ip_allocation_policy: pulumi.Input[ClusterIpAllocationPolicyArgsDict] | None = None,
        location: pulumi.Input[str] | None = None,
        logging_config: pulumi.Input[ClusterLoggingConfigArgsDict] | None = None,
        logging_service: pulumi.Input[str] | None = None,
        maintenance_policy: pulumi.Input[ClusterMaintenancePolicyArgsDict] | None = None,
        managed_machine_learning_diagnostics_config: pulumi.Input[ClusterManagedMachineLearningDiagnosticsConfigArgsDict] | None = None,
        managed_opentelemetry_config: pulumi.Input[ClusterManagedOpentelemetryConfigArgsDict] | None = None,
        master_auth: pulumi.Input[ClusterMasterAuthArgsDict] | None = None,
        master_authorized_networks_config: pulumi.Input[ClusterMasterAuthorizedNetworksConfigArgsDict] | None = None,
        mesh_certificates: pulumi.Input[ClusterMeshCertificatesArgsDict] | None = None,
        min_master_version: pulumi.Input[str] | None = None,
        monitoring_config: pulumi.Input[ClusterMonitoringConfigArgsDict] | None = None,
        monitoring_service: pulumi.Input[str] | None = None,
        name: pulumi.Input[str] | None = None,
        network: pulumi.Input[str] | None = None,
        network_performance_config: pulumi.Input[ClusterNetworkPerformanceConfigArgsDict] | None = None,
        network_policy: pulumi.Input[ClusterNetworkPolicyArgsDict] | None = None,
        networking_mode: pulumi.Input[str] | None = None,
        node_config: pulumi.Input[ClusterNodeConfigArgsDict] | None = None,
        node_creation_config: pulumi.Input[ClusterNodeCreationConfigArgsDict] | None = None,
        node_locations: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        node_pool_auto_config: pulumi.Input[ClusterNodePoolAutoConfigArgsDict] | None = None,
        node_pool_defaults: pulumi.Input[ClusterNodePoolDefaultsArgsDict] | None = None,
        node_pools: pulumi.Input[Sequence[pulumi.Input[ClusterNodePoolArgsDict]]] | None = None,
        node_version: pulumi.Input[str] | None = None,
        notification_config: pulumi.Input[ClusterNotificationConfigArgsDict] | None = None,
        pod_autoscaling: pulumi.Input[ClusterPodAutoscalingArgsDict] | None = None,
        pod_security_policy_config: pulumi.Input[ClusterPodSecurityPolicyConfigArgsDict] | None = None,
        private_cluster_config: pulumi.Input[ClusterPrivateClusterConfigArgsDict] | None = None,
        private_ipv6_google_access: pulumi.Input[str] | None = None,
        project: pulumi.Input[str] | None = None,
        protect_config: pulumi.Input[ClusterProtectConfigArgsDict] | None = None,
        rbac_binding_config: pulumi.Input[ClusterRbacBindingConfigArgsDict] | None = None,
        release_channel: pulumi.Input[ClusterReleaseChannelArgsDict] | None = None,
        remove_default_node_pool: pulumi.Input[bool] | None = None,
        resource_labels: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        resource_usage_export_config: pulumi.Input[ClusterResourceUsageExportConfigArgsDict] | None = None,
        rollback_safe_upgrade: pulumi.Input[ClusterRollbackSafeUpgradeArgsDict] | None = None,
        secret_manager_config: pulumi.Input[ClusterSecretManagerConfigArgsDict] | None = None,
        secret_sync_config: pulumi.Input[ClusterSecretSyncConfigArgsDict] | None = None,
        security_posture_config: pulumi.Input[ClusterSecurityPostureConfigArgsDict] | None = None,
        service_external_ips_config: pulumi.Input[ClusterServiceExternalIpsConfigArgsDict] | None = None,
        skip_node_pool_refresh: pulumi.Input[bool] | None = None,
        subnetwork: pulumi.Input[str] | None = None,
        tpu_config: pulumi.Input[ClusterTpuConfigArgsDict] | None = None,
        user_managed_keys_config: pulumi.Input[ClusterUserManagedKeysConfigArgsDict] | None = None,
        vertical_pod_autoscaling: pulumi.Input[ClusterVerticalPodAutoscalingArgsDict] | None = None,
        workload_alts_config: pulumi.Input[ClusterWorkloadAltsConfigArgsDict] | None = None,
        workload_identity_config: pulumi.Input[ClusterWorkloadIdentityConfigArgsDict] | None = None,
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def addons_config(self) -> pulumi.Output[Any]: ...
    @property
    def allow_net_admin(self) -> pulumi.Output[bool]: ...
    @property
    def anonymous_authentication_config(self) -> pulumi.Output[Any]: ...
    @property
    def authenticator_groups_config(self) -> pulumi.Output[Any]: ...
    @property
    def autopilot_cluster_policy_config(self) -> pulumi.Output[Any]: ...
    @property
    def autopilot_privileged_admissions(self) -> pulumi.Output[Sequence[str]]: ...
    @property
    def binary_authorization(self) -> pulumi.Output[Any]: ...
    @property
    def cluster_autoscaling(self) -> pulumi.Output[Any]: ...
    @property
    def cluster_ipv4_cidr(self) -> pulumi.Output[str]: ...
    @property
    def cluster_telemetry(self) -> pulumi.Output[Any]: ...
    @property
    def confidential_nodes(self) -> pulumi.Output[Any]: ...
    @property
    def control_plane_endpoints_config(self) -> pulumi.Output[Any]: ...
    @property
    def cost_management_config(self) -> pulumi.Output[Any]: ...
    @property
    def database_encryption(self) -> pulumi.Output[Any]: ...
    @property
    def datapath_provider(self) -> pulumi.Output[str]: ...
    @property
    def dataplane_optimization_mode(self) -> pulumi.Output[str]: ...
    @property
    def default_max_pods_per_node(self) -> pulumi.Output[int]: ...
    @property
    def default_snat_status(self) -> pulumi.Output[Any]: ...
    @property
    def deletion_policy(self) -> pulumi.Output[str]: ...
    @property
    def deletion_protection(self) -> pulumi.Output[bool]: ...
    @property
    def description(self) -> pulumi.Output[str]: ...
    @property
    def desired_emulated_version(self) -> pulumi.Output[str]: ...
    @property
    def disable_l4_lb_firewall_reconciliation(self) -> pulumi.Output[bool]: ...
    @property
    def dns_config(self) -> pulumi.Output[Any]: ...
    @property
    def effective_labels(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def emulated_version(self) -> pulumi.Output[str]: ...
    @property
    def enable_autopilot(self) -> pulumi.Output[bool]: ...
    @property
    def enable_cilium_clusterwide_network_policy(self) -> pulumi.Output[bool]: ...
    @property
    def enable_fqdn_network_policy(self) -> pulumi.Output[bool]: ...
    @property
    def enable_intranode_visibility(self) -> pulumi.Output[bool]: ...
    @property
    def enable_k8s_beta_apis(self) -> pulumi.Output[Any]: ...
    @property
    def enable_kubernetes_alpha(self) -> pulumi.Output[bool]: ...
    @property
    def enable_l4_ilb_subsetting(self) -> pulumi.Output[bool]: ...
    @property
    def enable_legacy_abac(self) -> pulumi.Output[bool]: ...
    @property
    def enable_multi_networking(self) -> pulumi.Output[bool]: ...
    @property
    def enable_shielded_nodes(self) -> pulumi.Output[bool]: ...
    @property
    def enable_tpu(self) -> pulumi.Output[bool]: ...
    @property
    def endpoint(self) -> pulumi.Output[str]: ...
    @property
    def enterprise_config(self) -> pulumi.Output[Any]: ...
    @property
    def fleet(self) -> pulumi.Output[Any]: ...
    @property
    def gateway_api_config(self) -> pulumi.Output[Any]: ...
    @property
    def gke_auto_upgrade_config(self) -> pulumi.Output[Any]: ...
    @property
    def identity_service_config(self) -> pulumi.Output[Any]: ...
    @property
    def ignore_node_count_changes(self) -> pulumi.Output[bool]: ...
    @property
    def in_transit_encryption_config(self) -> pulumi.Output[str]: ...
    @property
    def initial_node_count(self) -> pulumi.Output[int]: ...
    @property
    def ip_allocation_policy(self) -> pulumi.Output[Any]: ...
    @property
    def label_fingerprint(self) -> pulumi.Output[str]: ...
    @property
    def location(self) -> pulumi.Output[str]: ...
    @property
    def logging_config(self) -> pulumi.Output[Any]: ...
    @property
    def logging_service(self) -> pulumi.Output[str]: ...
    @property
    def maintenance_policy(self) -> pulumi.Output[Any]: ...
    @property
    def managed_machine_learning_diagnostics_config(self) -> pulumi.Output[Any]: ...
    @property
    def managed_opentelemetry_config(self) -> pulumi.Output[Any]: ...
    @property
    def master_auth(self) -> pulumi.Output[Any]: ...
    @property
    def master_authorized_networks_config(self) -> pulumi.Output[Any]: ...
    @property
    def master_version(self) -> pulumi.Output[str]: ...
    @property
    def mesh_certificates(self) -> pulumi.Output[Any]: ...
    @property
    def min_master_version(self) -> pulumi.Output[str]: ...
    @property
    def monitoring_config(self) -> pulumi.Output[Any]: ...
    @property
    def monitoring_service(self) -> pulumi.Output[str]: ...
    @property
    def name(self) -> pulumi.Output[str]: ...
    @property
    def network(self) -> pulumi.Output[str]: ...
    @property
    def network_performance_config(self) -> pulumi.Output[Any]: ...
    @property
    def network_policy(self) -> pulumi.Output[Any]: ...
    @property
    def networking_mode(self) -> pulumi.Output[str]: ...
    @property
    def node_config(self) -> pulumi.Output[Any]: ...
    @property
    def node_creation_config(self) -> pulumi.Output[Any]: ...
    @property
    def node_locations(self) -> pulumi.Output[Sequence[str]]: ...
    @property
    def node_pool_auto_config(self) -> pulumi.Output[Any]: ...
    @property
    def node_pool_defaults(self) -> pulumi.Output[Any]: ...
    @property
    def node_pools(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def node_version(self) -> pulumi.Output[str]: ...
    @property
    def notification_config(self) -> pulumi.Output[Any]: ...
    @property
    def operation(self) -> pulumi.Output[str]: ...
    @property
    def pod_autoscaling(self) -> pulumi.Output[Any]: ...
    @property
    def pod_security_policy_config(self) -> pulumi.Output[Any]: ...
    @property
    def private_cluster_config(self) -> pulumi.Output[Any]: ...
    @property
    def private_ipv6_google_access(self) -> pulumi.Output[str]: ...
    @property
    def project(self) -> pulumi.Output[str]: ...
    @property
    def protect_config(self) -> pulumi.Output[Any]: ...
    @property
    def pulumi_labels(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def rbac_binding_config(self) -> pulumi.Output[Any]: ...
    @property
    def release_channel(self) -> pulumi.Output[Any]: ...
    @property
    def remove_default_node_pool(self) -> pulumi.Output[bool]: ...
    @property
    def resource_labels(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def resource_usage_export_config(self) -> pulumi.Output[Any]: ...
    @property
    def rollback_safe_upgrade(self) -> pulumi.Output[Any]: ...
    @property
    def secret_manager_config(self) -> pulumi.Output[Any]: ...
    @property
    def secret_sync_config(self) -> pulumi.Output[Any]: ...
    @property
    def security_posture_config(self) -> pulumi.Output[Any]: ...
    @property
    def self_link(self) -> pulumi.Output[str]: ...
    @property
    def service_external_ips_config(self) -> pulumi.Output[Any]: ...
    @property
    def services_ipv4_cidr(self) -> pulumi.Output[str]: ...
    @property
    def skip_node_pool_refresh(self) -> pulumi.Output[bool]: ...
    @property
    def subnetwork(self) -> pulumi.Output[str]: ...
    @property
    def tpu_config(self) -> pulumi.Output[Any]: ...
    @property
    def tpu_ipv4_cidr_block(self) -> pulumi.Output[str]: ...
    @property
    def user_managed_keys_config(self) -> pulumi.Output[Any]: ...
    @property
    def vertical_pod_autoscaling(self) -> pulumi.Output[Any]: ...
    @property
    def workload_alts_config(self) -> pulumi.Output[Any]: ...
    @property
    def workload_identity_config(self) -> pulumi.Output[Any]: ...

class NodePoolAutoscalingArgsDict(TypedDict):
    location_policy: NotRequired[pulumi.Input[str]]
    max_node_count: NotRequired[pulumi.Input[int]]
    min_node_count: NotRequired[pulumi.Input[int]]
    total_max_node_count: NotRequired[pulumi.Input[int]]
    total_min_node_count: NotRequired[pulumi.Input[int]]

class NodePoolBestEffortProvisioningArgsDict(TypedDict):
    enabled: pulumi.Input[bool]
    min_provision_nodes: NotRequired[pulumi.Input[int]]

class NodePoolMaintenancePolicyExclusionUntilEndOfSupportArgsDict(TypedDict):
    enabled: NotRequired[pulumi.Input[bool]]
    end_time: NotRequired[pulumi.Input[str]]
    start_time: NotRequired[pulumi.Input[str]]

class NodePoolMaintenancePolicyArgsDict(TypedDict):
    exclusion_until_end_of_supports: NotRequired[pulumi.Input[Sequence[pulumi.Input[NodePoolMaintenancePolicyExclusionUntilEndOfSupportArgsDict]]]]

class NodePoolManagementArgsDict(TypedDict):
    auto_repair: NotRequired[pulumi.Input[bool]]
    auto_upgrade: NotRequired[pulumi.Input[bool]]

class NodePoolNetworkConfigAdditionalNodeNetworkConfigArgsDict(TypedDict):
    network: NotRequired[pulumi.Input[str]]
    stack_type: NotRequired[pulumi.Input[str]]
    subnetwork: NotRequired[pulumi.Input[str]]

class NodePoolNetworkConfigAdditionalPodNetworkConfigArgsDict(TypedDict):
    max_pods_per_node: NotRequired[pulumi.Input[int]]
    secondary_pod_range: NotRequired[pulumi.Input[str]]
    subnetwork: NotRequired[pulumi.Input[str]]

class NodePoolNetworkConfigNetworkPerformanceConfigArgsDict(TypedDict):
    total_egress_bandwidth_tier: pulumi.Input[str]

class NodePoolNetworkConfigPodCidrOverprovisionConfigArgsDict(TypedDict):
    disabled: pulumi.Input[bool]

class NodePoolNetworkConfigArgsDict(TypedDict):
    accelerator_network_profile: NotRequired[pulumi.Input[str]]
    additional_node_network_configs: NotRequired[pulumi.Input[Sequence[pulumi.Input[NodePoolNetworkConfigAdditionalNodeNetworkConfigArgsDict]]]]
    additional_pod_network_configs: NotRequired[pulumi.Input[Sequence[pulumi.Input[NodePoolNetworkConfigAdditionalPodNetworkConfigArgsDict]]]]
    create_pod_range: NotRequired[pulumi.Input[bool]]
    enable_private_nodes: NotRequired[pulumi.Input[bool]]
    network_performance_config: NotRequired[pulumi.Input[NodePoolNetworkConfigNetworkPerformanceConfigArgsDict]]
    pod_cidr_overprovision_config: NotRequired[pulumi.Input[NodePoolNetworkConfigPodCidrOverprovisionConfigArgsDict]]
    pod_ipv4_cidr_block: NotRequired[pulumi.Input[str]]
    pod_range: NotRequired[pulumi.Input[str]]
    subnetwork: NotRequired[pulumi.Input[str]]

class NodePoolNodeConfigAdvancedMachineFeaturesArgsDict(TypedDict):
    threads_per_core: pulumi.Input[int]
    enable_nested_virtualization: NotRequired[pulumi.Input[bool]]
    performance_monitoring_unit: NotRequired[pulumi.Input[str]]

class NodePoolNodeConfigBootDiskArgsDict(TypedDict):
    disk_type: NotRequired[pulumi.Input[str]]
    provisioned_iops: NotRequired[pulumi.Input[int]]
    provisioned_throughput: NotRequired[pulumi.Input[int]]
    size_gb: NotRequired[pulumi.Input[int]]

class NodePoolNodeConfigConfidentialNodesArgsDict(TypedDict):
    enabled: pulumi.Input[bool]
    confidential_instance_type: NotRequired[pulumi.Input[str]]

class NodePoolNodeConfigContainerdConfigPrivateRegistryAccessConfigCertificateAuthorityDomainConfigGcpSecretManagerCertificateConfigArgsDict(TypedDict):
    secret_uri: pulumi.Input[str]

class NodePoolNodeConfigContainerdConfigPrivateRegistryAccessConfigCertificateAuthorityDomainConfigArgsDict(TypedDict):
    fqdns: pulumi.Input[Sequence[pulumi.Input[str]]]
    gcp_secret_manager_certificate_config: pulumi.Input[NodePoolNodeConfigContainerdConfigPrivateRegistryAccessConfigCertificateAuthorityDomainConfigGcpSecretManagerCertificateConfigArgsDict]

class NodePoolNodeConfigContainerdConfigPrivateRegistryAccessConfigArgsDict(TypedDict):
    enabled: pulumi.Input[bool]
    certificate_authority_domain_configs: NotRequired[pulumi.Input[Sequence[pulumi.Input[NodePoolNodeConfigContainerdConfigPrivateRegistryAccessConfigCertificateAuthorityDomainConfigArgsDict]]]]

class NodePoolNodeConfigContainerdConfigRegistryHostHostCaArgsDict(TypedDict):
    gcp_secret_manager_secret_uri: NotRequired[pulumi.Input[str]]

class NodePoolNodeConfigContainerdConfigRegistryHostHostClientCertArgsDict(TypedDict):
    gcp_secret_manager_secret_uri: NotRequired[pulumi.Input[str]]

class NodePoolNodeConfigContainerdConfigRegistryHostHostClientKeyArgsDict(TypedDict):
    gcp_secret_manager_secret_uri: NotRequired[pulumi.Input[str]]

class NodePoolNodeConfigContainerdConfigRegistryHostHostClientArgsDict(TypedDict):
    cert: pulumi.Input[NodePoolNodeConfigContainerdConfigRegistryHostHostClientCertArgsDict]
    key: NotRequired[pulumi.Input[NodePoolNodeConfigContainerdConfigRegistryHostHostClientKeyArgsDict]]

class NodePoolNodeConfigContainerdConfigRegistryHostHostHeaderArgsDict(TypedDict):
    key: pulumi.Input[str]
    values: pulumi.Input[Sequence[pulumi.Input[str]]]

class NodePoolNodeConfigContainerdConfigRegistryHostHostArgsDict(TypedDict):
    host: pulumi.Input[str]
    capabilities: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    cas: NotRequired[pulumi.Input[Sequence[pulumi.Input[NodePoolNodeConfigContainerdConfigRegistryHostHostCaArgsDict]]]]
    clients: NotRequired[pulumi.Input[Sequence[pulumi.Input[NodePoolNodeConfigContainerdConfigRegistryHostHostClientArgsDict]]]]
    dial_timeout: NotRequired[pulumi.Input[str]]
    headers: NotRequired[pulumi.Input[Sequence[pulumi.Input[NodePoolNodeConfigContainerdConfigRegistryHostHostHeaderArgsDict]]]]
    override_path: NotRequired[pulumi.Input[bool]]

class NodePoolNodeConfigContainerdConfigRegistryHostArgsDict(TypedDict):
    server: pulumi.Input[str]
    hosts: NotRequired[pulumi.Input[Sequence[pulumi.Input[NodePoolNodeConfigContainerdConfigRegistryHostHostArgsDict]]]]

class NodePoolNodeConfigContainerdConfigWritableCgroupsArgsDict(TypedDict):
    enabled: pulumi.Input[bool]

class NodePoolNodeConfigContainerdConfigArgsDict(TypedDict):
    private_registry_access_config: NotRequired[pulumi.Input[NodePoolNodeConfigContainerdConfigPrivateRegistryAccessConfigArgsDict]]
    registry_hosts: NotRequired[pulumi.Input[Sequence[pulumi.Input[NodePoolNodeConfigContainerdConfigRegistryHostArgsDict]]]]
    writable_cgroups: NotRequired[pulumi.Input[NodePoolNodeConfigContainerdConfigWritableCgroupsArgsDict]]

class NodePoolNodeConfigEffectiveTaintArgsDict(TypedDict):
    effect: NotRequired[pulumi.Input[str]]
    key: NotRequired[pulumi.Input[str]]
    value: NotRequired[pulumi.Input[str]]

class NodePoolNodeConfigEphemeralStorageConfigArgsDict(TypedDict):
    local_ssd_count: pulumi.Input[int]

class NodePoolNodeConfigEphemeralStorageLocalSsdConfigArgsDict(TypedDict):
    local_ssd_count: pulumi.Input[int]
    data_cache_count: NotRequired[pulumi.Input[int]]

class NodePoolNodeConfigFastSocketArgsDict(TypedDict):
    enabled: pulumi.Input[bool]

class NodePoolNodeConfigGcfsConfigArgsDict(TypedDict):
    enabled: pulumi.Input[bool]

class NodePoolNodeConfigGuestAcceleratorGpuDriverInstallationConfigArgsDict(TypedDict):
    gpu_driver_version: pulumi.Input[str]

class NodePoolNodeConfigGuestAcceleratorGpuSharingConfigArgsDict(TypedDict):
    gpu_sharing_strategy: pulumi.Input[str]
    max_shared_clients_per_gpu: pulumi.Input[int]

class NodePoolNodeConfigGuestAcceleratorArgsDict(TypedDict):
    count: pulumi.Input[int]
    type: pulumi.Input[str]
    gpu_driver_installation_config: NotRequired[pulumi.Input[NodePoolNodeConfigGuestAcceleratorGpuDriverInstallationConfigArgsDict]]
    gpu_partition_size: NotRequired[pulumi.Input[str]]
    gpu_sharing_config: NotRequired[pulumi.Input[NodePoolNodeConfigGuestAcceleratorGpuSharingConfigArgsDict]]

class NodePoolNodeConfigGvnicArgsDict(TypedDict):
    enabled: pulumi.Input[bool]

class NodePoolNodeConfigHostMaintenancePolicyOpportunisticMaintenanceStrategyArgsDict(TypedDict):
    maintenance_availability_window: pulumi.Input[str]
    min_nodes_per_pool: pulumi.Input[int]
    node_idle_time_window: pulumi.Input[str]

class NodePoolNodeConfigHostMaintenancePolicyArgsDict(TypedDict):
    maintenance_interval: pulumi.Input[str]
    opportunistic_maintenance_strategy: NotRequired[pulumi.Input[NodePoolNodeConfigHostMaintenancePolicyOpportunisticMaintenanceStrategyArgsDict]]

class NodePoolNodeConfigKubeletConfigCrashLoopBackOffArgsDict(TypedDict):
    max_container_restart_period: NotRequired[pulumi.Input[str]]

class NodePoolNodeConfigKubeletConfigEvictionMinimumReclaimArgsDict(TypedDict):
    imagefs_available: NotRequired[pulumi.Input[str]]
    imagefs_inodes_free: NotRequired[pulumi.Input[str]]
    memory_available: NotRequired[pulumi.Input[str]]
    nodefs_available: NotRequired[pulumi.Input[str]]
    nodefs_inodes_free: NotRequired[pulumi.Input[str]]
    pid_available: NotRequired[pulumi.Input[str]]

class NodePoolNodeConfigKubeletConfigEvictionSoftArgsDict(TypedDict):
    imagefs_available: NotRequired[pulumi.Input[str]]
    imagefs_inodes_free: NotRequired[pulumi.Input[str]]
    memory_available: NotRequired[pulumi.Input[str]]
    nodefs_available: NotRequired[pulumi.Input[str]]
    nodefs_inodes_free: NotRequired[pulumi.Input[str]]
    pid_available: NotRequired[pulumi.Input[str]]

class NodePoolNodeConfigKubeletConfigEvictionSoftGracePeriodArgsDict(TypedDict):
    imagefs_available: NotRequired[pulumi.Input[str]]
    imagefs_inodes_free: NotRequired[pulumi.Input[str]]
    memory_available: NotRequired[pulumi.Input[str]]
    nodefs_available: NotRequired[pulumi.Input[str]]
    nodefs_inodes_free: NotRequired[pulumi.Input[str]]
    pid_available: NotRequired[pulumi.Input[str]]

class NodePoolNodeConfigKubeletConfigMemoryManagerArgsDict(TypedDict):
    policy: NotRequired[pulumi.Input[str]]

class NodePoolNodeConfigKubeletConfigTopologyManagerArgsDict(TypedDict):
    policy: NotRequired[pulumi.Input[str]]
    scope: NotRequired[pulumi.Input[str]]

class NodePoolNodeConfigKubeletConfigArgsDict(TypedDict):
    allowed_unsafe_sysctls: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    container_log_max_files: NotRequired[pulumi.Input[int]]
    container_log_max_size: NotRequired[pulumi.Input[str]]
    cpu_cfs_quota: NotRequired[pulumi.Input[bool]]
    cpu_cfs_quota_period: NotRequired[pulumi.Input[str]]
    cpu_manager_policy: NotRequired[pulumi.Input[str]]
    crash_loop_back_off: NotRequired[pulumi.Input[NodePoolNodeConfigKubeletConfigCrashLoopBackOffArgsDict]]
    eviction_max_pod_grace_period_seconds: NotRequired[pulumi.Input[int]]
    eviction_minimum_reclaim: NotRequired[pulumi.Input[NodePoolNodeConfigKubeletConfigEvictionMinimumReclaimArgsDict]]
    eviction_soft: NotRequired[pulumi.Input[NodePoolNodeConfigKubeletConfigEvictionSoftArgsDict]]
    eviction_soft_grace_period: NotRequired[pulumi.Input[NodePoolNodeConfigKubeletConfigEvictionSoftGracePeriodArgsDict]]
    image_gc_high_threshold_percent: NotRequired[pulumi.Input[int]]
    image_gc_low_threshold_percent: NotRequired[pulumi.Input[int]]
    image_maximum_gc_age: NotRequired[pulumi.Input[str]]
    image_minimum_gc_age: NotRequired[pulumi.Input[str]]
    insecure_kubelet_readonly_port_enabled: NotRequired[pulumi.Input[str]]
    max_parallel_image_pulls: NotRequired[pulumi.Input[int]]
    memory_manager: NotRequired[pulumi.Input[NodePoolNodeConfigKubeletConfigMemoryManagerArgsDict]]
    pod_pids_limit: NotRequired[pulumi.Input[int]]
    shutdown_grace_period_critical_pods_seconds: NotRequired[pulumi.Input[int]]
    shutdown_grace_period_seconds: NotRequired[pulumi.Input[int]]
    single_process_oom_kill: NotRequired[pulumi.Input[bool]]
    topology_manager: NotRequired[pulumi.Input[NodePoolNodeConfigKubeletConfigTopologyManagerArgsDict]]

class NodePoolNodeConfigLinuxNodeConfigAccurateTimeConfigArgsDict(TypedDict):
    enable_ptp_kvm_time_sync: NotRequired[pulumi.Input[bool]]

class NodePoolNodeConfigLinuxNodeConfigCustomNodeInitInitScriptArgsDict(TypedDict):
    gcp_secret_manager_secret_uri: NotRequired[pulumi.Input[str]]
    gcs_generation: NotRequired[pulumi.Input[int]]
    gcs_uri: NotRequired[pulumi.Input[str]]

class NodePoolNodeConfigLinuxNodeConfigCustomNodeInitArgsDict(TypedDict):
    init_script: NotRequired[pulumi.Input[NodePoolNodeConfigLinuxNodeConfigCustomNodeInitInitScriptArgsDict]]

class NodePoolNodeConfigLinuxNodeConfigHugepagesConfigArgsDict(TypedDict):
    hugepage_size1g: NotRequired[pulumi.Input[int]]
    hugepage_size2m: NotRequired[pulumi.Input[int]]

class NodePoolNodeConfigLinuxNodeConfigNodeKernelModuleLoadingArgsDict(TypedDict):
    policy: NotRequired[pulumi.Input[str]]

class NodePoolNodeConfigLinuxNodeConfigSwapConfigBootDiskProfileArgsDict(TypedDict):
    swap_size_gib: NotRequired[pulumi.Input[int]]
    swap_size_percent: NotRequired[pulumi.Input[int]]

class NodePoolNodeConfigLinuxNodeConfigSwapConfigDedicatedLocalSsdProfileArgsDict(TypedDict):
    disk_count: NotRequired[pulumi.Input[int]]

class NodePoolNodeConfigLinuxNodeConfigSwapConfigEncryptionConfigArgsDict(TypedDict):
    disabled: NotRequired[pulumi.Input[bool]]

class NodePoolNodeConfigLinuxNodeConfigSwapConfigEphemeralLocalSsdProfileArgsDict(TypedDict):
    swap_size_gib: NotRequired[pulumi.Input[int]]
    swap_size_percent: NotRequired[pulumi.Input[int]]

class NodePoolNodeConfigLinuxNodeConfigSwapConfigArgsDict(TypedDict):
    boot_disk_profile: NotRequired[pulumi.Input[NodePoolNodeConfigLinuxNodeConfigSwapConfigBootDiskProfileArgsDict]]
    dedicated_local_ssd_profile: NotRequired[pulumi.Input[NodePoolNodeConfigLinuxNodeConfigSwapConfigDedicatedLocalSsdProfileArgsDict]]
    enabled: NotRequired[pulumi.Input[bool]]
    encryption_config: NotRequired[pulumi.Input[NodePoolNodeConfigLinuxNodeConfigSwapConfigEncryptionConfigArgsDict]]
    ephemeral_local_ssd_profile: NotRequired[pulumi.Input[NodePoolNodeConfigLinuxNodeConfigSwapConfigEphemeralLocalSsdProfileArgsDict]]

class NodePoolNodeConfigLinuxNodeConfigArgsDict(TypedDict):
    accurate_time_config: NotRequired[pulumi.Input[NodePoolNodeConfigLinuxNodeConfigAccurateTimeConfigArgsDict]]
    cgroup_mode: NotRequired[pulumi.Input[str]]
    custom_node_init: NotRequired[pulumi.Input[NodePoolNodeConfigLinuxNodeConfigCustomNodeInitArgsDict]]
    hugepages_config: NotRequired[pulumi.Input[NodePoolNodeConfigLinuxNodeConfigHugepagesConfigArgsDict]]
    node_kernel_module_loading: NotRequired[pulumi.Input[NodePoolNodeConfigLinuxNodeConfigNodeKernelModuleLoadingArgsDict]]
    swap_config: NotRequired[pulumi.Input[NodePoolNodeConfigLinuxNodeConfigSwapConfigArgsDict]]
    sysctls: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    transparent_hugepage_defrag: NotRequired[pulumi.Input[str]]
    transparent_hugepage_enabled: NotRequired[pulumi.Input[str]]

class NodePoolNodeConfigLocalNvmeSsdBlockConfigArgsDict(TypedDict):
    local_ssd_count: pulumi.Input[int]

class NodePoolNodeConfigNodeImageConfigArgsDict(TypedDict):
    image: NotRequired[pulumi.Input[str]]
    image_project: NotRequired[pulumi.Input[str]]

class NodePoolNodeConfigReservationAffinityArgsDict(TypedDict):
    consume_reservation_type: pulumi.Input[str]
    key: NotRequired[pulumi.Input[str]]
    values: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]

class NodePoolNodeConfigSandboxConfigArgsDict(TypedDict):
    sandbox_type: NotRequired[pulumi.Input[str]]
    type: NotRequired[pulumi.Input[str]]

class NodePoolNodeConfigSecondaryBootDiskArgsDict(TypedDict):
    disk_image: pulumi.Input[str]
    mode: NotRequired[pulumi.Input[str]]

class NodePoolNodeConfigShieldedInstanceConfigArgsDict(TypedDict):
    enable_integrity_monitoring: NotRequired[pulumi.Input[bool]]
    enable_secure_boot: NotRequired[pulumi.Input[bool]]

class NodePoolNodeConfigSoleTenantConfigNodeAffinityArgsDict(TypedDict):
    key: pulumi.Input[str]
    operator: pulumi.Input[str]
    values: pulumi.Input[Sequence[pulumi.Input[str]]]

class NodePoolNodeConfigSoleTenantConfigArgsDict(TypedDict):
    node_affinities: pulumi.Input[Sequence[pulumi.Input[NodePoolNodeConfigSoleTenantConfigNodeAffinityArgsDict]]]
    min_node_cpus: NotRequired[pulumi.Input[int]]

class NodePoolNodeConfigTaintConfigArgsDict(TypedDict):
    architecture_taint_behavior: pulumi.Input[str]

class NodePoolNodeConfigTaintArgsDict(TypedDict):
    effect: pulumi.Input[str]
    key: pulumi.Input[str]
    value: pulumi.Input[str]

class NodePoolNodeConfigWindowsNodeConfigArgsDict(TypedDict):
    osversion: NotRequired[pulumi.Input[str]]

class NodePoolNodeConfigWorkloadMetadataConfigArgsDict(TypedDict):
    mode: pulumi.Input[str]

class NodePoolNodeConfigArgsDict(TypedDict):
    advanced_machine_features: NotRequired[pulumi.Input[NodePoolNodeConfigAdvancedMachineFeaturesArgsDict]]
    boot_disk: NotRequired[pulumi.Input[NodePoolNodeConfigBootDiskArgsDict]]
    boot_disk_kms_key: NotRequired[pulumi.Input[str]]
    confidential_nodes: NotRequired[pulumi.Input[NodePoolNodeConfigConfidentialNodesArgsDict]]
    containerd_config: NotRequired[pulumi.Input[NodePoolNodeConfigContainerdConfigArgsDict]]
    disk_size_gb: NotRequired[pulumi.Input[int]]
    disk_type: NotRequired[pulumi.Input[str]]
    effective_taints: NotRequired[pulumi.Input[Sequence[pulumi.Input[NodePoolNodeConfigEffectiveTaintArgsDict]]]]
    enable_confidential_storage: NotRequired[pulumi.Input[bool]]
    ephemeral_storage_config: NotRequired[pulumi.Input[NodePoolNodeConfigEphemeralStorageConfigArgsDict]]
    ephemeral_storage_local_ssd_config: NotRequired[pulumi.Input[NodePoolNodeConfigEphemeralStorageLocalSsdConfigArgsDict]]
    fast_socket: NotRequired[pulumi.Input[NodePoolNodeConfigFastSocketArgsDict]]
    flex_start: NotRequired[pulumi.Input[bool]]
    gcfs_config: NotRequired[pulumi.Input[NodePoolNodeConfigGcfsConfigArgsDict]]
    gpudirect_strategy: NotRequired[pulumi.Input[str]]
    guest_accelerators: NotRequired[pulumi.Input[Sequence[pulumi.Input[NodePoolNodeConfigGuestAcceleratorArgsDict]]]]
    gvnic: NotRequired[pulumi.Input[NodePoolNodeConfigGvnicArgsDict]]
    host_maintenance_policy: NotRequired[pulumi.Input[NodePoolNodeConfigHostMaintenancePolicyArgsDict]]
    image_type: NotRequired[pulumi.Input[str]]
    kubelet_config: NotRequired[pulumi.Input[NodePoolNodeConfigKubeletConfigArgsDict]]
    labels: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    linux_node_config: NotRequired[pulumi.Input[NodePoolNodeConfigLinuxNodeConfigArgsDict]]
    local_nvme_ssd_block_config: NotRequired[pulumi.Input[NodePoolNodeConfigLocalNvmeSsdBlockConfigArgsDict]]
    local_ssd_count: NotRequired[pulumi.Input[int]]
    local_ssd_encryption_mode: NotRequired[pulumi.Input[str]]
    logging_variant: NotRequired[pulumi.Input[str]]
    machine_type: NotRequired[pulumi.Input[str]]
    max_run_duration: NotRequired[pulumi.Input[str]]
    metadata: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    min_cpu_platform: NotRequired[pulumi.Input[str]]
    node_group: NotRequired[pulumi.Input[str]]
    node_image_configs: NotRequired[pulumi.Input[Sequence[pulumi.Input[NodePoolNodeConfigNodeImageConfigArgsDict]]]]
    oauth_scopes: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    preemptible: NotRequired[pulumi.Input[bool]]
    reservation_affinity: NotRequired[pulumi.Input[NodePoolNodeConfigReservationAffinityArgsDict]]
    resource_labels: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    resource_manager_tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    sandbox_config: NotRequired[pulumi.Input[NodePoolNodeConfigSandboxConfigArgsDict]]
    secondary_boot_disks: NotRequired[pulumi.Input[Sequence[pulumi.Input[NodePoolNodeConfigSecondaryBootDiskArgsDict]]]]
    service_account: NotRequired[pulumi.Input[str]]
    shielded_instance_config: NotRequired[pulumi.Input[NodePoolNodeConfigShieldedInstanceConfigArgsDict]]
    sole_tenant_config: NotRequired[pulumi.Input[NodePoolNodeConfigSoleTenantConfigArgsDict]]
    spot: NotRequired[pulumi.Input[bool]]
    storage_pools: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    tags: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    taint_config: NotRequired[pulumi.Input[NodePoolNodeConfigTaintConfigArgsDict]]
    taints: NotRequired[pulumi.Input[Sequence[pulumi.Input[NodePoolNodeConfigTaintArgsDict]]]]
    windows_node_config: NotRequired[pulumi.Input[NodePoolNodeConfigWindowsNodeConfigArgsDict]]
    workload_metadata_config: NotRequired[pulumi.Input[NodePoolNodeConfigWorkloadMetadataConfigArgsDict]]

class NodePoolNodeDrainConfigArgsDict(TypedDict):
    grace_termination_duration: NotRequired[pulumi.Input[str]]
    pdb_timeout_duration: NotRequired[pulumi.Input[str]]
    respect_pdb_during_node_pool_deletion: NotRequired[pulumi.Input[bool]]

class NodePoolPlacementPolicyArgsDict(TypedDict):
    type: pulumi.Input[str]
    policy_name: NotRequired[pulumi.Input[str]]
    tpu_topology: NotRequired[pulumi.Input[str]]

class NodePoolQueuedProvisioningArgsDict(TypedDict):
    enabled: pulumi.Input[bool]

class NodePoolUpgradeSettingsBlueGreenSettingsAutoscaledRolloutPolicyArgsDict(TypedDict):
    wait_for_drain_duration: NotRequired[pulumi.Input[str]]

class NodePoolUpgradeSettingsBlueGreenSettingsStandardRolloutPolicyArgsDict(TypedDict):
    batch_node_count: NotRequired[pulumi.Input[int]]
    batch_percentage: NotRequired[pulumi.Input[float]]
    batch_soak_duration: NotRequired[pulumi.Input[str]]

class NodePoolUpgradeSettingsBlueGreenSettingsArgsDict(TypedDict):
    autoscaled_rollout_policy: NotRequired[pulumi.Input[NodePoolUpgradeSettingsBlueGreenSettingsAutoscaledRolloutPolicyArgsDict]]
    node_pool_soak_duration: NotRequired[pulumi.Input[str]]
    standard_rollout_policy: NotRequired[pulumi.Input[NodePoolUpgradeSettingsBlueGreenSettingsStandardRolloutPolicyArgsDict]]

class NodePoolUpgradeSettingsArgsDict(TypedDict):
    blue_green_settings: NotRequired[pulumi.Input[NodePoolUpgradeSettingsBlueGreenSettingsArgsDict]]
    max_surge: NotRequired[pulumi.Input[int]]
    max_unavailable: NotRequired[pulumi.Input[int]]
    strategy: NotRequired[pulumi.Input[str]]

class NodePool(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        cluster: pulumi.Input[str],
        autoscaling: pulumi.Input[NodePoolAutoscalingArgsDict] | None = None,
        best_effort_provisioning: pulumi.Input[NodePoolBestEffortProvisioningArgsDict] | None = None,
        deletion_policy: pulumi.Input[str] | None = None,
        ignore_node_count_changes: pulumi.Input[bool] | None = None,
        initial_node_count: pulumi.Input[int] | None = None,
        location: pulumi.Input[str] | None = None,
        maintenance_policies: pulumi.Input[Sequence[pulumi.Input[NodePoolMaintenancePolicyArgsDict]]] | None = None,
        management: pulumi.Input[NodePoolManagementArgsDict] | None = None,
        max_pods_per_node: pulumi.Input[int] | None = None,
        name: pulumi.Input[str] | None = None,
        name_prefix: pulumi.Input[str] | None = None,
        network_config: pulumi.Input[NodePoolNetworkConfigArgsDict] | None = None,
        node_config: pulumi.Input[NodePoolNodeConfigArgsDict] | None = None,
        node_count: pulumi.Input[int] | None = None,
        node_drain_configs: pulumi.Input[Sequence[pulumi.Input[NodePoolNodeDrainConfigArgsDict]]] | None = None,
        node_locations: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        placement_policy: pulumi.Input[NodePoolPlacementPolicyArgsDict] | None = None,
        project: pulumi.Input[str] | None = None,
        queued_provisioning: pulumi.Input[NodePoolQueuedProvisioningArgsDict] | None = None,
        upgrade_settings: pulumi.Input[NodePoolUpgradeSettingsArgsDict] | None = None,
        version: pulumi.Input[str] | None = None,
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def autoscaling(self) -> pulumi.Output[Any]: ...
    @property
    def best_effort_provisioning(self) -> pulumi.Output[Any]: ...
    @property
    def cluster(self) -> pulumi.Output[str]: ...
    @property
    def deletion_policy(self) -> pulumi.Output[str]: ...
    @property
    def ignore_node_count_changes(self) -> pulumi.Output[bool]: ...
    @property
    def initial_node_count(self) -> pulumi.Output[int]: ...
    @property
    def instance_group_urls(self) -> pulumi.Output[Sequence[str]]: ...
    @property
    def location(self) -> pulumi.Output[str]: ...
    @property
    def maintenance_policies(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def managed_instance_group_urls(self) -> pulumi.Output[Sequence[str]]: ...
    @property
    def management(self) -> pulumi.Output[Any]: ...
    @property
    def max_pods_per_node(self) -> pulumi.Output[int]: ...
    @property
    def name(self) -> pulumi.Output[str]: ...
    @property
    def name_prefix(self) -> pulumi.Output[str]: ...
    @property
    def network_config(self) -> pulumi.Output[Any]: ...
    @property
    def node_config(self) -> pulumi.Output[Any]: ...
    @property
    def node_count(self) -> pulumi.Output[int]: ...
    @property
    def node_drain_configs(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def node_locations(self) -> pulumi.Output[Sequence[str]]: ...
    @property
    def operation(self) -> pulumi.Output[str]: ...
    @property
    def placement_policy(self) -> pulumi.Output[Any]: ...
    @property
    def project(self) -> pulumi.Output[str]: ...
    @property
    def queued_provisioning(self) -> pulumi.Output[Any]: ...
    @property
    def upgrade_settings(self) -> pulumi.Output[Any]: ...
    @property
    def version(self) -> pulumi.Output[str]: ...

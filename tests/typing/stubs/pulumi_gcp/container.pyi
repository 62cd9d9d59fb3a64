# Written by `python -m tests.engine.sdk`.
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from typing_extensions import NotRequired, TypedDict

class ClusterAddonsConfigAgentSandboxConfigDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterAddonsConfigCloudrunConfigDict(TypedDict):
    disabled: pulumi.Input[bool]
    load_balancer_type: NotRequired[pulumi.Input[str]]

class ClusterAddonsConfigConfigConnectorConfigDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterAddonsConfigDnsCacheConfigDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterAddonsConfigGcePersistentDiskCsiDriverConfigDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterAddonsConfigGcpFilestoreCsiDriverConfigDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterAddonsConfigGcsFuseCsiDriverConfigDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterAddonsConfigGkeBackupAgentConfigDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterAddonsConfigHighScaleCheckpointingConfigDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterAddonsConfigHorizontalPodAutoscalingDict(TypedDict):
    disabled: pulumi.Input[bool]

class ClusterAddonsConfigHttpLoadBalancingDict(TypedDict):
    disabled: pulumi.Input[bool]

class ClusterAddonsConfigIstioConfigDict(TypedDict):
    disabled: pulumi.Input[bool]
    auth: NotRequired[pulumi.Input[str]]

class ClusterAddonsConfigKalmConfigDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterAddonsConfigLustreCsiDriverConfigDict(TypedDict):
    enabled: pulumi.Input[bool]
    disable_multi_nic: NotRequired[pulumi.Input[bool]]
    enable_legacy_lustre_port: NotRequired[pulumi.Input[bool]]

class ClusterAddonsConfigNetworkPolicyConfigDict(TypedDict):
    disabled: pulumi.Input[bool]

class ClusterAddonsConfigNodeReadinessConfigDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterAddonsConfigParallelstoreCsiDriverConfigDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterAddonsConfigPodSnapshotConfigDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterAddonsConfigRayOperatorConfigRayClusterLoggingConfigDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterAddonsConfigRayOperatorConfigRayClusterMonitoringConfigDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterAddonsConfigRayOperatorConfigDict(TypedDict):
    enabled: pulumi.Input[bool]
    ray_cluster_logging_config: NotRequired[pulumi.Input[ClusterAddonsConfigRayOperatorConfigRayClusterLoggingConfigDict]]
    ray_cluster_monitoring_config: NotRequired[pulumi.Input[ClusterAddonsConfigRayOperatorConfigRayClusterMonitoringConfigDict]]

class ClusterAddonsConfigSliceControllerConfigDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterAddonsConfigSlurmOperatorConfigDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterAddonsConfigStatefulHaConfigDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterAddonsConfigDict(TypedDict):
    agent_sandbox_config: NotRequired[pulumi.Input[ClusterAddonsConfigAgentSandboxConfigDict]]
    cloudrun_config: NotRequired[pulumi.Input[ClusterAddonsConfigCloudrunConfigDict]]
    config_connector_config: NotRequired[pulumi.Input[ClusterAddonsConfigConfigConnectorConfigDict]]
    dns_cache_config: NotRequired[pulumi.Input[ClusterAddonsConfigDnsCacheConfigDict]]
    gce_persistent_disk_csi_driver_config: NotRequired[pulumi.Input[ClusterAddonsConfigGcePersistentDiskCsiDriverConfigDict]]
    gcp_filestore_csi_driver_config: NotRequired[pulumi.Input[ClusterAddonsConfigGcpFilestoreCsiDriverConfigDict]]
    gcs_fuse_csi_driver_config: NotRequired[pulumi.Input[ClusterAddonsConfigGcsFuseCsiDriverConfigDict]]
    gke_backup_agent_config: NotRequired[pulumi.Input[ClusterAddonsConfigGkeBackupAgentConfigDict]]
    high_scale_checkpointing_config: NotRequired[pulumi.Input[ClusterAddonsConfigHighScaleCheckpointingConfigDict]]
    horizontal_pod_autoscaling: NotRequired[pulumi.Input[ClusterAddonsConfigHorizontalPodAutoscalingDict]]
    http_load_balancing: NotRequired[pulumi.Input[ClusterAddonsConfigHttpLoadBalancingDict]]
    istio_config: NotRequired[pulumi.Input[ClusterAddonsConfigIstioConfigDict]]
    kalm_config: NotRequired[pulumi.Input[ClusterAddonsConfigKalmConfigDict]]
    lustre_csi_driver_config: NotRequired[pulumi.Input[ClusterAddonsConfigLustreCsiDriverConfigDict]]
    network_policy_config: NotRequired[pulumi.Input[ClusterAddonsConfigNetworkPolicyConfigDict]]
    node_readiness_config: NotRequired[pulumi.Input[ClusterAddonsConfigNodeReadinessConfigDict]]
    parallelstore_csi_driver_config: NotRequired[pulumi.Input[ClusterAddonsConfigParallelstoreCsiDriverConfigDict]]
    pod_snapshot_config: NotRequired[pulumi.Input[ClusterAddonsConfigPodSnapshotConfigDict]]
    ray_operator_configs: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterAddonsConfigRayOperatorConfigDict]]]]
    slice_controller_config: NotRequired[pulumi.Input[ClusterAddonsConfigSliceControllerConfigDict]]
    slurm_operator_config: NotRequired[pulumi.Input[ClusterAddonsConfigSlurmOperatorConfigDict]]
    stateful_ha_config: NotRequired[pulumi.Input[ClusterAddonsConfigStatefulHaConfigDict]]

class ClusterAnonymousAuthenticationConfigDict(TypedDict):
    mode: pulumi.Input[str]

class ClusterAuthenticatorGroupsConfigDict(TypedDict):
    security_group: pulumi.Input[str]

class ClusterAutopilotClusterPolicyConfigDict(TypedDict):
    no_standard_node_pools: NotRequired[pulumi.Input[bool]]
    no_system_impersonation: NotRequired[pulumi.Input[bool]]
    no_system_mutation: NotRequired[pulumi.Input[bool]]
    no_unsafe_webhooks: NotRequired[pulumi.Input[bool]]

class ClusterBinaryAuthorizationDict(TypedDict):
    enabled: NotRequired[pulumi.Input[bool]]
    evaluation_mode: NotRequired[pulumi.Input[str]]

class ClusterClusterAutoscalingAutoProvisioningDefaultsManagementUpgradeOptionDict(TypedDict):
    auto_upgrade_start_time: NotRequired[pulumi.Input[str]]
    description: NotRequired[pulumi.Input[str]]

class ClusterClusterAutoscalingAutoProvisioningDefaultsManagementDict(TypedDict):
    auto_repair: NotRequired[pulumi.Input[bool]]
    auto_upgrade: NotRequired[pulumi.Input[bool]]
    upgrade_options: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterClusterAutoscalingAutoProvisioningDefaultsManagementUpgradeOptionDict]]]]

class ClusterClusterAutoscalingAutoProvisioningDefaultsShieldedInstanceConfigDict(TypedDict):
    enable_integrity_monitoring: NotRequired[pulumi.Input[bool]]
    enable_secure_boot: NotRequired[pulumi.Input[bool]]

class ClusterClusterAutoscalingAutoProvisioningDefaultsUpgradeSettingsBlueGreenSettingsStandardRolloutPolicyDict(TypedDict):
    batch_node_count: NotRequired[pulumi.Input[int]]
    batch_percentage: NotRequired[pulumi.Input[float]]
    batch_soak_duration: NotRequired[pulumi.Input[str]]

class ClusterClusterAutoscalingAutoProvisioningDefaultsUpgradeSettingsBlueGreenSettingsDict(TypedDict):
    node_pool_soak_duration: NotRequired[pulumi.Input[str]]
    standard_rollout_policy: NotRequired[pulumi.Input[ClusterClusterAutoscalingAutoProvisioningDefaultsUpgradeSettingsBlueGreenSettingsStandardRolloutPolicyDict]]

class ClusterClusterAutoscalingAutoProvisioningDefaultsUpgradeSettingsDict(TypedDict):
    blue_green_settings: NotRequired[pulumi.Input[ClusterClusterAutoscalingAutoProvisioningDefaultsUpgradeSettingsBlueGreenSettingsDict]]
    max_surge: NotRequired[pulumi.Input[int]]
    max_unavailable: NotRequired[pulumi.Input[int]]
    strategy: NotRequired[pulumi.Input[str]]

class ClusterClusterAutoscalingAutoProvisioningDefaultsDict(TypedDict):
    boot_disk_kms_key: NotRequired[pulumi.Input[str]]
    disk_size: NotRequired[pulumi.Input[int]]
    disk_type: NotRequired[pulumi.Input[str]]
    image_type: NotRequired[pulumi.Input[str]]
    management: NotRequired[pulumi.Input[ClusterClusterAutoscalingAutoProvisioningDefaultsManagementDict]]
    min_cpu_platform: NotRequired[pulumi.Input[str]]
    oauth_scopes: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    service_account: NotRequired[pulumi.Input[str]]
    shielded_instance_config: NotRequired[pulumi.Input[ClusterClusterAutoscalingAutoProvisioningDefaultsShieldedInstanceConfigDict]]
    upgrade_settings: NotRequired[pulumi.Input[ClusterClusterAutoscalingAutoProvisioningDefaultsUpgradeSettingsDict]]

class ClusterClusterAutoscalingResourceLimitDict(TypedDict):
    maximum: pulumi.Input[int]
    resource_type: pulumi.Input[str]
    minimum: NotRequired[pulumi.Input[int]]

class ClusterClusterAutoscalingDict(TypedDict):
    auto_provisioning_defaults: NotRequired[pulumi.Input[ClusterClusterAutoscalingAutoProvisioningDefaultsDict]]
    auto_provisioning_locations: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    autoscaling_profile: NotRequired[pulumi.Input[str]]
    default_compute_class_enabled: NotRequired[pulumi.Input[bool]]
    enabled: NotRequired[pulumi.Input[bool]]
    resource_limits: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterClusterAutoscalingResourceLimitDict]]]]

class ClusterClusterTelemetryDict(TypedDict):
    type: pulumi.Input[str]

class ClusterConfidentialNodesDict(TypedDict):
    enabled: pulumi.Input[bool]
    confidential_instance_type: NotRequired[pulumi.Input[str]]

class ClusterControlPlaneEndpointsConfigDnsEndpointConfigDict(TypedDict):
    allow_external_traffic: NotRequired[pulumi.Input[bool]]
    enable_k8s_certs_via_dns: NotRequired[pulumi.Input[bool]]
    enable_k8s_tokens_via_dns: NotRequired[pulumi.Input[bool]]
    endpoint: NotRequired[pulumi.Input[str]]

class ClusterControlPlaneEndpointsConfigIpEndpointsConfigDict(TypedDict):
    enabled: NotRequired[pulumi.Input[bool]]

class ClusterControlPlaneEndpointsConfigDict(TypedDict):
    dns_endpoint_config: NotRequired[pulumi.Input[ClusterControlPlaneEndpointsConfigDnsEndpointConfigDict]]
    ip_endpoints_config: NotRequired[pulumi.Input[ClusterControlPlaneEndpointsConfigIpEndpointsConfigDict]]

class ClusterCostManagementConfigDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterDatabaseEncryptionDict(TypedDict):
    state: pulumi.Input[str]
    key_name: NotRequired[pulumi.Input[str]]

class ClusterDefaultSnatStatusDict(TypedDict):
    disabled: pulumi.Input[bool]

class ClusterDnsConfigDict(TypedDict):
    additive_vpc_scope_dns_domain: NotRequired[pulumi.Input[str]]
    cluster_dns: NotRequired[pulumi.Input[str]]
    cluster_dns_domain: NotRequired[pulumi.Input[str]]
    cluster_dns_scope: NotRequired[pulumi.Input[str]]

class ClusterEnableK8sBetaApisDict(TypedDict):
    enabled_apis: pulumi.Input[Sequence[pulumi.Input[str]]]

class ClusterEnterpriseConfigDict(TypedDict):
    cluster_tier: NotRequired[pulumi.Input[str]]
    desired_tier: NotRequired[pulumi.Input[str]]

class ClusterFleetDict(TypedDict):
    membership: NotRequired[pulumi.Input[str]]
    membership_id: NotRequired[pulumi.Input[str]]
    membership_location: NotRequired[pulumi.Input[str]]
    membership_type: NotRequired[pulumi.Input[str]]
    pre_registered: NotRequired[pulumi.Input[bool]]
    project: NotRequired[pulumi.Input[str]]

class ClusterGatewayApiConfigDict(TypedDict):
    channel: pulumi.Input[str]

class ClusterGkeAutoUpgradeConfigDict(TypedDict):
    patch_mode: pulumi.Input[str]

class ClusterIdentityServiceConfigDict(TypedDict):
    enabled: NotRequired[pulumi.Input[bool]]

class ClusterIpAllocationPolicyAdditionalIpRangesConfigDict(TypedDict):
    subnetwork: pulumi.Input[str]
    pod_ipv4_range_names: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    status: NotRequired[pulumi.Input[str]]

class ClusterIpAllocationPolicyAdditionalPodRangesConfigDict(TypedDict):
    pod_range_names: pulumi.Input[Sequence[pulumi.Input[str]]]

class ClusterIpAllocationPolicyAutoIpamConfigDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterIpAllocationPolicyNetworkTierConfigDict(TypedDict):
    network_tier: pulumi.Input[str]

class ClusterIpAllocationPolicyPodCidrOverprovisionConfigDict(TypedDict):
    disabled: pulumi.Input[bool]

class ClusterIpAllocationPolicyDict(TypedDict):
    additional_ip_ranges_configs: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterIpAllocationPolicyAdditionalIpRangesConfigDict]]]]
    additional_pod_ranges_config: NotRequired[pulumi.Input[ClusterIpAllocationPolicyAdditionalPodRangesConfigDict]]
    auto_ipam_config: NotRequired[pulumi.Input[ClusterIpAllocationPolicyAutoIpamConfigDict]]
    cluster_ipv4_cidr_block: NotRequired[pulumi.Input[str]]
    cluster_secondary_range_name: NotRequired[pulumi.Input[str]]
    network_tier_config: NotRequired[pulumi.Input[ClusterIpAllocationPolicyNetworkTierConfigDict]]
    pod_cidr_overprovision_config: NotRequired[pulumi.Input[ClusterIpAllocationPolicyPodCidrOverprovisionConfigDict]]
    services_ipv4_cidr_block: NotRequired[pulumi.Input[str]]
    services_secondary_range_name: NotRequired[pulumi.Input[str]]
    stack_type: NotRequired[pulumi.Input[str]]

class ClusterLoggingConfigDict(TypedDict):
    enable_components: pulumi.Input[Sequence[pulumi.Input[str]]]

class ClusterMaintenancePolicyDailyMaintenanceWindowDict(TypedDict):
    start_time: pulumi.Input[str]
    duration: NotRequired[pulumi.Input[str]]

class ClusterMaintenancePolicyDisruptionBudgetDict(TypedDict):
    last_disruption_time: NotRequired[pulumi.Input[str]]
    last_minor_version_disruption_time: NotRequired[pulumi.Input[str]]
    minor_version_disruption_interval: NotRequired[pulumi.Input[str]]
    patch_version_disruption_interval: NotRequired[pulumi.Input[str]]

class ClusterMaintenancePolicyMaintenanceExclusionExclusionOptionsDict(TypedDict):
    scope: pulumi.Input[str]
    end_time_behavior: NotRequired[pulumi.Input[str]]

class ClusterMaintenancePolicyMaintenanceExclusionDict(TypedDict):
    exclusion_name: pulumi.Input[str]
    start_time: pulumi.Input[str]
    end_time: NotRequired[pulumi.Input[str]]
    exclusion_options: NotRequired[pulumi.Input[ClusterMaintenancePolicyMaintenanceExclusionExclusionOptionsDict]]

class ClusterMaintenancePolicyRecurringMaintenanceWindowWindowStartTimeDict(TypedDict):
    hours: pulumi.Input[int]
    minutes: pulumi.Input[int]
    seconds: pulumi.Input[int]

class ClusterMaintenancePolicyRecurringMaintenanceWindowDelayUntilDict(TypedDict):
    day: pulumi.Input[int]
    month: pulumi.Input[int]
    year: pulumi.Input[int]

class ClusterMaintenancePolicyRecurringMaintenanceWindowDict(TypedDict):
    recurrence: pulumi.Input[str]
    window_duration: pulumi.Input[str]
    window_start_time: pulumi.Input[ClusterMaintenancePolicyRecurringMaintenanceWindowWindowStartTimeDict]
    delay_until: NotRequired[pulumi.Input[ClusterMaintenancePolicyRecurringMaintenanceWindowDelayUntilDict]]

class ClusterMaintenancePolicyRecurringWindowDict(TypedDict):
    end_time: pulumi.Input[str]
    recurrence: pulumi.Input[str]
    start_time: pulumi.Input[str]

class ClusterMaintenancePolicyDict(TypedDict):
    daily_maintenance_window: NotRequired[pulumi.Input[ClusterMaintenancePolicyDailyMaintenanceWindowDict]]
    disruption_budget: NotRequired[pulumi.Input[ClusterMaintenancePolicyDisruptionBudgetDict]]
    maintenance_exclusions: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterMaintenancePolicyMaintenanceExclusionDict]]]]
    recurring_maintenance_window: NotRequired[pulumi.Input[ClusterMaintenancePolicyRecurringMaintenanceWindowDict]]
    recurring_window: NotRequired[pulumi.Input[ClusterMaintenancePolicyRecurringWindowDict]]

class ClusterManagedMachineLearningDiagnosticsConfigDict(TypedDict):
    enabled: NotRequired[pulumi.Input[bool]]

class ClusterManagedOpentelemetryConfigDict(TypedDict):
    scope: NotRequired[pulumi.Input[str]]

class ClusterMasterAuthClientCertificateConfigDict(TypedDict):
    issue_client_certificate: pulumi.Input[bool]

class ClusterMasterAuthDict(TypedDict):
    client_certificate_config: pulumi.Input[ClusterMasterAuthClientCertificateConfigDict]
    client_certificate: NotRequired[pulumi.Input[str]]
    client_key: NotRequired[pulumi.Input[str]]
    cluster_ca_certificate: NotRequired[pulumi.Input[str]]

class ClusterMasterAuthorizedNetworksConfigCidrBlockDict(TypedDict):
    cidr_block: pulumi.Input[str]
    display_name: NotRequired[pulumi.Input[str]]

class ClusterMasterAuthorizedNetworksConfigDict(TypedDict):
    cidr_blocks: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterMasterAuthorizedNetworksConfigCidrBlockDict]]]]
    gcp_public_cidrs_access_enabled: NotRequired[pulumi.Input[bool]]
    private_endpoint_enforcement_enabled: NotRequired[pulumi.Input[bool]]

class ClusterMeshCertificatesDict(TypedDict):
    enable_certificates: pulumi.Input[bool]

class ClusterMonitoringConfigAdvancedDatapathObservabilityConfigDict(TypedDict):
    enable_metrics: pulumi.Input[bool]
    enable_relay: pulumi.Input[bool]

class ClusterMonitoringConfigManagedPrometheusAutoMonitoringConfigDict(TypedDict):
    scope: pulumi.Input[str]

class ClusterMonitoringConfigManagedPrometheusDict(TypedDict):
    enabled: pulumi.Input[bool]
    auto_monitoring_config: NotRequired[pulumi.Input[ClusterMonitoringConfigManagedPrometheusAutoMonitoringConfigDict]]

class ClusterMonitoringConfigDict(TypedDict):
    advanced_datapath_observability_config: NotRequired[pulumi.Input[ClusterMonitoringConfigAdvancedDatapathObservabilityConfigDict]]
    enable_components: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    managed_prometheus: NotRequired[pulumi.Input[ClusterMonitoringConfigManagedPrometheusDict]]

class ClusterNetworkPerformanceConfigDict(TypedDict):
    total_egress_bandwidth_tier: pulumi.Input[str]

class ClusterNetworkPolicyDict(TypedDict):
    enabled: pulumi.Input[bool]
    provider: NotRequired[pulumi.Input[str]]

class ClusterNodeConfigAdvancedMachineFeaturesDict(TypedDict):
    threads_per_core: pulumi.Input[int]
    enable_nested_virtualization: NotRequired[pulumi.Input[bool]]
    performance_monitoring_unit: NotRequired[pulumi.Input[str]]

class ClusterNodeConfigBootDiskDict(TypedDict):
    disk_type: NotRequired[pulumi.Input[str]]
    provisioned_iops: NotRequired[pulumi.Input[int]]
    provisioned_throughput: NotRequired[pulumi.Input[int]]
    size_gb: NotRequired[pulumi.Input[int]]

class ClusterNodeConfigConfidentialNodesDict(TypedDict):
    enabled: pulumi.Input[bool]
    confidential_instance_type: NotRequired[pulumi.Input[str]]

class ClusterNodeConfigContainerdConfigPrivateRegistryAccessConfigCertificateAuthorityDomainConfigGcpSecretManagerCertificateConfigDict(TypedDict):
    secret_uri: pulumi.Input[str]

class ClusterNodeConfigContainerdConfigPrivateRegistryAccessConfigCertificateAuthorityDomainConfigDict(TypedDict):
    fqdns: pulumi.Input[Sequence[pulumi.Input[str]]]
    gcp_secret_manager_certificate_config: pulumi.Input[ClusterNodeConfigContainerdConfigPrivateRegistryAccessConfigCertificateAuthorityDomainConfigGcpSecretManagerCertificateConfigDict]

class ClusterNodeConfigContainerdConfigPrivateRegistryAccessConfigDict(TypedDict):
    enabled: pulumi.Input[bool]
    certificate_authority_domain_configs: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodeConfigContainerdConfigPrivateRegistryAccessConfigCertificateAuthorityDomainConfigDict]]]]

class ClusterNodeConfigContainerdConfigRegistryHostHostCaDict(TypedDict):
    gcp_secret_manager_secret_uri: NotRequired[pulumi.Input[str]]

class ClusterNodeConfigContainerdConfigRegistryHostHostClientCertDict(TypedDict):
    gcp_secret_manager_secret_uri: NotRequired[pulumi.Input[str]]

class ClusterNodeConfigContainerdConfigRegistryHostHostClientKeyDict(TypedDict):
    gcp_secret_manager_secret_uri: NotRequired[pulumi.Input[str]]

class ClusterNodeConfigContainerdConfigRegistryHostHostClientDict(TypedDict):
    cert: pulumi.Input[ClusterNodeConfigContainerdConfigRegistryHostHostClientCertDict]
    key: NotRequired[pulumi.Input[ClusterNodeConfigContainerdConfigRegistryHostHostClientKeyDict]]

class ClusterNodeConfigContainerdConfigRegistryHostHostHeaderDict(TypedDict):
    key: pulumi.Input[str]
    values: pulumi.Input[Sequence[pulumi.Input[str]]]

class ClusterNodeConfigContainerdConfigRegistryHostHostDict(TypedDict):
    host: pulumi.Input[str]
    capabilities: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    cas: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodeConfigContainerdConfigRegistryHostHostCaDict]]]]
    clients: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodeConfigContainerdConfigRegistryHostHostClientDict]]]]
    dial_timeout: NotRequired[pulumi.Input[str]]
    headers: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodeConfigContainerdConfigRegistryHostHostHeaderDict]]]]
    override_path: NotRequired[pulumi.Input[bool]]

class ClusterNodeConfigContainerdConfigRegistryHostDict(TypedDict):
    server: pulumi.Input[str]
    hosts: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodeConfigContainerdConfigRegistryHostHostDict]]]]

class ClusterNodeConfigContainerdConfigWritableCgroupsDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterNodeConfigContainerdConfigDict(TypedDict):
    private_registry_access_config: NotRequired[pulumi.Input[ClusterNodeConfigContainerdConfigPrivateRegistryAccessConfigDict]]
    registry_hosts: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodeConfigContainerdConfigRegistryHostDict]]]]
    writable_cgroups: NotRequired[pulumi.Input[ClusterNodeConfigContainerdConfigWritableCgroupsDict]]

class ClusterNodeConfigEffectiveTaintDict(TypedDict):
    effect: NotRequired[pulumi.Input[str]]
    key: NotRequired[pulumi.Input[str]]
    value: NotRequired[pulumi.Input[str]]

class ClusterNodeConfigEphemeralStorageConfigDict(TypedDict):
    local_ssd_count: pulumi.Input[int]

class ClusterNodeConfigEphemeralStorageLocalSsdConfigDict(TypedDict):
    local_ssd_count: pulumi.Input[int]
    data_cache_count: NotRequired[pulumi.Input[int]]

class ClusterNodeConfigFastSocketDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterNodeConfigGcfsConfigDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterNodeConfigGuestAcceleratorGpuDriverInstallationConfigDict(TypedDict):
    gpu_driver_version: pulumi.Input[str]

class ClusterNodeConfigGuestAcceleratorGpuSharingConfigDict(TypedDict):
    gpu_sharing_strategy: pulumi.Input[str]
    max_shared_clients_per_gpu: pulumi.Input[int]

class ClusterNodeConfigGuestAcceleratorDict(TypedDict):
    count: pulumi.Input[int]
    type: pulumi.Input[str]
    gpu_driver_installation_config: NotRequired[pulumi.Input[ClusterNodeConfigGuestAcceleratorGpuDriverInstallationConfigDict]]
    gpu_partition_size: NotRequired[pulumi.Input[str]]
    gpu_sharing_config: NotRequired[pulumi.Input[ClusterNodeConfigGuestAcceleratorGpuSharingConfigDict]]

class ClusterNodeConfigGvnicDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterNodeConfigHostMaintenancePolicyOpportunisticMaintenanceStrategyDict(TypedDict):
    maintenance_availability_window: pulumi.Input[str]
    min_nodes_per_pool: pulumi.Input[int]
    node_idle_time_window: pulumi.Input[str]

class ClusterNodeConfigHostMaintenancePolicyDict(TypedDict):
    maintenance_interval: pulumi.Input[str]
    opportunistic_maintenance_strategy: NotRequired[pulumi.Input[ClusterNodeConfigHostMaintenancePolicyOpportunisticMaintenanceStrategyDict]]

class ClusterNodeConfigKubeletConfigCrashLoopBackOffDict(TypedDict):
    max_container_restart_period: NotRequired[pulumi.Input[str]]

class ClusterNodeConfigKubeletConfigEvictionMinimumReclaimDict(TypedDict):
    imagefs_available: NotRequired[pulumi.Input[str]]
    imagefs_inodes_free: NotRequired[pulumi.Input[str]]
    memory_available: NotRequired[pulumi.Input[str]]
    nodefs_available: NotRequired[pulumi.Input[str]]
    nodefs_inodes_free: NotRequired[pulumi.Input[str]]
    pid_available: NotRequired[pulumi.Input[str]]

class ClusterNodeConfigKubeletConfigEvictionSoftDict(TypedDict):
    imagefs_available: NotRequired[pulumi.Input[str]]
    imagefs_inodes_free: NotRequired[pulumi.Input[str]]
    memory_available: NotRequired[pulumi.Input[str]]
    nodefs_available: NotRequired[pulumi.Input[str]]
    nodefs_inodes_free: NotRequired[pulumi.Input[str]]
    pid_available: NotRequired[pulumi.Input[str]]

class ClusterNodeConfigKubeletConfigEvictionSoftGracePeriodDict(TypedDict):
    imagefs_available: NotRequired[pulumi.Input[str]]
    imagefs_inodes_free: NotRequired[pulumi.Input[str]]
    memory_available: NotRequired[pulumi.Input[str]]
    nodefs_available: NotRequired[pulumi.Input[str]]
    nodefs_inodes_free: NotRequired[pulumi.Input[str]]
    pid_available: NotRequired[pulumi.Input[str]]

class ClusterNodeConfigKubeletConfigMemoryManagerDict(TypedDict):
    policy: NotRequired[pulumi.Input[str]]

class ClusterNodeConfigKubeletConfigTopologyManagerDict(TypedDict):
    policy: NotRequired[pulumi.Input[str]]
    scope: NotRequired[pulumi.Input[str]]

class ClusterNodeConfigKubeletConfigDict(TypedDict):
    allowed_unsafe_sysctls: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    container_log_max_files: NotRequired[pulumi.Input[int]]
    container_log_max_size: NotRequired[pulumi.Input[str]]
    cpu_cfs_quota: NotRequired[pulumi.Input[bool]]
    cpu_cfs_quota_period: NotRequired[pulumi.Input[str]]
    cpu_manager_policy: NotRequired[pulumi.Input[str]]
    crash_loop_back_off: NotRequired[pulumi.Input[ClusterNodeConfigKubeletConfigCrashLoopBackOffDict]]
    eviction_max_pod_grace_period_seconds: NotRequired[pulumi.Input[int]]
    eviction_minimum_reclaim: NotRequired[pulumi.Input[ClusterNodeConfigKubeletConfigEvictionMinimumReclaimDict]]
    eviction_soft: NotRequired[pulumi.Input[ClusterNodeConfigKubeletConfigEvictionSoftDict]]
    eviction_soft_grace_period: NotRequired[pulumi.Input[ClusterNodeConfigKubeletConfigEvictionSoftGracePeriodDict]]
    image_gc_high_threshold_percent: NotRequired[pulumi.Input[int]]
    image_gc_low_threshold_percent: NotRequired[pulumi.Input[int]]
    image_maximum_gc_age: NotRequired[pulumi.Input[str]]
    image_minimum_gc_age: NotRequired[pulumi.Input[str]]
    insecure_kubelet_readonly_port_enabled: NotRequired[pulumi.Input[str]]
    max_parallel_image_pulls: NotRequired[pulumi.Input[int]]
    memory_manager: NotRequired[pulumi.Input[ClusterNodeConfigKubeletConfigMemoryManagerDict]]
    pod_pids_limit: NotRequired[pulumi.Input[int]]
    shutdown_grace_period_critical_pods_seconds: NotRequired[pulumi.Input[int]]
    shutdown_grace_period_seconds: NotRequired[pulumi.Input[int]]
    single_process_oom_kill: NotRequired[pulumi.Input[bool]]
    topology_manager: NotRequired[pulumi.Input[ClusterNodeConfigKubeletConfigTopologyManagerDict]]

class ClusterNodeConfigLinuxNodeConfigAccurateTimeConfigDict(TypedDict):
    enable_ptp_kvm_time_sync: NotRequired[pulumi.Input[bool]]

class ClusterNodeConfigLinuxNodeConfigCustomNodeInitInitScriptDict(TypedDict):
    gcp_secret_manager_secret_uri: NotRequired[pulumi.Input[str]]
    gcs_generation: NotRequired[pulumi.Input[int]]
    gcs_uri: NotRequired[pulumi.Input[str]]

class ClusterNodeConfigLinuxNodeConfigCustomNodeInitDict(TypedDict):
    init_script: NotRequired[pulumi.Input[ClusterNodeConfigLinuxNodeConfigCustomNodeInitInitScriptDict]]

class ClusterNodeConfigLinuxNodeConfigHugepagesConfigDict(TypedDict):
    hugepage_size1g: NotRequired[pulumi.Input[int]]
    hugepage_size2m: NotRequired[pulumi.Input[int]]

class ClusterNodeConfigLinuxNodeConfigNodeKernelModuleLoadingDict(TypedDict):
    policy: NotRequired[pulumi.Input[str]]

class ClusterNodeConfigLinuxNodeConfigSwapConfigBootDiskProfileDict(TypedDict):
    swap_size_gib: NotRequired[pulumi.Input[int]]
    swap_size_percent: NotRequired[pulumi.Input[int]]

class ClusterNodeConfigLinuxNodeConfigSwapConfigDedicatedLocalSsdProfileDict(TypedDict):
    disk_count: NotRequired[pulumi.Input[int]]

class ClusterNodeConfigLinuxNodeConfigSwapConfigEncryptionConfigDict(TypedDict):
    disabled: NotRequired[pulumi.Input[bool]]

class ClusterNodeConfigLinuxNodeConfigSwapConfigEphemeralLocalSsdProfileDict(TypedDict):
    swap_size_gib: NotRequired[pulumi.Input[int]]
    swap_size_percent: NotRequired[pulumi.Input[int]]

class ClusterNodeConfigLinuxNodeConfigSwapConfigDict(TypedDict):
    boot_disk_profile: NotRequired[pulumi.Input[ClusterNodeConfigLinuxNodeConfigSwapConfigBootDiskProfileDict]]
    dedicated_local_ssd_profile: NotRequired[pulumi.Input[ClusterNodeConfigLinuxNodeConfigSwapConfigDedicatedLocalSsdProfileDict]]
    enabled: NotRequired[pulumi.Input[bool]]
    encryption_config: NotRequired[pulumi.Input[ClusterNodeConfigLinuxNodeConfigSwapConfigEncryptionConfigDict]]
    ephemeral_local_ssd_profile: NotRequired[pulumi.Input[ClusterNodeConfigLinuxNodeConfigSwapConfigEphemeralLocalSsdProfileDict]]

class ClusterNodeConfigLinuxNodeConfigDict(TypedDict):
    accurate_time_config: NotRequired[pulumi.Input[ClusterNodeConfigLinuxNodeConfigAccurateTimeConfigDict]]
    cgroup_mode: NotRequired[pulumi.Input[str]]
    custom_node_init: NotRequired[pulumi.Input[ClusterNodeConfigLinuxNodeConfigCustomNodeInitDict]]
    hugepages_config: NotRequired[pulumi.Input[ClusterNodeConfigLinuxNodeConfigHugepagesConfigDict]]
    node_kernel_module_loading: NotRequired[pulumi.Input[ClusterNodeConfigLinuxNodeConfigNodeKernelModuleLoadingDict]]
    swap_config: NotRequired[pulumi.Input[ClusterNodeConfigLinuxNodeConfigSwapConfigDict]]
    sysctls: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    transparent_hugepage_defrag: NotRequired[pulumi.Input[str]]
    transparent_hugepage_enabled: NotRequired[pulumi.Input[str]]

class ClusterNodeConfigLocalNvmeSsdBlockConfigDict(TypedDict):
    local_ssd_count: pulumi.Input[int]

class ClusterNodeConfigNodeImageConfigDict(TypedDict):
    image: NotRequired[pulumi.Input[str]]
    image_project: NotRequired[pulumi.Input[str]]

class ClusterNodeConfigReservationAffinityDict(TypedDict):
    consume_reservation_type: pulumi.Input[str]
    key: NotRequired[pulumi.Input[str]]
    values: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]

class ClusterNodeConfigSandboxConfigDict(TypedDict):
    sandbox_type: NotRequired[pulumi.Input[str]]
    type: NotRequired[pulumi.Input[str]]

class ClusterNodeConfigSecondaryBootDiskDict(TypedDict):
    disk_image: pulumi.Input[str]
    mode: NotRequired[pulumi.Input[str]]

class ClusterNodeConfigShieldedInstanceConfigDict(TypedDict):
    enable_integrity_monitoring: NotRequired[pulumi.Input[bool]]
    enable_secure_boot: NotRequired[pulumi.Input[bool]]

class ClusterNodeConfigSoleTenantConfigNodeAffinityDict(TypedDict):
    key: pulumi.Input[str]
    operator: pulumi.Input[str]
    values: pulumi.Input[Sequence[pulumi.Input[str]]]

class ClusterNodeConfigSoleTenantConfigDict(TypedDict):
    node_affinities: pulumi.Input[Sequence[pulumi.Input[ClusterNodeConfigSoleTenantConfigNodeAffinityDict]]]
    min_node_cpus: NotRequired[pulumi.Input[int]]

class ClusterNodeConfigTaintConfigDict(TypedDict):
    architecture_taint_behavior: pulumi.Input[str]

class ClusterNodeConfigTaintDict(TypedDict):
    effect: pulumi.Input[str]
    key: pulumi.Input[str]
    value: pulumi.Input[str]

class ClusterNodeConfigWindowsNodeConfigDict(TypedDict):
    osversion: NotRequired[pulumi.Input[str]]

class ClusterNodeConfigWorkloadMetadataConfigDict(TypedDict):
    mode: pulumi.Input[str]

class ClusterNodeConfigDict(TypedDict):
    advanced_machine_features: NotRequired[pulumi.Input[ClusterNodeConfigAdvancedMachineFeaturesDict]]
    boot_disk: NotRequired[pulumi.Input[ClusterNodeConfigBootDiskDict]]
    boot_disk_kms_key: NotRequired[pulumi.Input[str]]
    confidential_nodes: NotRequired[pulumi.Input[ClusterNodeConfigConfidentialNodesDict]]
    containerd_config: NotRequired[pulumi.Input[ClusterNodeConfigContainerdConfigDict]]
    disk_size_gb: NotRequired[pulumi.Input[int]]
    disk_type: NotRequired[pulumi.Input[str]]
    effective_taints: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodeConfigEffectiveTaintDict]]]]
    enable_confidential_storage: NotRequired[pulumi.Input[bool]]
    ephemeral_storage_config: NotRequired[pulumi.Input[ClusterNodeConfigEphemeralStorageConfigDict]]
    ephemeral_storage_local_ssd_config: NotRequired[pulumi.Input[ClusterNodeConfigEphemeralStorageLocalSsdConfigDict]]
    fast_socket: NotRequired[pulumi.Input[ClusterNodeConfigFastSocketDict]]
    flex_start: NotRequired[pulumi.Input[bool]]
    gcfs_config: NotRequired[pulumi.Input[ClusterNodeConfigGcfsConfigDict]]
    gpudirect_strategy: NotRequired[pulumi.Input[str]]
    guest_accelerators: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodeConfigGuestAcceleratorDict]]]]
    gvnic: NotRequired[pulumi.Input[ClusterNodeConfigGvnicDict]]
    host_maintenance_policy: NotRequired[pulumi.Input[ClusterNodeConfigHostMaintenancePolicyDict]]
    image_type: NotRequired[pulumi.Input[str]]
    kubelet_config: NotRequired[pulumi.Input[ClusterNodeConfigKubeletConfigDict]]
    labels: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    linux_node_config: NotRequired[pulumi.Input[ClusterNodeConfigLinuxNodeConfigDict]]
    local_nvme_ssd_block_config: NotRequired[pulumi.Input[ClusterNodeConfigLocalNvmeSsdBlockConfigDict]]
    local_ssd_count: NotRequired[pulumi.Input[int]]
    local_ssd_encryption_mode: NotRequired[pulumi.Input[str]]
    logging_variant: NotRequired[pulumi.Input[str]]
    machine_type: NotRequired[pulumi.Input[str]]
    max_run_duration: NotRequired[pulumi.Input[str]]
    metadata: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    min_cpu_platform: NotRequired[pulumi.Input[str]]
    node_group: NotRequired[pulumi.Input[str]]
    node_image_configs: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodeConfigNodeImageConfigDict]]]]
    oauth_scopes: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    preemptible: NotRequired[pulumi.Input[bool]]
    reservation_affinity: NotRequired[pulumi.Input[ClusterNodeConfigReservationAffinityDict]]
    resource_labels: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    resource_manager_tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    sandbox_config: NotRequired[pulumi.Input[ClusterNodeConfigSandboxConfigDict]]
    secondary_boot_disks: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodeConfigSecondaryBootDiskDict]]]]
    service_account: NotRequired[pulumi.Input[str]]
    shielded_instance_config: NotRequired[pulumi.Input[ClusterNodeConfigShieldedInstanceConfigDict]]
    sole_tenant_config: NotRequired[pulumi.Input[ClusterNodeConfigSoleTenantConfigDict]]
    spot: NotRequired[pulumi.Input[bool]]
    storage_pools: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    tags: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    taint_config: NotRequired[pulumi.Input[ClusterNodeConfigTaintConfigDict]]
    taints: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodeConfigTaintDict]]]]
    windows_node_config: NotRequired[pulumi.Input[ClusterNodeConfigWindowsNodeConfigDict]]
    workload_metadata_config: NotRequired[pulumi.Input[ClusterNodeConfigWorkloadMetadataConfigDict]]

class ClusterNodeCreationConfigDict(TypedDict):
    node_creation_mode: pulumi.Input[str]

class ClusterNodePoolAutoConfigLinuxNodeConfigNodeKernelModuleLoadingDict(TypedDict):
    policy: NotRequired[pulumi.Input[str]]

class ClusterNodePoolAutoConfigLinuxNodeConfigDict(TypedDict):
    cgroup_mode: NotRequired[pulumi.Input[str]]
    node_kernel_module_loading: NotRequired[pulumi.Input[ClusterNodePoolAutoConfigLinuxNodeConfigNodeKernelModuleLoadingDict]]

class ClusterNodePoolAutoConfigNetworkTagsDict(TypedDict):
    tags: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]

class ClusterNodePoolAutoConfigNodeKubeletConfigDict(TypedDict):
    insecure_kubelet_readonly_port_enabled: NotRequired[pulumi.Input[str]]

class ClusterNodePoolAutoConfigDict(TypedDict):
    linux_node_config: NotRequired[pulumi.Input[ClusterNodePoolAutoConfigLinuxNodeConfigDict]]
    network_tags: NotRequired[pulumi.Input[ClusterNodePoolAutoConfigNetworkTagsDict]]
    node_kubelet_config: NotRequired[pulumi.Input[ClusterNodePoolAutoConfigNodeKubeletConfigDict]]
    resource_manager_tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]

class ClusterNodePoolDefaultsNodeConfigDefaultsContainerdConfigPrivateRegistryAccessConfigCertificateAuthorityDomainConfigGcpSecretManagerCertificateConfigDict(TypedDict):
    secret_uri: pulumi.Input[str]

class ClusterNodePoolDefaultsNodeConfigDefaultsContainerdConfigPrivateRegistryAccessConfigCertificateAuthorityDomainConfigDict(TypedDict):
    fqdns: pulumi.Input[Sequence[pulumi.Input[str]]]
    gcp_secret_manager_certificate_config: pulumi.Input[ClusterNodePoolDefaultsNodeConfigDefaultsContainerdConfigPrivateRegistryAccessConfigCertificateAuthorityDomainConfigGcpSecretManagerCertificateConfigDict]

class ClusterNodePoolDefaultsNodeConfigDefaultsContainerdConfigPrivateRegistryAccessConfigDict(TypedDict):
    enabled: pulumi.Input[bool]
    certificate_authority_domain_configs: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodePoolDefaultsNodeConfigDefaultsContainerdConfigPrivateRegistryAccessConfigCertificateAuthorityDomainConfigDict]]]]

class ClusterNodePoolDefaultsNodeConfigDefaultsContainerdConfigRegistryHostHostCaDict(TypedDict):
    gcp_secret_manager_secret_uri: NotRequired[pulumi.Input[str]]

class ClusterNodePoolDefaultsNodeConfigDefaultsContainerdConfigRegistryHostHostClientCertDict(TypedDict):
    gcp_secret_manager_secret_uri: NotRequired[pulumi.Input[str]]

class ClusterNodePoolDefaultsNodeConfigDefaultsContainerdConfigRegistryHostHostClientKeyDict(TypedDict):
    gcp_secret_manager_secret_uri: NotRequired[pulumi.Input[str]]

class ClusterNodePoolDefaultsNodeConfigDefaultsContainerdConfigRegistryHostHostClientDict(TypedDict):
    cert: pulumi.Input[ClusterNodePoolDefaultsNodeConfigDefaultsContainerdConfigRegistryHostHostClientCertDict]
    key: NotRequired[pulumi.Input[ClusterNodePoolDefaultsNodeConfigDefaultsContainerdConfigRegistryHostHostClientKeyDict]]

class ClusterNodePoolDefaultsNodeConfigDefaultsContainerdConfigRegistryHostHostHeaderDict(TypedDict):
    key: pulumi.Input[str]
    values: pulumi.Input[Sequence[pulumi.Input[str]]]

class ClusterNodePoolDefaultsNodeConfigDefaultsContainerdConfigRegistryHostHostDict(TypedDict):
    host: pulumi.Input[str]
    capabilities: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    cas: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodePoolDefaultsNodeConfigDefaultsContainerdConfigRegistryHostHostCaDict]]]]
    clients: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodePoolDefaultsNodeConfigDefaultsContainerdConfigRegistryHostHostClientDict]]]]
    dial_timeout: NotRequired[pulumi.Input[str]]
    headers: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodePoolDefaultsNodeConfigDefaultsContainerdConfigRegistryHostHostHeaderDict]]]]
    override_path: NotRequired[pulumi.Input[bool]]

class ClusterNodePoolDefaultsNodeConfigDefaultsContainerdConfigRegistryHostDict(TypedDict):
    server: pulumi.Input[str]
    hosts: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodePoolDefaultsNodeConfigDefaultsContainerdConfigRegistryHostHostDict]]]]

class ClusterNodePoolDefaultsNodeConfigDefaultsContainerdConfigWritableCgroupsDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterNodePoolDefaultsNodeConfigDefaultsContainerdConfigDict(TypedDict):
    private_registry_access_config: NotRequired[pulumi.Input[ClusterNodePoolDefaultsNodeConfigDefaultsContainerdConfigPrivateRegistryAccessConfigDict]]
    registry_hosts: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodePoolDefaultsNodeConfigDefaultsContainerdConfigRegistryHostDict]]]]
    writable_cgroups: NotRequired[pulumi.Input[ClusterNodePoolDefaultsNodeConfigDefaultsContainerdConfigWritableCgroupsDict]]

class ClusterNodePoolDefaultsNodeConfigDefaultsGcfsConfigDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterNodePoolDefaultsNodeConfigDefaultsDict(TypedDict):
    containerd_config: NotRequired[pulumi.Input[ClusterNodePoolDefaultsNodeConfigDefaultsContainerdConfigDict]]
    gcfs_config: NotRequired[pulumi.Input[ClusterNodePoolDefaultsNodeConfigDefaultsGcfsConfigDict]]
    insecure_kubelet_readonly_port_enabled: NotRequired[pulumi.Input[str]]
    logging_variant: NotRequired[pulumi.Input[str]]

class ClusterNodePoolDefaultsDict(TypedDict):
    node_config_defaults: NotRequired[pulumi.Input[ClusterNodePoolDefaultsNodeConfigDefaultsDict]]

class ClusterNodePoolAutoscalingDict(TypedDict):
    location_policy: NotRequired[pulumi.Input[str]]
    max_node_count: NotRequired[pulumi.Input[int]]
    min_node_count: NotRequired[pulumi.Input[int]]
    total_max_node_count: NotRequired[pulumi.Input[int]]
    total_min_node_count: NotRequired[pulumi.Input[int]]

class ClusterNodePoolBestEffortProvisioningDict(TypedDict):
    enabled: pulumi.Input[bool]
    min_provision_nodes: NotRequired[pulumi.Input[int]]

class ClusterNodePoolMaintenancePolicyExclusionUntilEndOfSupportDict(TypedDict):
    enabled: NotRequired[pulumi.Input[bool]]
    end_time: NotRequired[pulumi.Input[str]]
    start_time: NotRequired[pulumi.Input[str]]

class ClusterNodePoolMaintenancePolicyDict(TypedDict):
    exclusion_until_end_of_supports: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodePoolMaintenancePolicyExclusionUntilEndOfSupportDict]]]]

class ClusterNodePoolManagementDict(TypedDict):
    auto_repair: NotRequired[pulumi.Input[bool]]
    auto_upgrade: NotRequired[pulumi.Input[bool]]

class ClusterNodePoolNetworkConfigAdditionalNodeNetworkConfigDict(TypedDict):
    network: NotRequired[pulumi.Input[str]]
    stack_type: NotRequired[pulumi.Input[str]]
    subnetwork: NotRequired[pulumi.Input[str]]

class ClusterNodePoolNetworkConfigAdditionalPodNetworkConfigDict(TypedDict):
    max_pods_per_node: NotRequired[pulumi.Input[int]]
    secondary_pod_range: NotRequired[pulumi.Input[str]]
    subnetwork: NotRequired[pulumi.Input[str]]

class ClusterNodePoolNetworkConfigNetworkPerformanceConfigDict(TypedDict):
    total_egress_bandwidth_tier: pulumi.Input[str]

class ClusterNodePoolNetworkConfigPodCidrOverprovisionConfigDict(TypedDict):
    disabled: pulumi.Input[bool]

class ClusterNodePoolNetworkConfigDict(TypedDict):
    accelerator_network_profile: NotRequired[pulumi.Input[str]]
    additional_node_network_configs: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodePoolNetworkConfigAdditionalNodeNetworkConfigDict]]]]
    additional_pod_network_configs: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodePoolNetworkConfigAdditionalPodNetworkConfigDict]]]]
    create_pod_range: NotRequired[pulumi.Input[bool]]
    enable_private_nodes: NotRequired[pulumi.Input[bool]]
    network_performance_config: NotRequired[pulumi.Input[ClusterNodePoolNetworkConfigNetworkPerformanceConfigDict]]
    pod_cidr_overprovision_config: NotRequired[pulumi.Input[ClusterNodePoolNetworkConfigPodCidrOverprovisionConfigDict]]
    pod_ipv4_cidr_block: NotRequired[pulumi.Input[str]]
    pod_range: NotRequired[pulumi.Input[str]]
    subnetwork: NotRequired[pulumi.Input[str]]

class ClusterNodePoolNodeConfigAdvancedMachineFeaturesDict(TypedDict):
    threads_per_core: pulumi.Input[int]
    enable_nested_virtualization: NotRequired[pulumi.Input[bool]]
    performance_monitoring_unit: NotRequired[pulumi.Input[str]]

class ClusterNodePoolNodeConfigBootDiskDict(TypedDict):
    disk_type: NotRequired[pulumi.Input[str]]
    provisioned_iops: NotRequired[pulumi.Input[int]]
    provisioned_throughput: NotRequired[pulumi.Input[int]]
    size_gb: NotRequired[pulumi.Input[int]]

class ClusterNodePoolNodeConfigConfidentialNodesDict(TypedDict):
    enabled: pulumi.Input[bool]
    confidential_instance_type: NotRequired[pulumi.Input[str]]

class ClusterNodePoolNodeConfigContainerdConfigPrivateRegistryAccessConfigCertificateAuthorityDomainConfigGcpSecretManagerCertificateConfigDict(TypedDict):
    secret_uri: pulumi.Input[str]

class ClusterNodePoolNodeConfigContainerdConfigPrivateRegistryAccessConfigCertificateAuthorityDomainConfigDict(TypedDict):
    fqdns: pulumi.Input[Sequence[pulumi.Input[str]]]
    gcp_secret_manager_certificate_config: pulumi.Input[ClusterNodePoolNodeConfigContainerdConfigPrivateRegistryAccessConfigCertificateAuthorityDomainConfigGcpSecretManagerCertificateConfigDict]

class ClusterNodePoolNodeConfigContainerdConfigPrivateRegistryAccessConfigDict(TypedDict):
    enabled: pulumi.Input[bool]
    certificate_authority_domain_configs: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodePoolNodeConfigContainerdConfigPrivateRegistryAccessConfigCertificateAuthorityDomainConfigDict]]]]

class ClusterNodePoolNodeConfigContainerdConfigRegistryHostHostCaDict(TypedDict):
    gcp_secret_manager_secret_uri: NotRequired[pulumi.Input[str]]

class ClusterNodePoolNodeConfigContainerdConfigRegistryHostHostClientCertDict(TypedDict):
    gcp_secret_manager_secret_uri: NotRequired[pulumi.Input[str]]

class ClusterNodePoolNodeConfigContainerdConfigRegistryHostHostClientKeyDict(TypedDict):
    gcp_secret_manager_secret_uri: NotRequired[pulumi.Input[str]]

class ClusterNodePoolNodeConfigContainerdConfigRegistryHostHostClientDict(TypedDict):
    cert: pulumi.Input[ClusterNodePoolNodeConfigContainerdConfigRegistryHostHostClientCertDict]
    key: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigContainerdConfigRegistryHostHostClientKeyDict]]

class ClusterNodePoolNodeConfigContainerdConfigRegistryHostHostHeaderDict(TypedDict):
    key: pulumi.Input[str]
    values: pulumi.Input[Sequence[pulumi.Input[str]]]

class ClusterNodePoolNodeConfigContainerdConfigRegistryHostHostDict(TypedDict):
    host: pulumi.Input[str]
    capabilities: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    cas: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodePoolNodeConfigContainerdConfigRegistryHostHostCaDict]]]]
    clients: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodePoolNodeConfigContainerdConfigRegistryHostHostClientDict]]]]
    dial_timeout: NotRequired[pulumi.Input[str]]
    headers: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodePoolNodeConfigContainerdConfigRegistryHostHostHeaderDict]]]]
    override_path: NotRequired[pulumi.Input[bool]]

class ClusterNodePoolNodeConfigContainerdConfigRegistryHostDict(TypedDict):
    server: pulumi.Input[str]
    hosts: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodePoolNodeConfigContainerdConfigRegistryHostHostDict]]]]

class ClusterNodePoolNodeConfigContainerdConfigWritableCgroupsDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterNodePoolNodeConfigContainerdConfigDict(TypedDict):
    private_registry_access_config: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigContainerdConfigPrivateRegistryAccessConfigDict]]
    registry_hosts: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodePoolNodeConfigContainerdConfigRegistryHostDict]]]]
    writable_cgroups: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigContainerdConfigWritableCgroupsDict]]

class ClusterNodePoolNodeConfigEffectiveTaintDict(TypedDict):
    effect: NotRequired[pulumi.Input[str]]
    key: NotRequired[pulumi.Input[str]]
    value: NotRequired[pulumi.Input[str]]

class ClusterNodePoolNodeConfigEphemeralStorageConfigDict(TypedDict):
    local_ssd_count: pulumi.Input[int]

class ClusterNodePoolNodeConfigEphemeralStorageLocalSsdConfigDict(TypedDict):
    local_ssd_count: pulumi.Input[int]
    data_cache_count: NotRequired[pulumi.Input[int]]

class ClusterNodePoolNodeConfigFastSocketDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterNodePoolNodeConfigGcfsConfigDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterNodePoolNodeConfigGuestAcceleratorGpuDriverInstallationConfigDict(TypedDict):
    gpu_driver_version: pulumi.Input[str]

class ClusterNodePoolNodeConfigGuestAcceleratorGpuSharingConfigDict(TypedDict):
    gpu_sharing_strategy: pulumi.Input[str]
    max_shared_clients_per_gpu: pulumi.Input[int]

class ClusterNodePoolNodeConfigGuestAcceleratorDict(TypedDict):
    count: pulumi.Input[int]
    type: pulumi.Input[str]
    gpu_driver_installation_config: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigGuestAcceleratorGpuDriverInstallationConfigDict]]
    gpu_partition_size: NotRequired[pulumi.Input[str]]
    gpu_sharing_config: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigGuestAcceleratorGpuSharingConfigDict]]

class ClusterNodePoolNodeConfigGvnicDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterNodePoolNodeConfigHostMaintenancePolicyOpportunisticMaintenanceStrategyDict(TypedDict):
    maintenance_availability_window: pulumi.Input[str]
    min_nodes_per_pool: pulumi.Input[int]
    node_idle_time_window: pulumi.Input[str]

class ClusterNodePoolNodeConfigHostMaintenancePolicyDict(TypedDict):
    maintenance_interval: pulumi.Input[str]
    opportunistic_maintenance_strategy: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigHostMaintenancePolicyOpportunisticMaintenanceStrategyDict]]

class ClusterNodePoolNodeConfigKubeletConfigCrashLoopBackOffDict(TypedDict):
    max_container_restart_period: NotRequired[pulumi.Input[str]]

class ClusterNodePoolNodeConfigKubeletConfigEvictionMinimumReclaimDict(TypedDict):
    imagefs_available: NotRequired[pulumi.Input[str]]
    imagefs_inodes_free: NotRequired[pulumi.Input[str]]
    memory_available: NotRequired[pulumi.Input[str]]
    nodefs_available: NotRequired[pulumi.Input[str]]
    nodefs_inodes_free: NotRequired[pulumi.Input[str]]
    pid_available: NotRequired[pulumi.Input[str]]

class ClusterNodePoolNodeConfigKubeletConfigEvictionSoftDict(TypedDict):
    imagefs_available: NotRequired[pulumi.Input[str]]
    imagefs_inodes_free: NotRequired[pulumi.Input[str]]
    memory_available: NotRequired[pulumi.Input[str]]
    nodefs_available: NotRequired[pulumi.Input[str]]
    nodefs_inodes_free: NotRequired[pulumi.Input[str]]
    pid_available: NotRequired[pulumi.Input[str]]

class ClusterNodePoolNodeConfigKubeletConfigEvictionSoftGracePeriodDict(TypedDict):
    imagefs_available: NotRequired[pulumi.Input[str]]
    imagefs_inodes_free: NotRequired[pulumi.Input[str]]
    memory_available: NotRequired[pulumi.Input[str]]
    nodefs_available: NotRequired[pulumi.Input[str]]
    nodefs_inodes_free: NotRequired[pulumi.Input[str]]
    pid_available: NotRequired[pulumi.Input[str]]

class ClusterNodePoolNodeConfigKubeletConfigMemoryManagerDict(TypedDict):
    policy: NotRequired[pulumi.Input[str]]

class ClusterNodePoolNodeConfigKubeletConfigTopologyManagerDict(TypedDict):
    policy: NotRequired[pulumi.Input[str]]
    scope: NotRequired[pulumi.Input[str]]

class ClusterNodePoolNodeConfigKubeletConfigDict(TypedDict):
    allowed_unsafe_sysctls: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    container_log_max_files: NotRequired[pulumi.Input[int]]
    container_log_max_size: NotRequired[pulumi.Input[str]]
    cpu_cfs_quota: NotRequired[pulumi.Input[bool]]
    cpu_cfs_quota_period: NotRequired[pulumi.Input[str]]
    cpu_manager_policy: NotRequired[pulumi.Input[str]]
    crash_loop_back_off: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigKubeletConfigCrashLoopBackOffDict]]
    eviction_max_pod_grace_period_seconds: NotRequired[pulumi.Input[int]]
    eviction_minimum_reclaim: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigKubeletConfigEvictionMinimumReclaimDict]]
    eviction_soft: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigKubeletConfigEvictionSoftDict]]
    eviction_soft_grace_period: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigKubeletConfigEvictionSoftGracePeriodDict]]
    image_gc_high_threshold_percent: NotRequired[pulumi.Input[int]]
    image_gc_low_threshold_percent: NotRequired[pulumi.Input[int]]
    image_maximum_gc_age: NotRequired[pulumi.Input[str]]
    image_minimum_gc_age: NotRequired[pulumi.Input[str]]
    insecure_kubelet_readonly_port_enabled: NotRequired[pulumi.Input[str]]
    max_parallel_image_pulls: NotRequired[pulumi.Input[int]]
    memory_manager: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigKubeletConfigMemoryManagerDict]]
    pod_pids_limit: NotRequired[pulumi.Input[int]]
    shutdown_grace_period_critical_pods_seconds: NotRequired[pulumi.Input[int]]
    shutdown_grace_period_seconds: NotRequired[pulumi.Input[int]]
    single_process_oom_kill: NotRequired[pulumi.Input[bool]]
    topology_manager: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigKubeletConfigTopologyManagerDict]]

class ClusterNodePoolNodeConfigLinuxNodeConfigAccurateTimeConfigDict(TypedDict):
    enable_ptp_kvm_time_sync: NotRequired[pulumi.Input[bool]]

class ClusterNodePoolNodeConfigLinuxNodeConfigCustomNodeInitInitScriptDict(TypedDict):
    gcp_secret_manager_secret_uri: NotRequired[pulumi.Input[str]]
    gcs_generation: NotRequired[pulumi.Input[int]]
    gcs_uri: NotRequired[pulumi.Input[str]]

class ClusterNodePoolNodeConfigLinuxNodeConfigCustomNodeInitDict(TypedDict):
    init_script: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigLinuxNodeConfigCustomNodeInitInitScriptDict]]

class ClusterNodePoolNodeConfigLinuxNodeConfigHugepagesConfigDict(TypedDict):
    hugepage_size1g: NotRequired[pulumi.Input[int]]
    hugepage_size2m: NotRequired[pulumi.Input[int]]

class ClusterNodePoolNodeConfigLinuxNodeConfigNodeKernelModuleLoadingDict(TypedDict):
    policy: NotRequired[pulumi.Input[str]]

class ClusterNodePoolNodeConfigLinuxNodeConfigSwapConfigBootDiskProfileDict(TypedDict):
    swap_size_gib: NotRequired[pulumi.Input[int]]
    swap_size_percent: NotRequired[pulumi.Input[int]]

class ClusterNodePoolNodeConfigLinuxNodeConfigSwapConfigDedicatedLocalSsdProfileDict(TypedDict):
    disk_count: NotRequired[pulumi.Input[int]]

class ClusterNodePoolNodeConfigLinuxNodeConfigSwapConfigEncryptionConfigDict(TypedDict):
    disabled: NotRequired[pulumi.Input[bool]]

class ClusterNodePoolNodeConfigLinuxNodeConfigSwapConfigEphemeralLocalSsdProfileDict(TypedDict):
    swap_size_gib: NotRequired[pulumi.Input[int]]
    swap_size_percent: NotRequired[pulumi.Input[int]]

class ClusterNodePoolNodeConfigLinuxNodeConfigSwapConfigDict(TypedDict):
    boot_disk_profile: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigLinuxNodeConfigSwapConfigBootDiskProfileDict]]
    dedicated_local_ssd_profile: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigLinuxNodeConfigSwapConfigDedicatedLocalSsdProfileDict]]
    enabled: NotRequired[pulumi.Input[bool]]
    encryption_config: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigLinuxNodeConfigSwapConfigEncryptionConfigDict]]
    ephemeral_local_ssd_profile: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigLinuxNodeConfigSwapConfigEphemeralLocalSsdProfileDict]]

class ClusterNodePoolNodeConfigLinuxNodeConfigDict(TypedDict):
    accurate_time_config: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigLinuxNodeConfigAccurateTimeConfigDict]]
    cgroup_mode: NotRequired[pulumi.Input[str]]
    custom_node_init: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigLinuxNodeConfigCustomNodeInitDict]]
    hugepages_config: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigLinuxNodeConfigHugepagesConfigDict]]
    node_kernel_module_loading: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigLinuxNodeConfigNodeKernelModuleLoadingDict]]
    swap_config: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigLinuxNodeConfigSwapConfigDict]]
    sysctls: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    transparent_hugepage_defrag: NotRequired[pulumi.Input[str]]
    transparent_hugepage_enabled: NotRequired[pulumi.Input[str]]

class ClusterNodePoolNodeConfigLocalNvmeSsdBlockConfigDict(TypedDict):
    local_ssd_count: pulumi.Input[int]

class ClusterNodePoolNodeConfigNodeImageConfigDict(TypedDict):
    image: NotRequired[pulumi.Input[str]]
    image_project: NotRequired[pulumi.Input[str]]

class ClusterNodePoolNodeConfigReservationAffinityDict(TypedDict):
    consume_reservation_type: pulumi.Input[str]
    key: NotRequired[pulumi.Input[str]]
    values: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]

class ClusterNodePoolNodeConfigSandboxConfigDict(TypedDict):
    sandbox_type: NotRequired[pulumi.Input[str]]
    type: NotRequired[pulumi.Input[str]]

class ClusterNodePoolNodeConfigSecondaryBootDiskDict(TypedDict):
    disk_image: pulumi.Input[str]
    mode: NotRequired[pulumi.Input[str]]

class ClusterNodePoolNodeConfigShieldedInstanceConfigDict(TypedDict):
    enable_integrity_monitoring: NotRequired[pulumi.Input[bool]]
    enable_secure_boot: NotRequired[pulumi.Input[bool]]

class ClusterNodePoolNodeConfigSoleTenantConfigNodeAffinityDict(TypedDict):
    key: pulumi.Input[str]
    operator: pulumi.Input[str]
    values: pulumi.Input[Sequence[pulumi.Input[str]]]

class ClusterNodePoolNodeConfigSoleTenantConfigDict(TypedDict):
    node_affinities: pulumi.Input[Sequence[pulumi.Input[ClusterNodePoolNodeConfigSoleTenantConfigNodeAffinityDict]]]
    min_node_cpus: NotRequired[pulumi.Input[int]]

class ClusterNodePoolNodeConfigTaintConfigDict(TypedDict):
    architecture_taint_behavior: pulumi.Input[str]

class ClusterNodePoolNodeConfigTaintDict(TypedDict):
    effect: pulumi.Input[str]
    key: pulumi.Input[str]
    value: pulumi.Input[str]

class ClusterNodePoolNodeConfigWindowsNodeConfigDict(TypedDict):
    osversion: NotRequired[pulumi.Input[str]]

class ClusterNodePoolNodeConfigWorkloadMetadataConfigDict(TypedDict):
    mode: pulumi.Input[str]

class ClusterNodePoolNodeConfigDict(TypedDict):
    advanced_machine_features: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigAdvancedMachineFeaturesDict]]
    boot_disk: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigBootDiskDict]]
    boot_disk_kms_key: NotRequired[pulumi.Input[str]]
    confidential_nodes: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigConfidentialNodesDict]]
    containerd_config: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigContainerdConfigDict]]
    disk_size_gb: NotRequired[pulumi.Input[int]]
    disk_type: NotRequired[pulumi.Input[str]]
    effective_taints: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodePoolNodeConfigEffectiveTaintDict]]]]
    enable_confidential_storage: NotRequired[pulumi.Input[bool]]
    ephemeral_storage_config: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigEphemeralStorageConfigDict]]
    ephemeral_storage_local_ssd_config: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigEphemeralStorageLocalSsdConfigDict]]
    fast_socket: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigFastSocketDict]]
    flex_start: NotRequired[pulumi.Input[bool]]
    gcfs_config: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigGcfsConfigDict]]
    gpudirect_strategy: NotRequired[pulumi.Input[str]]
    guest_accelerators: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodePoolNodeConfigGuestAcceleratorDict]]]]
    gvnic: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigGvnicDict]]
    host_maintenance_policy: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigHostMaintenancePolicyDict]]
    image_type: NotRequired[pulumi.Input[str]]
    kubelet_config: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigKubeletConfigDict]]
    labels: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    linux_node_config: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigLinuxNodeConfigDict]]
    local_nvme_ssd_block_config: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigLocalNvmeSsdBlockConfigDict]]
    local_ssd_count: NotRequired[pulumi.Input[int]]
    local_ssd_encryption_mode: NotRequired[pulumi.Input[str]]
    logging_variant: NotRequired[pulumi.Input[str]]
    machine_type: NotRequired[pulumi.Input[str]]
    max_run_duration: NotRequired[pulumi.Input[str]]
    metadata: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    min_cpu_platform: NotRequired[pulumi.Input[str]]
    node_group: NotRequired[pulumi.Input[str]]
    node_image_configs: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodePoolNodeConfigNodeImageConfigDict]]]]
    oauth_scopes: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    preemptible: NotRequired[pulumi.Input[bool]]
    reservation_affinity: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigReservationAffinityDict]]
    resource_labels: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    resource_manager_tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    sandbox_config: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigSandboxConfigDict]]
    secondary_boot_disks: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodePoolNodeConfigSecondaryBootDiskDict]]]]
    service_account: NotRequired[pulumi.Input[str]]
    shielded_instance_config: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigShieldedInstanceConfigDict]]
    sole_tenant_config: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigSoleTenantConfigDict]]
    spot: NotRequired[pulumi.Input[bool]]
    storage_pools: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    tags: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    taint_config: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigTaintConfigDict]]
    taints: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodePoolNodeConfigTaintDict]]]]
    windows_node_config: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigWindowsNodeConfigDict]]
    workload_metadata_config: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigWorkloadMetadataConfigDict]]

class ClusterNodePoolNodeDrainConfigDict(TypedDict):
    grace_termination_duration: NotRequired[pulumi.Input[str]]
    pdb_timeout_duration: NotRequired[pulumi.Input[str]]
    respect_pdb_during_node_pool_deletion: NotRequired[pulumi.Input[bool]]

class ClusterNodePoolPlacementPolicyDict(TypedDict):
    type: pulumi.Input[str]
    policy_name: NotRequired[pulumi.Input[str]]
    tpu_topology: NotRequired[pulumi.Input[str]]

class ClusterNodePoolQueuedProvisioningDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterNodePoolUpgradeSettingsBlueGreenSettingsAutoscaledRolloutPolicyDict(TypedDict):
    wait_for_drain_duration: NotRequired[pulumi.Input[str]]

class ClusterNodePoolUpgradeSettingsBlueGreenSettingsStandardRolloutPolicyDict(TypedDict):
    batch_node_count: NotRequired[pulumi.Input[int]]
    batch_percentage: NotRequired[pulumi.Input[float]]
    batch_soak_duration: NotRequired[pulumi.Input[str]]

class ClusterNodePoolUpgradeSettingsBlueGreenSettingsDict(TypedDict):
    autoscaled_rollout_policy: NotRequired[pulumi.Input[ClusterNodePoolUpgradeSettingsBlueGreenSettingsAutoscaledRolloutPolicyDict]]
    node_pool_soak_duration: NotRequired[pulumi.Input[str]]
    standard_rollout_policy: NotRequired[pulumi.Input[ClusterNodePoolUpgradeSettingsBlueGreenSettingsStandardRolloutPolicyDict]]

class ClusterNodePoolUpgradeSettingsDict(TypedDict):
    blue_green_settings: NotRequired[pulumi.Input[ClusterNodePoolUpgradeSettingsBlueGreenSettingsDict]]
    max_surge: NotRequired[pulumi.Input[int]]
    max_unavailable: NotRequired[pulumi.Input[int]]
    strategy: NotRequired[pulumi.Input[str]]

class ClusterNodePoolDict(TypedDict):
    autoscaling: NotRequired[pulumi.Input[ClusterNodePoolAutoscalingDict]]
    best_effort_provisioning: NotRequired[pulumi.Input[ClusterNodePoolBestEffortProvisioningDict]]
    ignore_node_count_changes: NotRequired[pulumi.Input[bool]]
    initial_node_count: NotRequired[pulumi.Input[int]]
    instance_group_urls: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    maintenance_policies: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodePoolMaintenancePolicyDict]]]]
    managed_instance_group_urls: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    management: NotRequired[pulumi.Input[ClusterNodePoolManagementDict]]
    max_pods_per_node: NotRequired[pulumi.Input[int]]
    name: NotRequired[pulumi.Input[str]]
    name_prefix: NotRequired[pulumi.Input[str]]
    network_config: NotRequired[pulumi.Input[ClusterNodePoolNetworkConfigDict]]
    node_config: NotRequired[pulumi.Input[ClusterNodePoolNodeConfigDict]]
    node_count: NotRequired[pulumi.Input[int]]
    node_drain_configs: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterNodePoolNodeDrainConfigDict]]]]
    node_locations: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    placement_policy: NotRequired[pulumi.Input[ClusterNodePoolPlacementPolicyDict]]
    queued_provisioning: NotRequired[pulumi.Input[ClusterNodePoolQueuedProvisioningDict]]
    upgrade_settings: NotRequired[pulumi.Input[ClusterNodePoolUpgradeSettingsDict]]
    version: NotRequired[pulumi.Input[str]]

class ClusterNotificationConfigPubsubFilterDict(TypedDict):
    event_types: pulumi.Input[Sequence[pulumi.Input[str]]]

class ClusterNotificationConfigPubsubDict(TypedDict):
    enabled: pulumi.Input[bool]
    filter: NotRequired[pulumi.Input[ClusterNotificationConfigPubsubFilterDict]]
    topic: NotRequired[pulumi.Input[str]]

class ClusterNotificationConfigDict(TypedDict):
    pubsub: pulumi.Input[ClusterNotificationConfigPubsubDict]

class ClusterPodAutoscalingDict(TypedDict):
    hpa_profile: pulumi.Input[str]

class ClusterPodSecurityPolicyConfigDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterPrivateClusterConfigMasterGlobalAccessConfigDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterPrivateClusterConfigDict(TypedDict):
    enable_private_endpoint: NotRequired[pulumi.Input[bool]]
    enable_private_nodes: NotRequired[pulumi.Input[bool]]
    master_global_access_config: NotRequired[pulumi.Input[ClusterPrivateClusterConfigMasterGlobalAccessConfigDict]]
    master_ipv4_cidr_block: NotRequired[pulumi.Input[str]]
    peering_name: NotRequired[pulumi.Input[str]]
    private_endpoint: NotRequired[pulumi.Input[str]]
    private_endpoint_subnetwork: NotRequired[pulumi.Input[str]]
    public_endpoint: NotRequired[pulumi.Input[str]]

class ClusterProtectConfigWorkloadConfigDict(TypedDict):
    audit_mode: pulumi.Input[str]

class ClusterProtectConfigDict(TypedDict):
    workload_config: NotRequired[pulumi.Input[ClusterProtectConfigWorkloadConfigDict]]
    workload_vulnerability_mode: NotRequired[pulumi.Input[str]]

class ClusterRbacBindingConfigDict(TypedDict):
    enable_insecure_binding_system_authenticated: NotRequired[pulumi.Input[bool]]
    enable_insecure_binding_system_unauthenticated: NotRequired[pulumi.Input[bool]]

class ClusterReleaseChannelDict(TypedDict):
    channel: pulumi.Input[str]

class ClusterResourceUsageExportConfigBigqueryDestinationDict(TypedDict):
    dataset_id: pulumi.Input[str]

class ClusterResourceUsageExportConfigDict(TypedDict):
    bigquery_destination: pulumi.Input[ClusterResourceUsageExportConfigBigqueryDestinationDict]
    enable_network_egress_metering: NotRequired[pulumi.Input[bool]]
    enable_resource_consumption_metering: NotRequired[pulumi.Input[bool]]

class ClusterRollbackSafeUpgradeDict(TypedDict):
    control_plane_soak_duration: NotRequired[pulumi.Input[str]]

class ClusterSecretManagerConfigRotationConfigDict(TypedDict):
    enabled: pulumi.Input[bool]
    rotation_interval: NotRequired[pulumi.Input[str]]

class ClusterSecretManagerConfigDict(TypedDict):
    enabled: pulumi.Input[bool]
    rotation_config: NotRequired[pulumi.Input[ClusterSecretManagerConfigRotationConfigDict]]

class ClusterSecretSyncConfigRotationConfigDict(TypedDict):
    enabled: pulumi.Input[bool]
    rotation_interval: NotRequired[pulumi.Input[str]]

class ClusterSecretSyncConfigDict(TypedDict):
    enabled: pulumi.Input[bool]
    rotation_config: NotRequired[pulumi.Input[ClusterSecretSyncConfigRotationConfigDict]]

class ClusterSecurityPostureConfigDict(TypedDict):
    mode: NotRequired[pulumi.Input[str]]
    vulnerability_mode: NotRequired[pulumi.Input[str]]

class ClusterServiceExternalIpsConfigDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterTpuConfigDict(TypedDict):
    enabled: pulumi.Input[bool]
    ipv4_cidr_block: NotRequired[pulumi.Input[str]]
    use_service_networking: NotRequired[pulumi.Input[bool]]

class ClusterUserManagedKeysConfigDict(TypedDict):
    aggregation_ca: NotRequired[pulumi.Input[str]]
    cluster_ca: NotRequired[pulumi.Input[str]]
    control_plane_disk_encryption_key: NotRequired[pulumi.Input[str]]
    control_plane_disk_encryption_key_versions: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    etcd_api_ca: NotRequired[pulumi.Input[str]]
    etcd_peer_ca: NotRequired[pulumi.Input[str]]
    gkeops_etcd_backup_encryption_key: NotRequired[pulumi.Input[str]]
    service_account_signing_keys: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    service_account_verification_keys: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]

class ClusterVerticalPodAutoscalingDict(TypedDict):
    enabled: pulumi.Input[bool]

class ClusterWorkloadAltsConfigDict(TypedDict):
    enable_alts: pulumi.Input[bool]

class ClusterWorkloadIdentityConfigDict(TypedDict):
    workload_pool: NotRequired[pulumi.Input[str]]

class Cluster(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        addons_config: pulumi.Input[ClusterAddonsConfigDict] | None = None,
        allow_net_admin: pulumi.Input[bool] | None = None,
        anonymous_authentication_config: pulumi.Input[ClusterAnonymousAuthenticationConfigDict] | None = None,
        authenticator_groups_config: pulumi.Input[ClusterAuthenticatorGroupsConfigDict] | None = None,
        autopilot_cluster_policy_config: pulumi.Input[ClusterAutopilotClusterPolicyConfigDict] | None = None,
        autopilot_privileged_admissions: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        binary_authorization: pulumi.Input[ClusterBinaryAuthorizationDict] | None = None,
        cluster_autoscaling: pulumi.Input[ClusterClusterAutoscalingDict] | None = None,
        cluster_ipv4_cidr: pulumi.Input[str] | None = None,
        cluster_telemetry: pulumi.Input[ClusterClusterTelemetryDict] | None = None,
        confidential_nodes: pulumi.Input[ClusterConfidentialNodesDict] | None = None,
        control_plane_endpoints_config: pulumi.Input[ClusterControlPlaneEndpointsConfigDict] | None = None,
        cost_management_config: pulumi.Input[ClusterCostManagementConfigDict] | None = None,
        database_encryption: pulumi.Input[ClusterDatabaseEncryptionDict] | None = None,
        datapath_provider: pulumi.Input[str] | None = None,
        dataplane_optimization_mode: pulumi.Input[str] | None = None,
        default_max_pods_per_node: pulumi.Input[int] | None = None,
        default_snat_status: pulumi.Input[ClusterDefaultSnatStatusDict] | None = None,
        deletion_policy: pulumi.Input[str] | None = None,
        deletion_protection: pulumi.Input[bool] | None = None,
        description: pulumi.Input[str] | None = None,
        desired_emulated_version: pulumi.Input[str] | None = None,
        disable_l4_lb_firewall_reconciliation: pulumi.Input[bool] | None = None,
        dns_config: pulumi.Input[ClusterDnsConfigDict] | None = None,
        enable_autopilot: pulumi.Input[bool] | None = None,
        enable_cilium_clusterwide_network_policy: pulumi.Input[bool] | None = None,
        enable_fqdn_network_policy: pulumi.Input[bool] | None = None,
        enable_intranode_visibility: pulumi.Input[bool] | None = None,
        enable_k8s_beta_apis: pulumi.Input[ClusterEnableK8sBetaApisDict] | None = None,
        enable_kubernetes_alpha: pulumi.Input[bool] | None = None,
        enable_l4_ilb_subsetting: pulumi.Input[bool] | None = None,
        enable_legacy_abac: pulumi.Input[bool] | None = None,
        enable_multi_networking: pulumi.Input[bool] | None = None,
        enable_shielded_nodes: pulumi.Input[bool] | None = None,
        enable_tpu: pulumi.Input[bool] | None = None,
        enterprise_config: pulumi.Input[ClusterEnterpriseConfigDict] | None = None,
        fleet: pulumi.Input[ClusterFleetDict] | None = None,
        gateway_api_config: pulumi.Input[ClusterGatewayApiConfigDict] | None = None,
        gke_auto_upgrade_config: pulumi.Input[ClusterGkeAutoUpgradeConfigDict] | None = None,
        identity_service_config: pulumi.Input[ClusterIdentityServiceConfigDict] | None = None,
        ignore_node_count_changes: pulumi.Input[bool] | None = None,
        in_transit_encryption_config: pulumi.Input[str] | None = None,
        initial_node_count: pulumi.Input[int] | None = None,
        ip_allocation_policy: pulumi.Input[ClusterIpAllocationPolicyDict] | None = None,
        location: pulumi.Input[str] | None = None,
        logging_config: pulumi.Input[ClusterLoggingConfigDict] | None = None,
        logging_service: pulumi.Input[str] | None = None,
        maintenance_policy: pulumi.Input[ClusterMaintenancePolicyDict] | None = None,
        managed_machine_learning_diagnostics_config: pulumi.Input[ClusterManagedMachineLearningDiagnosticsConfigDict] | None = None,
        managed_opentelemetry_config: pulumi.Input[ClusterManagedOpentelemetryConfigDict] | None = None,
        master_auth: pulumi.Input[ClusterMasterAuthDict] | None = None,
        master_authorized_networks_config: pulumi.Input[ClusterMasterAuthorizedNetworksConfigDict] | None = None,
        mesh_certificates: pulumi.Input[ClusterMeshCertificatesDict] | None = None,
        min_master_version: pulumi.Input[str] | None = None,
        monitoring_config: pulumi.Input[ClusterMonitoringConfigDict] | None = None,
        monitoring_service: pulumi.Input[str] | None = None,
        name: pulumi.Input[str] | None = None,
        network: pulumi.Input[str] | None = None,
        network_performance_config: pulumi.Input[ClusterNetworkPerformanceConfigDict] | None = None,
        network_policy: pulumi.Input[ClusterNetworkPolicyDict] | None = None,
        networking_mode: pulumi.Input[str] | None = None,
        node_config: pulumi.Input[ClusterNodeConfigDict] | None = None,
        node_creation_config: pulumi.Input[ClusterNodeCreationConfigDict] | None = None,
        node_locations: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        node_pool_auto_config: pulumi.Input[ClusterNodePoolAutoConfigDict] | None = None,
        node_pool_defaults: pulumi.Input[ClusterNodePoolDefaultsDict] | None = None,
        node_pools: pulumi.Input[Sequence[pulumi.Input[ClusterNodePoolDict]]] | None = None,
        node_version: pulumi.Input[str] | None = None,
        notification_config: pulumi.Input[ClusterNotificationConfigDict] | None = None,
        pod_autoscaling: pulumi.Input[ClusterPodAutoscalingDict] | None = None,
        pod_security_policy_config: pulumi.Input[ClusterPodSecurityPolicyConfigDict] | None = None,
        private_cluster_config: pulumi.Input[ClusterPrivateClusterConfigDict] | None = None,
        private_ipv6_google_access: pulumi.Input[str] | None = None,
        project: pulumi.Input[str] | None = None,
        protect_config: pulumi.Input[ClusterProtectConfigDict] | None = None,
        rbac_binding_config: pulumi.Input[ClusterRbacBindingConfigDict] | None = None,
        release_channel: pulumi.Input[ClusterReleaseChannelDict] | None = None,
        remove_default_node_pool: pulumi.Input[bool] | None = None,
        resource_labels: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        resource_usage_export_config: pulumi.Input[ClusterResourceUsageExportConfigDict] | None = None,
        rollback_safe_upgrade: pulumi.Input[ClusterRollbackSafeUpgradeDict] | None = None,
        secret_manager_config: pulumi.Input[ClusterSecretManagerConfigDict] | None = None,
        secret_sync_config: pulumi.Input[ClusterSecretSyncConfigDict] | None = None,
        security_posture_config: pulumi.Input[ClusterSecurityPostureConfigDict] | None = None,
        service_external_ips_config: pulumi.Input[ClusterServiceExternalIpsConfigDict] | None = None,
        skip_node_pool_refresh: pulumi.Input[bool] | None = None,
        subnetwork: pulumi.Input[str] | None = None,
        tpu_config: pulumi.Input[ClusterTpuConfigDict] | None = None,
        user_managed_keys_config: pulumi.Input[ClusterUserManagedKeysConfigDict] | None = None,
        vertical_pod_autoscaling: pulumi.Input[ClusterVerticalPodAutoscalingDict] | None = None,
        workload_alts_config: pulumi.Input[ClusterWorkloadAltsConfigDict] | None = None,
        workload_identity_config: pulumi.Input[ClusterWorkloadIdentityConfigDict] | None = None,
    ) -> None: ...
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

class NodePoolAutoscalingDict(TypedDict):
    location_policy: NotRequired[pulumi.Input[str]]
    max_node_count: NotRequired[pulumi.Input[int]]
    min_node_count: NotRequired[pulumi.Input[int]]
    total_max_node_count: NotRequired[pulumi.Input[int]]
    total_min_node_count: NotRequired[pulumi.Input[int]]

class NodePoolBestEffortProvisioningDict(TypedDict):
    enabled: pulumi.Input[bool]
    min_provision_nodes: NotRequired[pulumi.Input[int]]

class NodePoolMaintenancePolicyExclusionUntilEndOfSupportDict(TypedDict):
    enabled: NotRequired[pulumi.Input[bool]]
    end_time: NotRequired[pulumi.Input[str]]
    start_time: NotRequired[pulumi.Input[str]]

class NodePoolMaintenancePolicyDict(TypedDict):
    exclusion_until_end_of_supports: NotRequired[pulumi.Input[Sequence[pulumi.Input[NodePoolMaintenancePolicyExclusionUntilEndOfSupportDict]]]]

class NodePoolManagementDict(TypedDict):
    auto_repair: NotRequired[pulumi.Input[bool]]
    auto_upgrade: NotRequired[pulumi.Input[bool]]

class NodePoolNetworkConfigAdditionalNodeNetworkConfigDict(TypedDict):
    network: NotRequired[pulumi.Input[str]]
    stack_type: NotRequired[pulumi.Input[str]]
    subnetwork: NotRequired[pulumi.Input[str]]

class NodePoolNetworkConfigAdditionalPodNetworkConfigDict(TypedDict):
    max_pods_per_node: NotRequired[pulumi.Input[int]]
    secondary_pod_range: NotRequired[pulumi.Input[str]]
    subnetwork: NotRequired[pulumi.Input[str]]

class NodePoolNetworkConfigNetworkPerformanceConfigDict(TypedDict):
    total_egress_bandwidth_tier: pulumi.Input[str]

class NodePoolNetworkConfigPodCidrOverprovisionConfigDict(TypedDict):
    disabled: pulumi.Input[bool]

class NodePoolNetworkConfigDict(TypedDict):
    accelerator_network_profile: NotRequired[pulumi.Input[str]]
    additional_node_network_configs: NotRequired[pulumi.Input[Sequence[pulumi.Input[NodePoolNetworkConfigAdditionalNodeNetworkConfigDict]]]]
    additional_pod_network_configs: NotRequired[pulumi.Input[Sequence[pulumi.Input[NodePoolNetworkConfigAdditionalPodNetworkConfigDict]]]]
    create_pod_range: NotRequired[pulumi.Input[bool]]
    enable_private_nodes: NotRequired[pulumi.Input[bool]]
    network_performance_config: NotRequired[pulumi.Input[NodePoolNetworkConfigNetworkPerformanceConfigDict]]
    pod_cidr_overprovision_config: NotRequired[pulumi.Input[NodePoolNetworkConfigPodCidrOverprovisionConfigDict]]
    pod_ipv4_cidr_block: NotRequired[pulumi.Input[str]]
    pod_range: NotRequired[pulumi.Input[str]]
    subnetwork: NotRequired[pulumi.Input[str]]

class NodePoolNodeConfigAdvancedMachineFeaturesDict(TypedDict):
    threads_per_core: pulumi.Input[int]
    enable_nested_virtualization: NotRequired[pulumi.Input[bool]]
    performance_monitoring_unit: NotRequired[pulumi.Input[str]]

class NodePoolNodeConfigBootDiskDict(TypedDict):
    disk_type: NotRequired[pulumi.Input[str]]
    provisioned_iops: NotRequired[pulumi.Input[int]]
    provisioned_throughput: NotRequired[pulumi.Input[int]]
    size_gb: NotRequired[pulumi.Input[int]]

class NodePoolNodeConfigConfidentialNodesDict(TypedDict):
    enabled: pulumi.Input[bool]
    confidential_instance_type: NotRequired[pulumi.Input[str]]

class NodePoolNodeConfigContainerdConfigPrivateRegistryAccessConfigCertificateAuthorityDomainConfigGcpSecretManagerCertificateConfigDict(TypedDict):
    secret_uri: pulumi.Input[str]

class NodePoolNodeConfigContainerdConfigPrivateRegistryAccessConfigCertificateAuthorityDomainConfigDict(TypedDict):
    fqdns: pulumi.Input[Sequence[pulumi.Input[str]]]
    gcp_secret_manager_certificate_config: pulumi.Input[NodePoolNodeConfigContainerdConfigPrivateRegistryAccessConfigCertificateAuthorityDomainConfigGcpSecretManagerCertificateConfigDict]

class NodePoolNodeConfigContainerdConfigPrivateRegistryAccessConfigDict(TypedDict):
    enabled: pulumi.Input[bool]
    certificate_authority_domain_configs: NotRequired[pulumi.Input[Sequence[pulumi.Input[NodePoolNodeConfigContainerdConfigPrivateRegistryAccessConfigCertificateAuthorityDomainConfigDict]]]]

class NodePoolNodeConfigContainerdConfigRegistryHostHostCaDict(TypedDict):
    gcp_secret_manager_secret_uri: NotRequired[pulumi.Input[str]]

class NodePoolNodeConfigContainerdConfigRegistryHostHostClientCertDict(TypedDict):
    gcp_secret_manager_secret_uri: NotRequired[pulumi.Input[str]]

class NodePoolNodeConfigContainerdConfigRegistryHostHostClientKeyDict(TypedDict):
    gcp_secret_manager_secret_uri: NotRequired[pulumi.Input[str]]

class NodePoolNodeConfigContainerdConfigRegistryHostHostClientDict(TypedDict):
    cert: pulumi.Input[NodePoolNodeConfigContainerdConfigRegistryHostHostClientCertDict]
    key: NotRequired[pulumi.Input[NodePoolNodeConfigContainerdConfigRegistryHostHostClientKeyDict]]

class NodePoolNodeConfigContainerdConfigRegistryHostHostHeaderDict(TypedDict):
    key: pulumi.Input[str]
    values: pulumi.Input[Sequence[pulumi.Input[str]]]

class NodePoolNodeConfigContainerdConfigRegistryHostHostDict(TypedDict):
    host: pulumi.Input[str]
    capabilities: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    cas: NotRequired[pulumi.Input[Sequence[pulumi.Input[NodePoolNodeConfigContainerdConfigRegistryHostHostCaDict]]]]
    clients: NotRequired[pulumi.Input[Sequence[pulumi.Input[NodePoolNodeConfigContainerdConfigRegistryHostHostClientDict]]]]
    dial_timeout: NotRequired[pulumi.Input[str]]
    headers: NotRequired[pulumi.Input[Sequence[pulumi.Input[NodePoolNodeConfigContainerdConfigRegistryHostHostHeaderDict]]]]
    override_path: NotRequired[pulumi.Input[bool]]

class NodePoolNodeConfigContainerdConfigRegistryHostDict(TypedDict):
    server: pulumi.Input[str]
    hosts: NotRequired[pulumi.Input[Sequence[pulumi.Input[NodePoolNodeConfigContainerdConfigRegistryHostHostDict]]]]

class NodePoolNodeConfigContainerdConfigWritableCgroupsDict(TypedDict):
    enabled: pulumi.Input[bool]

class NodePoolNodeConfigContainerdConfigDict(TypedDict):
    private_registry_access_config: NotRequired[pulumi.Input[NodePoolNodeConfigContainerdConfigPrivateRegistryAccessConfigDict]]
    registry_hosts: NotRequired[pulumi.Input[Sequence[pulumi.Input[NodePoolNodeConfigContainerdConfigRegistryHostDict]]]]
    writable_cgroups: NotRequired[pulumi.Input[NodePoolNodeConfigContainerdConfigWritableCgroupsDict]]

class NodePoolNodeConfigEffectiveTaintDict(TypedDict):
    effect: NotRequired[pulumi.Input[str]]
    key: NotRequired[pulumi.Input[str]]
    value: NotRequired[pulumi.Input[str]]

class NodePoolNodeConfigEphemeralStorageConfigDict(TypedDict):
    local_ssd_count: pulumi.Input[int]

class NodePoolNodeConfigEphemeralStorageLocalSsdConfigDict(TypedDict):
    local_ssd_count: pulumi.Input[int]
    data_cache_count: NotRequired[pulumi.Input[int]]

class NodePoolNodeConfigFastSocketDict(TypedDict):
    enabled: pulumi.Input[bool]

class NodePoolNodeConfigGcfsConfigDict(TypedDict):
    enabled: pulumi.Input[bool]

class NodePoolNodeConfigGuestAcceleratorGpuDriverInstallationConfigDict(TypedDict):
    gpu_driver_version: pulumi.Input[str]

class NodePoolNodeConfigGuestAcceleratorGpuSharingConfigDict(TypedDict):
    gpu_sharing_strategy: pulumi.Input[str]
    max_shared_clients_per_gpu: pulumi.Input[int]

class NodePoolNodeConfigGuestAcceleratorDict(TypedDict):
    count: pulumi.Input[int]
    type: pulumi.Input[str]
    gpu_driver_installation_config: NotRequired[pulumi.Input[NodePoolNodeConfigGuestAcceleratorGpuDriverInstallationConfigDict]]
    gpu_partition_size: NotRequired[pulumi.Input[str]]
    gpu_sharing_config: NotRequired[pulumi.Input[NodePoolNodeConfigGuestAcceleratorGpuSharingConfigDict]]

class NodePoolNodeConfigGvnicDict(TypedDict):
    enabled: pulumi.Input[bool]

class NodePoolNodeConfigHostMaintenancePolicyOpportunisticMaintenanceStrategyDict(TypedDict):
    maintenance_availability_window: pulumi.Input[str]
    min_nodes_per_pool: pulumi.Input[int]
    node_idle_time_window: pulumi.Input[str]

class NodePoolNodeConfigHostMaintenancePolicyDict(TypedDict):
    maintenance_interval: pulumi.Input[str]
    opportunistic_maintenance_strategy: NotRequired[pulumi.Input[NodePoolNodeConfigHostMaintenancePolicyOpportunisticMaintenanceStrategyDict]]

class NodePoolNodeConfigKubeletConfigCrashLoopBackOffDict(TypedDict):
    max_container_restart_period: NotRequired[pulumi.Input[str]]

class NodePoolNodeConfigKubeletConfigEvictionMinimumReclaimDict(TypedDict):
    imagefs_available: NotRequired[pulumi.Input[str]]
    imagefs_inodes_free: NotRequired[pulumi.Input[str]]
    memory_available: NotRequired[pulumi.Input[str]]
    nodefs_available: NotRequired[pulumi.Input[str]]
    nodefs_inodes_free: NotRequired[pulumi.Input[str]]
    pid_available: NotRequired[pulumi.Input[str]]

class NodePoolNodeConfigKubeletConfigEvictionSoftDict(TypedDict):
    imagefs_available: NotRequired[pulumi.Input[str]]
    imagefs_inodes_free: NotRequired[pulumi.Input[str]]
    memory_available: NotRequired[pulumi.Input[str]]
    nodefs_available: NotRequired[pulumi.Input[str]]
    nodefs_inodes_free: NotRequired[pulumi.Input[str]]
    pid_available: NotRequired[pulumi.Input[str]]

class NodePoolNodeConfigKubeletConfigEvictionSoftGracePeriodDict(TypedDict):
    imagefs_available: NotRequired[pulumi.Input[str]]
    imagefs_inodes_free: NotRequired[pulumi.Input[str]]
    memory_available: NotRequired[pulumi.Input[str]]
    nodefs_available: NotRequired[pulumi.Input[str]]
    nodefs_inodes_free: NotRequired[pulumi.Input[str]]
    pid_available: NotRequired[pulumi.Input[str]]

class NodePoolNodeConfigKubeletConfigMemoryManagerDict(TypedDict):
    policy: NotRequired[pulumi.Input[str]]

class NodePoolNodeConfigKubeletConfigTopologyManagerDict(TypedDict):
    policy: NotRequired[pulumi.Input[str]]
    scope: NotRequired[pulumi.Input[str]]

class NodePoolNodeConfigKubeletConfigDict(TypedDict):
    allowed_unsafe_sysctls: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    container_log_max_files: NotRequired[pulumi.Input[int]]
    container_log_max_size: NotRequired[pulumi.Input[str]]
    cpu_cfs_quota: NotRequired[pulumi.Input[bool]]
    cpu_cfs_quota_period: NotRequired[pulumi.Input[str]]
    cpu_manager_policy: NotRequired[pulumi.Input[str]]
    crash_loop_back_off: NotRequired[pulumi.Input[NodePoolNodeConfigKubeletConfigCrashLoopBackOffDict]]
    eviction_max_pod_grace_period_seconds: NotRequired[pulumi.Input[int]]
    eviction_minimum_reclaim: NotRequired[pulumi.Input[NodePoolNodeConfigKubeletConfigEvictionMinimumReclaimDict]]
    eviction_soft: NotRequired[pulumi.Input[NodePoolNodeConfigKubeletConfigEvictionSoftDict]]
    eviction_soft_grace_period: NotRequired[pulumi.Input[NodePoolNodeConfigKubeletConfigEvictionSoftGracePeriodDict]]
    image_gc_high_threshold_percent: NotRequired[pulumi.Input[int]]
    image_gc_low_threshold_percent: NotRequired[pulumi.Input[int]]
    image_maximum_gc_age: NotRequired[pulumi.Input[str]]
    image_minimum_gc_age: NotRequired[pulumi.Input[str]]
    insecure_kubelet_readonly_port_enabled: NotRequired[pulumi.Input[str]]
    max_parallel_image_pulls: NotRequired[pulumi.Input[int]]
    memory_manager: NotRequired[pulumi.Input[NodePoolNodeConfigKubeletConfigMemoryManagerDict]]
    pod_pids_limit: NotRequired[pulumi.Input[int]]
    shutdown_grace_period_critical_pods_seconds: NotRequired[pulumi.Input[int]]
    shutdown_grace_period_seconds: NotRequired[pulumi.Input[int]]
    single_process_oom_kill: NotRequired[pulumi.Input[bool]]
    topology_manager: NotRequired[pulumi.Input[NodePoolNodeConfigKubeletConfigTopologyManagerDict]]

class NodePoolNodeConfigLinuxNodeConfigAccurateTimeConfigDict(TypedDict):
    enable_ptp_kvm_time_sync: NotRequired[pulumi.Input[bool]]

class NodePoolNodeConfigLinuxNodeConfigCustomNodeInitInitScriptDict(TypedDict):
    gcp_secret_manager_secret_uri: NotRequired[pulumi.Input[str]]
    gcs_generation: NotRequired[pulumi.Input[int]]
    gcs_uri: NotRequired[pulumi.Input[str]]

class NodePoolNodeConfigLinuxNodeConfigCustomNodeInitDict(TypedDict):
    init_script: NotRequired[pulumi.Input[NodePoolNodeConfigLinuxNodeConfigCustomNodeInitInitScriptDict]]

class NodePoolNodeConfigLinuxNodeConfigHugepagesConfigDict(TypedDict):
    hugepage_size1g: NotRequired[pulumi.Input[int]]
    hugepage_size2m: NotRequired[pulumi.Input[int]]

class NodePoolNodeConfigLinuxNodeConfigNodeKernelModuleLoadingDict(TypedDict):
    policy: NotRequired[pulumi.Input[str]]

class NodePoolNodeConfigLinuxNodeConfigSwapConfigBootDiskProfileDict(TypedDict):
    swap_size_gib: NotRequired[pulumi.Input[int]]
    swap_size_percent: NotRequired[pulumi.Input[int]]

class NodePoolNodeConfigLinuxNodeConfigSwapConfigDedicatedLocalSsdProfileDict(TypedDict):
    disk_count: NotRequired[pulumi.Input[int]]

class NodePoolNodeConfigLinuxNodeConfigSwapConfigEncryptionConfigDict(TypedDict):
    disabled: NotRequired[pulumi.Input[bool]]

class NodePoolNodeConfigLinuxNodeConfigSwapConfigEphemeralLocalSsdProfileDict(TypedDict):
    swap_size_gib: NotRequired[pulumi.Input[int]]
    swap_size_percent: NotRequired[pulumi.Input[int]]

class NodePoolNodeConfigLinuxNodeConfigSwapConfigDict(TypedDict):
    boot_disk_profile: NotRequired[pulumi.Input[NodePoolNodeConfigLinuxNodeConfigSwapConfigBootDiskProfileDict]]
    dedicated_local_ssd_profile: NotRequired[pulumi.Input[NodePoolNodeConfigLinuxNodeConfigSwapConfigDedicatedLocalSsdProfileDict]]
    enabled: NotRequired[pulumi.Input[bool]]
    encryption_config: NotRequired[pulumi.Input[NodePoolNodeConfigLinuxNodeConfigSwapConfigEncryptionConfigDict]]
    ephemeral_local_ssd_profile: NotRequired[pulumi.Input[NodePoolNodeConfigLinuxNodeConfigSwapConfigEphemeralLocalSsdProfileDict]]

class NodePoolNodeConfigLinuxNodeConfigDict(TypedDict):
    accurate_time_config: NotRequired[pulumi.Input[NodePoolNodeConfigLinuxNodeConfigAccurateTimeConfigDict]]
    cgroup_mode: NotRequired[pulumi.Input[str]]
    custom_node_init: NotRequired[pulumi.Input[NodePoolNodeConfigLinuxNodeConfigCustomNodeInitDict]]
    hugepages_config: NotRequired[pulumi.Input[NodePoolNodeConfigLinuxNodeConfigHugepagesConfigDict]]
    node_kernel_module_loading: NotRequired[pulumi.Input[NodePoolNodeConfigLinuxNodeConfigNodeKernelModuleLoadingDict]]
    swap_config: NotRequired[pulumi.Input[NodePoolNodeConfigLinuxNodeConfigSwapConfigDict]]
    sysctls: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    transparent_hugepage_defrag: NotRequired[pulumi.Input[str]]
    transparent_hugepage_enabled: NotRequired[pulumi.Input[str]]

class NodePoolNodeConfigLocalNvmeSsdBlockConfigDict(TypedDict):
    local_ssd_count: pulumi.Input[int]

class NodePoolNodeConfigNodeImageConfigDict(TypedDict):
    image: NotRequired[pulumi.Input[str]]
    image_project: NotRequired[pulumi.Input[str]]

class NodePoolNodeConfigReservationAffinityDict(TypedDict):
    consume_reservation_type: pulumi.Input[str]
    key: NotRequired[pulumi.Input[str]]
    values: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]

class NodePoolNodeConfigSandboxConfigDict(TypedDict):
    sandbox_type: NotRequired[pulumi.Input[str]]
    type: NotRequired[pulumi.Input[str]]

class NodePoolNodeConfigSecondaryBootDiskDict(TypedDict):
    disk_image: pulumi.Input[str]
    mode: NotRequired[pulumi.Input[str]]

class NodePoolNodeConfigShieldedInstanceConfigDict(TypedDict):
    enable_integrity_monitoring: NotRequired[pulumi.Input[bool]]
    enable_secure_boot: NotRequired[pulumi.Input[bool]]

class NodePoolNodeConfigSoleTenantConfigNodeAffinityDict(TypedDict):
    key: pulumi.Input[str]
    operator: pulumi.Input[str]
    values: pulumi.Input[Sequence[pulumi.Input[str]]]

class NodePoolNodeConfigSoleTenantConfigDict(TypedDict):
    node_affinities: pulumi.Input[Sequence[pulumi.Input[NodePoolNodeConfigSoleTenantConfigNodeAffinityDict]]]
    min_node_cpus: NotRequired[pulumi.Input[int]]

class NodePoolNodeConfigTaintConfigDict(TypedDict):
    architecture_taint_behavior: pulumi.Input[str]

class NodePoolNodeConfigTaintDict(TypedDict):
    effect: pulumi.Input[str]
    key: pulumi.Input[str]
    value: pulumi.Input[str]

class NodePoolNodeConfigWindowsNodeConfigDict(TypedDict):
    osversion: NotRequired[pulumi.Input[str]]

class NodePoolNodeConfigWorkloadMetadataConfigDict(TypedDict):
    mode: pulumi.Input[str]

class NodePoolNodeConfigDict(TypedDict):
    advanced_machine_features: NotRequired[pulumi.Input[NodePoolNodeConfigAdvancedMachineFeaturesDict]]
    boot_disk: NotRequired[pulumi.Input[NodePoolNodeConfigBootDiskDict]]
    boot_disk_kms_key: NotRequired[pulumi.Input[str]]
    confidential_nodes: NotRequired[pulumi.Input[NodePoolNodeConfigConfidentialNodesDict]]
    containerd_config: NotRequired[pulumi.Input[NodePoolNodeConfigContainerdConfigDict]]
    disk_size_gb: NotRequired[pulumi.Input[int]]
    disk_type: NotRequired[pulumi.Input[str]]
    effective_taints: NotRequired[pulumi.Input[Sequence[pulumi.Input[NodePoolNodeConfigEffectiveTaintDict]]]]
    enable_confidential_storage: NotRequired[pulumi.Input[bool]]
    ephemeral_storage_config: NotRequired[pulumi.Input[NodePoolNodeConfigEphemeralStorageConfigDict]]
    ephemeral_storage_local_ssd_config: NotRequired[pulumi.Input[NodePoolNodeConfigEphemeralStorageLocalSsdConfigDict]]
    fast_socket: NotRequired[pulumi.Input[NodePoolNodeConfigFastSocketDict]]
    flex_start: NotRequired[pulumi.Input[bool]]
    gcfs_config: NotRequired[pulumi.Input[NodePoolNodeConfigGcfsConfigDict]]
    gpudirect_strategy: NotRequired[pulumi.Input[str]]
    guest_accelerators: NotRequired[pulumi.Input[Sequence[pulumi.Input[NodePoolNodeConfigGuestAcceleratorDict]]]]
    gvnic: NotRequired[pulumi.Input[NodePoolNodeConfigGvnicDict]]
    host_maintenance_policy: NotRequired[pulumi.Input[NodePoolNodeConfigHostMaintenancePolicyDict]]
    image_type: NotRequired[pulumi.Input[str]]
    kubelet_config: NotRequired[pulumi.Input[NodePoolNodeConfigKubeletConfigDict]]
    labels: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    linux_node_config: NotRequired[pulumi.Input[NodePoolNodeConfigLinuxNodeConfigDict]]
    local_nvme_ssd_block_config: NotRequired[pulumi.Input[NodePoolNodeConfigLocalNvmeSsdBlockConfigDict]]
    local_ssd_count: NotRequired[pulumi.Input[int]]
    local_ssd_encryption_mode: NotRequired[pulumi.Input[str]]
    logging_variant: NotRequired[pulumi.Input[str]]
    machine_type: NotRequired[pulumi.Input[str]]
    max_run_duration: NotRequired[pulumi.Input[str]]
    metadata: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    min_cpu_platform: NotRequired[pulumi.Input[str]]
    node_group: NotRequired[pulumi.Input[str]]
    node_image_configs: NotRequired[pulumi.Input[Sequence[pulumi.Input[NodePoolNodeConfigNodeImageConfigDict]]]]
    oauth_scopes: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    preemptible: NotRequired[pulumi.Input[bool]]
    reservation_affinity: NotRequired[pulumi.Input[NodePoolNodeConfigReservationAffinityDict]]
    resource_labels: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    resource_manager_tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    sandbox_config: NotRequired[pulumi.Input[NodePoolNodeConfigSandboxConfigDict]]
    secondary_boot_disks: NotRequired[pulumi.Input[Sequence[pulumi.Input[NodePoolNodeConfigSecondaryBootDiskDict]]]]
    service_account: NotRequired[pulumi.Input[str]]
    shielded_instance_config: NotRequired[pulumi.Input[NodePoolNodeConfigShieldedInstanceConfigDict]]
    sole_tenant_config: NotRequired[pulumi.Input[NodePoolNodeConfigSoleTenantConfigDict]]
    spot: NotRequired[pulumi.Input[bool]]
    storage_pools: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    tags: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    taint_config: NotRequired[pulumi.Input[NodePoolNodeConfigTaintConfigDict]]
    taints: NotRequired[pulumi.Input[Sequence[pulumi.Input[NodePoolNodeConfigTaintDict]]]]
    windows_node_config: NotRequired[pulumi.Input[NodePoolNodeConfigWindowsNodeConfigDict]]
    workload_metadata_config: NotRequired[pulumi.Input[NodePoolNodeConfigWorkloadMetadataConfigDict]]

class NodePoolNodeDrainConfigDict(TypedDict):
    grace_termination_duration: NotRequired[pulumi.Input[str]]
    pdb_timeout_duration: NotRequired[pulumi.Input[str]]
    respect_pdb_during_node_pool_deletion: NotRequired[pulumi.Input[bool]]

class NodePoolPlacementPolicyDict(TypedDict):
    type: pulumi.Input[str]
    policy_name: NotRequired[pulumi.Input[str]]
    tpu_topology: NotRequired[pulumi.Input[str]]

class NodePoolQueuedProvisioningDict(TypedDict):
    enabled: pulumi.Input[bool]

class NodePoolUpgradeSettingsBlueGreenSettingsAutoscaledRolloutPolicyDict(TypedDict):
    wait_for_drain_duration: NotRequired[pulumi.Input[str]]

class NodePoolUpgradeSettingsBlueGreenSettingsStandardRolloutPolicyDict(TypedDict):
    batch_node_count: NotRequired[pulumi.Input[int]]
    batch_percentage: NotRequired[pulumi.Input[float]]
    batch_soak_duration: NotRequired[pulumi.Input[str]]

class NodePoolUpgradeSettingsBlueGreenSettingsDict(TypedDict):
    autoscaled_rollout_policy: NotRequired[pulumi.Input[NodePoolUpgradeSettingsBlueGreenSettingsAutoscaledRolloutPolicyDict]]
    node_pool_soak_duration: NotRequired[pulumi.Input[str]]
    standard_rollout_policy: NotRequired[pulumi.Input[NodePoolUpgradeSettingsBlueGreenSettingsStandardRolloutPolicyDict]]

class NodePoolUpgradeSettingsDict(TypedDict):
    blue_green_settings: NotRequired[pulumi.Input[NodePoolUpgradeSettingsBlueGreenSettingsDict]]
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
        autoscaling: pulumi.Input[NodePoolAutoscalingDict] | None = None,
        best_effort_provisioning: pulumi.Input[NodePoolBestEffortProvisioningDict] | None = None,
        deletion_policy: pulumi.Input[str] | None = None,
        ignore_node_count_changes: pulumi.Input[bool] | None = None,
        initial_node_count: pulumi.Input[int] | None = None,
        location: pulumi.Input[str] | None = None,
        maintenance_policies: pulumi.Input[Sequence[pulumi.Input[NodePoolMaintenancePolicyDict]]] | None = None,
        management: pulumi.Input[NodePoolManagementDict] | None = None,
        max_pods_per_node: pulumi.Input[int] | None = None,
        name: pulumi.Input[str] | None = None,
        name_prefix: pulumi.Input[str] | None = None,
        network_config: pulumi.Input[NodePoolNetworkConfigDict] | None = None,
        node_config: pulumi.Input[NodePoolNodeConfigDict] | None = None,
        node_count: pulumi.Input[int] | None = None,
        node_drain_configs: pulumi.Input[Sequence[pulumi.Input[NodePoolNodeDrainConfigDict]]] | None = None,
        node_locations: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        placement_policy: pulumi.Input[NodePoolPlacementPolicyDict] | None = None,
        project: pulumi.Input[str] | None = None,
        queued_provisioning: pulumi.Input[NodePoolQueuedProvisioningDict] | None = None,
        upgrade_settings: pulumi.Input[NodePoolUpgradeSettingsDict] | None = None,
        version: pulumi.Input[str] | None = None,
    ) -> None: ...
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

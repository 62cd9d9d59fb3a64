# Written by `python -m tests.engine.sdk`.
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from typing_extensions import NotRequired, Self, TypedDict

class ClusterVpcConfigArgsDict(TypedDict):
    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    cluster_security_group_id: NotRequired[pulumi.Input[str]]
    control_plane_egress_mode: NotRequired[pulumi.Input[str]]
    endpoint_private_access: NotRequired[pulumi.Input[bool]]
    endpoint_public_access: NotRequired[pulumi.Input[bool]]
    public_access_cidrs: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    security_group_ids: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    vpc_id: NotRequired[pulumi.Input[str]]

class ClusterAccessConfigArgsDict(TypedDict):
    authentication_mode: NotRequired[pulumi.Input[str]]
    bootstrap_cluster_creator_admin_permissions: NotRequired[pulumi.Input[bool]]

class ClusterComputeConfigArgsDict(TypedDict):
    enabled: NotRequired[pulumi.Input[bool]]
    node_pools: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]
    node_role_arn: NotRequired[pulumi.Input[str]]

class ClusterControlPlaneScalingConfigArgsDict(TypedDict):
    tier: NotRequired[pulumi.Input[str]]

class ClusterEncryptionConfigProviderArgsDict(TypedDict):
    key_arn: pulumi.Input[str]

class ClusterEncryptionConfigArgsDict(TypedDict):
    provider: pulumi.Input[ClusterEncryptionConfigProviderArgsDict]
    resources: pulumi.Input[Sequence[pulumi.Input[str]]]

class ClusterKubeApiServerConfigServiceNodePortRangeArgsDict(TypedDict):
    max_port: NotRequired[pulumi.Input[int]]
    min_port: NotRequired[pulumi.Input[int]]

class ClusterKubeApiServerConfigArgsDict(TypedDict):
    event_ttl: NotRequired[pulumi.Input[str]]
    service_node_port_range: NotRequired[pulumi.Input[ClusterKubeApiServerConfigServiceNodePortRangeArgsDict]]

class ClusterKubeControllerManagerConfigHorizontalPodAutoscalerControllerConfigArgsDict(TypedDict):
    horizontal_pod_autoscaler_sync_period: NotRequired[pulumi.Input[str]]

class ClusterKubeControllerManagerConfigPodGcControllerConfigArgsDict(TypedDict):
    terminated_pod_gc_threshold: NotRequired[pulumi.Input[int]]

class ClusterKubeControllerManagerConfigArgsDict(TypedDict):
    horizontal_pod_autoscaler_controller_config: NotRequired[pulumi.Input[ClusterKubeControllerManagerConfigHorizontalPodAutoscalerControllerConfigArgsDict]]
    pod_gc_controller_config: NotRequired[pulumi.Input[ClusterKubeControllerManagerConfigPodGcControllerConfigArgsDict]]

class ClusterKubeSchedulerConfigNodeResourcesFitScoringStrategyResourceArgsDict(TypedDict):
    name: NotRequired[pulumi.Input[str]]
    weight: NotRequired[pulumi.Input[int]]

class ClusterKubeSchedulerConfigNodeResourcesFitScoringStrategyArgsDict(TypedDict):
    resources: NotRequired[pulumi.Input[Sequence[pulumi.Input[ClusterKubeSchedulerConfigNodeResourcesFitScoringStrategyResourceArgsDict]]]]
    type: NotRequired[pulumi.Input[str]]

class ClusterKubeSchedulerConfigNodeResourcesFitArgsDict(TypedDict):
    scoring_strategy: NotRequired[pulumi.Input[ClusterKubeSchedulerConfigNodeResourcesFitScoringStrategyArgsDict]]

class ClusterKubeSchedulerConfigArgsDict(TypedDict):
    node_resources_fit: NotRequired[pulumi.Input[ClusterKubeSchedulerConfigNodeResourcesFitArgsDict]]

class ClusterKubernetesNetworkConfigElasticLoadBalancingArgsDict(TypedDict):
    enabled: NotRequired[pulumi.Input[bool]]

class ClusterKubernetesNetworkConfigArgsDict(TypedDict):
    elastic_load_balancing: NotRequired[pulumi.Input[ClusterKubernetesNetworkConfigElasticLoadBalancingArgsDict]]
    ip_family: NotRequired[pulumi.Input[str]]
    service_ipv4_cidr: NotRequired[pulumi.Input[str]]
    service_ipv6_cidr: NotRequired[pulumi.Input[str]]

class ClusterOutpostConfigControlPlanePlacementArgsDict(TypedDict):
    group_name: NotRequired[pulumi.Input[str]]
    spread_level: NotRequired[pulumi.Input[str]]

class ClusterOutpostConfigEtcdPlacementArgsDict(TypedDict):
    spread_level: NotRequired[pulumi.Input[str]]

class ClusterOutpostConfigArgsDict(TypedDict):
    control_plane_instance_type: pulumi.Input[str]
    outpost_arns: pulumi.Input[Sequence[pulumi.Input[str]]]
    control_plane_placement: NotRequired[pulumi.Input[ClusterOutpostConfigControlPlanePlacementArgsDict]]
    etcd_instance_type: NotRequired[pulumi.Input[str]]
    etcd_placement: NotRequired[pulumi.Input[ClusterOutpostConfigEtcdPlacementArgsDict]]

class ClusterRemoteNetworkConfigRemoteNodeNetworksArgsDict(TypedDict):
    cidrs: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]

class ClusterRemoteNetworkConfigRemotePodNetworksArgsDict(TypedDict):
    cidrs: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]

class ClusterRemoteNetworkConfigArgsDict(TypedDict):
    remote_node_networks: NotRequired[pulumi.Input[ClusterRemoteNetworkConfigRemoteNodeNetworksArgsDict]]
    remote_pod_networks: NotRequired[pulumi.Input[ClusterRemoteNetworkConfigRemotePodNetworksArgsDict]]

class ClusterStorageConfigBlockStorageArgsDict(TypedDict):
    enabled: NotRequired[pulumi.Input[bool]]

class ClusterStorageConfigArgsDict(TypedDict):
    block_storage: NotRequired[pulumi.Input[ClusterStorageConfigBlockStorageArgsDict]]

class ClusterUpgradePolicyArgsDict(TypedDict):
    support_type: NotRequired[pulumi.Input[str]]

class ClusterZonalShiftConfigArgsDict(TypedDict):
    enabled: NotRequired[pulumi.Input[bool]]

class Cluster(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        role_arn: pulumi.Input[str],
        vpc_config: pulumi.Input[ClusterVpcConfigArgsDict],
        access_config: pulumi.Input[ClusterAccessConfigArgsDict] | None = None,
        bootstrap_self_managed_addons: pulumi.Input[bool] | None = None,
        compute_config: pulumi.Input[ClusterComputeConfigArgsDict] | None = None,
        control_plane_scaling_config: pulumi.Input[ClusterControlPlaneScalingConfigArgsDict] | None = None,
        default_addons_to_removes: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        deletion_protection: pulumi.Input[bool] | None = None,
        enabled_cluster_log_types: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        encryption_config: pulumi.Input[ClusterEncryptionConfigArgsDict] | None = None,
        force_update_version: pulumi.Input[bool] | None = None,
        kube_api_server_config: pulumi.Input[ClusterKubeApiServerConfigArgsDict] | None = None,
        kube_controller_manager_config: pulumi.Input[ClusterKubeControllerManagerConfigArgsDict] | None = None,
        kube_scheduler_config: pulumi.Input[ClusterKubeSchedulerConfigArgsDict] | None = None,
        kubernetes_network_config: pulumi.Input[ClusterKubernetesNetworkConfigArgsDict] | None = None,
        name: pulumi.Input[str] | None = None,
        outpost_config: pulumi.Input[ClusterOutpostConfigArgsDict] | None = None,
        region: pulumi.Input[str] | None = None,
        remote_network_config: pulumi.Input[ClusterRemoteNetworkConfigArgsDict] | None = None,
        storage_config: pulumi.Input[ClusterStorageConfigArgsDict] | None = None,
        tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        upgrade_policy: pulumi.Input[ClusterUpgradePolicyArgsDict] | None = None,
        version: pulumi.Input[str] | None = None,
        zonal_shift_config: pulumi.Input[ClusterZonalShiftConfigArgsDict] | None = None,
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def access_config(self) -> pulumi.Output[Any]: ...
    @property
    def arn(self) -> pulumi.Output[str]: ...
    @property
    def bootstrap_self_managed_addons(self) -> pulumi.Output[bool]: ...
    @property
    def certificate_authority(self) -> pulumi.Output[Any]: ...
    @property
    def cluster_id(self) -> pulumi.Output[str]: ...
    @property
    def compute_config(self) -> pulumi.Output[Any]: ...
    @property
    def control_plane_scaling_config(self) -> pulumi.Output[Any]: ...
    @property
    def created_at(self) -> pulumi.Output[str]: ...
    @property
    def default_addons_to_removes(self) -> pulumi.Output[Sequence[str]]: ...
    @property
    def deletion_protection(self) -> pulumi.Output[bool]: ...
    @property
    def enabled_cluster_log_types(self) -> pulumi.Output[Sequence[str]]: ...
    @property
    def encryption_config(self) -> pulumi.Output[Any]: ...
    @property
    def endpoint(self) -> pulumi.Output[str]: ...
    @property
    def force_update_version(self) -> pulumi.Output[bool]: ...
    @property
    def identities(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def kube_api_server_config(self) -> pulumi.Output[Any]: ...
    @property
    def kube_controller_manager_config(self) -> pulumi.Output[Any]: ...
    @property
    def kube_scheduler_config(self) -> pulumi.Output[Any]: ...
    @property
    def kubernetes_network_config(self) -> pulumi.Output[Any]: ...
    @property
    def name(self) -> pulumi.Output[str]: ...
    @property
    def outpost_config(self) -> pulumi.Output[Any]: ...
    @property
    def platform_version(self) -> pulumi.Output[str]: ...
    @property
    def region(self) -> pulumi.Output[str]: ...
    @property
    def remote_network_config(self) -> pulumi.Output[Any]: ...
    @property
    def role_arn(self) -> pulumi.Output[str]: ...
    @property
    def status(self) -> pulumi.Output[str]: ...
    @property
    def storage_config(self) -> pulumi.Output[Any]: ...
    @property
    def tags(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def tags_all(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def upgrade_policy(self) -> pulumi.Output[Any]: ...
    @property
    def version(self) -> pulumi.Output[str]: ...
    @property
    def vpc_config(self) -> pulumi.Output[Any]: ...
    @property
    def zonal_shift_config(self) -> pulumi.Output[Any]: ...

class NodeGroupScalingConfigArgsDict(TypedDict):
    desired_size: pulumi.Input[int]
    max_size: pulumi.Input[int]
    min_size: pulumi.Input[int]

class NodeGroupLaunchTemplateArgsDict(TypedDict):
    version: pulumi.Input[str]
    id: NotRequired[pulumi.Input[str]]
    name: NotRequired[pulumi.Input[str]]

class NodeGroupNodeRepairConfigNodeRepairConfigOverrideArgsDict(TypedDict):
    min_repair_wait_time_mins: pulumi.Input[int]
    node_monitoring_condition: pulumi.Input[str]
    node_unhealthy_reason: pulumi.Input[str]
    repair_action: pulumi.Input[str]

class NodeGroupNodeRepairConfigArgsDict(TypedDict):
    enabled: NotRequired[pulumi.Input[bool]]
    max_parallel_nodes_repaired_count: NotRequired[pulumi.Input[int]]
    max_parallel_nodes_repaired_percentage: NotRequired[pulumi.Input[int]]
    max_unhealthy_node_threshold_count: NotRequired[pulumi.Input[int]]
    max_unhealthy_node_threshold_percentage: NotRequired[pulumi.Input[int]]
    node_repair_config_overrides: NotRequired[pulumi.Input[Sequence[pulumi.Input[NodeGroupNodeRepairConfigNodeRepairConfigOverrideArgsDict]]]]

class NodeGroupRemoteAccessArgsDict(TypedDict):
    ec2_ssh_key: NotRequired[pulumi.Input[str]]
    source_security_group_ids: NotRequired[pulumi.Input[Sequence[pulumi.Input[str]]]]

class NodeGroupTaintArgsDict(TypedDict):
    effect: pulumi.Input[str]
    key: pulumi.Input[str]
    value: NotRequired[pulumi.Input[str]]

class NodeGroupUpdateConfigArgsDict(TypedDict):
    max_unavailable: NotRequired[pulumi.Input[int]]
    max_unavailable_percentage: NotRequired[pulumi.Input[int]]
    update_strategy: NotRequired[pulumi.Input[str]]

class NodeGroupWarmPoolConfigArgsDict(TypedDict):
    max_group_prepared_capacity: NotRequired[pulumi.Input[int]]
    min_size: NotRequired[pulumi.Input[int]]
    pool_state: NotRequired[pulumi.Input[str]]
    reuse_on_scale_in: NotRequired[pulumi.Input[bool]]

class NodeGroup(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        cluster_name: pulumi.Input[str],
        node_role_arn: pulumi.Input[str],
        scaling_config: pulumi.Input[NodeGroupScalingConfigArgsDict],
        subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]],
        ami_type: pulumi.Input[str] | None = None,
        capacity_type: pulumi.Input[str] | None = None,
        disk_size: pulumi.Input[int] | None = None,
        force_update_version: pulumi.Input[bool] | None = None,
        instance_types: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        labels: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        launch_template: pulumi.Input[NodeGroupLaunchTemplateArgsDict] | None = None,
        node_group_name: pulumi.Input[str] | None = None,
        node_group_name_prefix: pulumi.Input[str] | None = None,
        node_repair_config: pulumi.Input[NodeGroupNodeRepairConfigArgsDict] | None = None,
        region: pulumi.Input[str] | None = None,
        release_version: pulumi.Input[str] | None = None,
        remote_access: pulumi.Input[NodeGroupRemoteAccessArgsDict] | None = None,
        tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        taints: pulumi.Input[Sequence[pulumi.Input[NodeGroupTaintArgsDict]]] | None = None,
        update_config: pulumi.Input[NodeGroupUpdateConfigArgsDict] | None = None,
        version: pulumi.Input[str] | None = None,
        warm_pool_config: pulumi.Input[NodeGroupWarmPoolConfigArgsDict] | None = None,
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def ami_type(self) -> pulumi.Output[str]: ...
    @property
    def arn(self) -> pulumi.Output[str]: ...
    @property
    def capacity_type(self) -> pulumi.Output[str]: ...
    @property
    def cluster_name(self) -> pulumi.Output[str]: ...
    @property
    def disk_size(self) -> pulumi.Output[int]: ...
    @property
    def force_update_version(self) -> pulumi.Output[bool]: ...
    @property
    def instance_types(self) -> pulumi.Output[Sequence[str]]: ...
    @property
    def labels(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def launch_template(self) -> pulumi.Output[Any]: ...
    @property
    def node_group_name(self) -> pulumi.Output[str]: ...
    @property
    def node_group_name_prefix(self) -> pulumi.Output[str]: ...
    @property
    def node_repair_config(self) -> pulumi.Output[Any]: ...
    @property
    def node_role_arn(self) -> pulumi.Output[str]: ...
    @property
    def region(self) -> pulumi.Output[str]: ...
    @property
    def release_version(self) -> pulumi.Output[str]: ...
    @property
    def remote_access(self) -> pulumi.Output[Any]: ...
    @property
    def resources(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def scaling_config(self) -> pulumi.Output[Any]: ...
    @property
    def status(self) -> pulumi.Output[str]: ...
    @property
    def subnet_ids(self) -> pulumi.Output[Sequence[str]]: ...
    @property
    def tags(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def tags_all(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def taints(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def update_config(self) -> pulumi.Output[Any]: ...
    @property
    def version(self) -> pulumi.Output[str]: ...
    @property
    def warm_pool_config(self) -> pulumi.Output[Any]: ...

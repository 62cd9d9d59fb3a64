# Written by `python -m tests.engine.sdk`.
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from typing_extensions import NotRequired, Self, TypedDict

class ListenerDefaultActionAuthenticateCognitoArgsDict(TypedDict):
    user_pool_arn: pulumi.Input[str]
    user_pool_client_id: pulumi.Input[str]
    user_pool_domain: pulumi.Input[str]
    authentication_request_extra_params: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    on_unauthenticated_request: NotRequired[pulumi.Input[str]]
    scope: NotRequired[pulumi.Input[str]]
    session_cookie_name: NotRequired[pulumi.Input[str]]
    session_timeout: NotRequired[pulumi.Input[int]]

class ListenerDefaultActionAuthenticateOidcArgsDict(TypedDict):
    authorization_endpoint: pulumi.Input[str]
    client_id: pulumi.Input[str]
    client_secret: pulumi.Input[str]
    issuer: pulumi.Input[str]
    token_endpoint: pulumi.Input[str]
    user_info_endpoint: pulumi.Input[str]
    authentication_request_extra_params: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    on_unauthenticated_request: NotRequired[pulumi.Input[str]]
    scope: NotRequired[pulumi.Input[str]]
    session_cookie_name: NotRequired[pulumi.Input[str]]
    session_timeout: NotRequired[pulumi.Input[int]]

class ListenerDefaultActionFixedResponseArgsDict(TypedDict):
    content_type: pulumi.Input[str]
    message_body: NotRequired[pulumi.Input[str]]
    status_code: NotRequired[pulumi.Input[str]]

class ListenerDefaultActionForwardTargetGroupArgsDict(TypedDict):
    arn: pulumi.Input[str]
    weight: NotRequired[pulumi.Input[int]]

class ListenerDefaultActionForwardStickinessArgsDict(TypedDict):
    duration: pulumi.Input[int]
    enabled: NotRequired[pulumi.Input[bool]]

class ListenerDefaultActionForwardArgsDict(TypedDict):
    target_groups: pulumi.Input[Sequence[pulumi.Input[ListenerDefaultActionForwardTargetGroupArgsDict]]]
    stickiness: NotRequired[pulumi.Input[ListenerDefaultActionForwardStickinessArgsDict]]

class ListenerDefaultActionJwtValidationAdditionalClaimArgsDict(TypedDict):
    format: pulumi.Input[str]
    name: pulumi.Input[str]
    values: pulumi.Input[Sequence[pulumi.Input[str]]]

class ListenerDefaultActionJwtValidationArgsDict(TypedDict):
    issuer: pulumi.Input[str]
    jwks_endpoint: pulumi.Input[str]
    additional_claims: NotRequired[pulumi.Input[Sequence[pulumi.Input[ListenerDefaultActionJwtValidationAdditionalClaimArgsDict]]]]

class ListenerDefaultActionRedirectArgsDict(TypedDict):
    status_code: pulumi.Input[str]
    host: NotRequired[pulumi.Input[str]]
    path: NotRequired[pulumi.Input[str]]
    port: NotRequired[pulumi.Input[str]]
    protocol: NotRequired[pulumi.Input[str]]
    query: NotRequired[pulumi.Input[str]]

class ListenerDefaultActionArgsDict(TypedDict):
    type: pulumi.Input[str]
    authenticate_cognito: NotRequired[pulumi.Input[ListenerDefaultActionAuthenticateCognitoArgsDict]]
    authenticate_oidc: NotRequired[pulumi.Input[ListenerDefaultActionAuthenticateOidcArgsDict]]
    fixed_response: NotRequired[pulumi.Input[ListenerDefaultActionFixedResponseArgsDict]]
    forward: NotRequired[pulumi.Input[ListenerDefaultActionForwardArgsDict]]
    jwt_validation: NotRequired[pulumi.Input[ListenerDefaultActionJwtValidationArgsDict]]
    order: NotRequired[pulumi.Input[int]]
    redirect: NotRequired[pulumi.Input[ListenerDefaultActionRedirectArgsDict]]
    target_group_arn: NotRequired[pulumi.Input[str]]

class ListenerMutualAuthenticationArgsDict(TypedDict):
    mode: pulumi.Input[str]
    advertise_trust_store_ca_names: NotRequired[pulumi.Input[str]]
    ignore_client_certificate_expiry: NotRequired[pulumi.Input[bool]]
    trust_store_arn: NotRequired[pulumi.Input[str]]

class Listener(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        default_actions: pulumi.Input[Sequence[pulumi.Input[ListenerDefaultActionArgsDict]]],
        load_balancer_arn: pulumi.Input[str],
        alpn_policy: pulumi.Input[str] | None = None,
        certificate_arn: pulumi.Input[str] | None = None,
        mutual_authentication: pulumi.Input[ListenerMutualAuthenticationArgsDict] | None = None,
        port: pulumi.Input[int] | None = None,
        protocol: pulumi.Input[str] | None = None,
        region: pulumi.Input[str] | None = None,
        routing_http_request_x_amzn_mtls_clientcert_header_name: pulumi.Input[str] | None = None,
        routing_http_request_x_amzn_mtls_clientcert_issuer_header_name: pulumi.Input[str] | None = None,
        routing_http_request_x_amzn_mtls_clientcert_leaf_header_name: pulumi.Input[str] | None = None,
        routing_http_request_x_amzn_mtls_clientcert_serial_number_header_name: pulumi.Input[str] | None = None,
        routing_http_request_x_amzn_mtls_clientcert_subject_header_name: pulumi.Input[str] | None = None,
        routing_http_request_x_amzn_mtls_clientcert_validity_header_name: pulumi.Input[str] | None = None,
        routing_http_request_x_amzn_tls_cipher_suite_header_name: pulumi.Input[str] | None = None,
        routing_http_request_x_amzn_tls_version_header_name: pulumi.Input[str] | None = None,
        routing_http_response_access_control_allow_credentials_header_value: pulumi.Input[str] | None = None,
        routing_http_response_access_control_allow_headers_header_value: pulumi.Input[str] | None = None,
        routing_http_response_access_control_allow_methods_header_value: pulumi.Input[str] | None = None,
        routing_http_response_access_control_allow_origin_header_value: pulumi.Input[str] | None = None,
        routing_http_response_access_control_expose_headers_header_value: pulumi.Input[str] | None = None,
        routing_http_response_access_control_max_age_header_value: pulumi.Input[str] | None = None,
        routing_http_response_content_security_policy_header_value: pulumi.Input[str] | None = None,
        routing_http_response_server_enabled: pulumi.Input[bool] | None = None,
        routing_http_response_strict_transport_security_header_value: pulumi.Input[str] | None = None,
        routing_http_response_x_content_type_options_header_value: pulumi.Input[str] | None = None,
        routing_http_response_x_frame_options_header_value: pulumi.Input[str] | None = None,
        ssl_policy: pulumi.Input[str] | None = None,
        tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        tcp_idle_timeout_seconds: pulumi.Input[int] | None = None,
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def alpn_policy(self) -> pulumi.Output[str]: ...
    @property
    def arn(self) -> pulumi.Output[str]: ...
    @property
    def certificate_arn(self) -> pulumi.Output[str]: ...
    @property
    def default_actions(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def load_balancer_arn(self) -> pulumi.Output[str]: ...
    @property
    def mutual_authentication(self) -> pulumi.Output[Any]: ...
    @property
    def port(self) -> pulumi.Output[int]: ...
    @property
    def protocol(self) -> pulumi.Output[str]: ...
    @property
    def region(self) -> pulumi.Output[str]: ...
    @property
    def routing_http_request_x_amzn_mtls_clientcert_header_name(self) -> pulumi.Output[str]: ...
    @property
    def routing_http_request_x_amzn_mtls_clientcert_issuer_header_name(self) -> pulumi.Output[str]: ...
    @property
    def routing_http_request_x_amzn_mtls_clientcert_leaf_header_name(self) -> pulumi.Output[str]: ...
    @property
    def routing_http_request_x_amzn_mtls_clientcert_serial_number_header_name(self) -> pulumi.Output[str]: ...
    @property
    def routing_http_request_x_amzn_mtls_clientcert_subject_header_name(self) -> pulumi.Output[str]: ...
    @property
    def routing_http_request_x_amzn_mtls_clientcert_validity_header_name(self) -> pulumi.Output[str]: ...
    @property
    def routing_http_request_x_amzn_tls_cipher_suite_header_name(self) -> pulumi.Output[str]: ...
    @property
    def routing_http_request_x_amzn_tls_version_header_name(self) -> pulumi.Output[str]: ...
    @property
    def routing_http_response_access_control_allow_credentials_header_value(self) -> pulumi.Output[str]: ...
    @property
    def routing_http_response_access_control_allow_headers_header_value(self) -> pulumi.Output[str]: ...
    @property
    def routing_http_response_access_control_allow_methods_header_value(self) -> pulumi.Output[str]: ...
    @property
    def routing_http_response_access_control_allow_origin_header_value(self) -> pulumi.Output[str]: ...
    @property
    def routing_http_response_access_control_expose_headers_header_value(self) -> pulumi.Output[str]: ...
    @property
    def routing_http_response_access_control_max_age_header_value(self) -> pulumi.Output[str]: ...
    @property
    def routing_http_response_content_security_policy_header_value(self) -> pulumi.Output[str]: ...
    @property
    def routing_http_response_server_enabled(self) -> pulumi.Output[bool]: ...
    @property
    def routing_http_response_strict_transport_security_header_value(self) -> pulumi.Output[str]: ...
    @property
    def routing_http_response_x_content_type_options_header_value(self) -> pulumi.Output[str]: ...
    @property
    def routing_http_response_x_frame_options_header_value(self) -> pulumi.Output[str]: ...
    @property
    def ssl_policy(self) -> pulumi.Output[str]: ...
    @property
    def tags(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def tags_all(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def tcp_idle_timeout_seconds(self) -> pulumi.Output[int]: ...

class LoadBalancerAccessLogsArgsDict(TypedDict):
    bucket: pulumi.Input[str]
    enabled: NotRequired[pulumi.Input[bool]]
    prefix: NotRequired[pulumi.Input[str]]

class LoadBalancerConnectionLogsArgsDict(TypedDict):
    bucket: pulumi.Input[str]
    enabled: NotRequired[pulumi.Input[bool]]
    prefix: NotRequired[pulumi.Input[str]]

class LoadBalancerHealthCheckLogsArgsDict(TypedDict):
    bucket: pulumi.Input[str]
    enabled: NotRequired[pulumi.Input[bool]]
    prefix: NotRequired[pulumi.Input[str]]

class LoadBalancerIpamPoolsArgsDict(TypedDict):
    ipv4_ipam_pool_id: pulumi.Input[str]

class LoadBalancerMinimumLoadBalancerCapacityArgsDict(TypedDict):
    capacity_units: pulumi.Input[int]

class LoadBalancerSubnetMappingArgsDict(TypedDict):
    subnet_id: pulumi.Input[str]
    allocation_id: NotRequired[pulumi.Input[str]]
    ipv6_address: NotRequired[pulumi.Input[str]]
    outpost_id: NotRequired[pulumi.Input[str]]
    private_ipv4_address: NotRequired[pulumi.Input[str]]

class LoadBalancer(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        access_logs: pulumi.Input[LoadBalancerAccessLogsArgsDict] | None = None,
        client_keep_alive: pulumi.Input[int] | None = None,
        connection_logs: pulumi.Input[LoadBalancerConnectionLogsArgsDict] | None = None,
        customer_owned_ipv4_pool: pulumi.Input[str] | None = None,
        desync_mitigation_mode: pulumi.Input[str] | None = None,
        dns_record_client_routing_policy: pulumi.Input[str] | None = None,
        drop_invalid_header_fields: pulumi.Input[bool] | None = None,
        enable_cross_zone_load_balancing: pulumi.Input[bool] | None = None,
        enable_deletion_protection: pulumi.Input[bool] | None = None,
        enable_http2: pulumi.Input[bool] | None = None,
        enable_prefix_for_ipv6_source_nat: pulumi.Input[str] | None = None,
        enable_tls_version_and_cipher_suite_headers: pulumi.Input[bool] | None = None,
        enable_waf_fail_open: pulumi.Input[bool] | None = None,
        enable_xff_client_port: pulumi.Input[bool] | None = None,
        enable_zonal_shift: pulumi.Input[bool] | None = None,
        enforce_security_group_inbound_rules_on_private_link_traffic: pulumi.Input[str] | None = None,
        health_check_logs: pulumi.Input[LoadBalancerHealthCheckLogsArgsDict] | None = None,
        idle_timeout: pulumi.Input[int] | None = None,
        internal: pulumi.Input[bool] | None = None,
        ip_address_type: pulumi.Input[str] | None = None,
        ipam_pools: pulumi.Input[LoadBalancerIpamPoolsArgsDict] | None = None,
        load_balancer_type: pulumi.Input[str] | None = None,
        minimum_load_balancer_capacity: pulumi.Input[LoadBalancerMinimumLoadBalancerCapacityArgsDict] | None = None,
        name: pulumi.Input[str] | None = None,
        name_prefix: pulumi.Input[str] | None = None,
        preserve_host_header: pulumi.Input[bool] | None = None,
        region: pulumi.Input[str] | None = None,
        secondary_ips_auto_assigned_per_subnet: pulumi.Input[int] | None = None,
        security_groups: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        subnet_mappings: pulumi.Input[Sequence[pulumi.Input[LoadBalancerSubnetMappingArgsDict]]] | None = None,
        subnets: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        xff_header_processing_mode: pulumi.Input[str] | None = None,
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def access_logs(self) -> pulumi.Output[Any]: ...
    @property
    def arn(self) -> pulumi.Output[str]: ...
    @property
    def arn_suffix(self) -> pulumi.Output[str]: ...
    @property
    def client_keep_alive(self) -> pulumi.Output[int]: ...
    @property
    def connection_logs(self) -> pulumi.Output[Any]: ...
    @property
    def customer_owned_ipv4_pool(self) -> pulumi.Output[str]: ...
    @property
    def desync_mitigation_mode(self) -> pulumi.Output[str]: ...
    @property
    def dns_name(self) -> pulumi.Output[str]: ...
    @property
    def dns_record_client_routing_policy(self) -> pulumi.Output[str]: ...
    @property
    def drop_invalid_header_fields(self) -> pulumi.Output[bool]: ...
    @property
    def enable_cross_zone_load_balancing(self) -> pulumi.Output[bool]: ...
    @property
    def enable_deletion_protection(self) -> pulumi.Output[bool]: ...
    @property
    def enable_http2(self) -> pulumi.Output[bool]: ...
    @property
    def enable_prefix_for_ipv6_source_nat(self) -> pulumi.Output[str]: ...
    @property
    def enable_tls_version_and_cipher_suite_headers(self) -> pulumi.Output[bool]: ...
    @property
    def enable_waf_fail_open(self) -> pulumi.Output[bool]: ...
    @property
    def enable_xff_client_port(self) -> pulumi.Output[bool]: ...
    @property
    def enable_zonal_shift(self) -> pulumi.Output[bool]: ...
    @property
    def enforce_security_group_inbound_rules_on_private_link_traffic(self) -> pulumi.Output[str]: ...
    @property
    def health_check_logs(self) -> pulumi.Output[Any]: ...
    @property
    def idle_timeout(self) -> pulumi.Output[int]: ...
    @property
    def internal(self) -> pulumi.Output[bool]: ...
    @property
    def ip_address_type(self) -> pulumi.Output[str]: ...
    @property
    def ipam_pools(self) -> pulumi.Output[Any]: ...
    @property
    def load_balancer_type(self) -> pulumi.Output[str]: ...
    @property
    def minimum_load_balancer_capacity(self) -> pulumi.Output[Any]: ...
    @property
    def name(self) -> pulumi.Output[str]: ...
    @property
    def name_prefix(self) -> pulumi.Output[str]: ...
    @property
    def preserve_host_header(self) -> pulumi.Output[bool]: ...
    @property
    def region(self) -> pulumi.Output[str]: ...
    @property
    def secondary_ips_auto_assigned_per_subnet(self) -> pulumi.Output[int]: ...
    @property
    def security_groups(self) -> pulumi.Output[Sequence[str]]: ...
    @property
    def subnet_mappings(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def subnets(self) -> pulumi.Output[Sequence[str]]: ...
    @property
    def tags(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def tags_all(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def vpc_id(self) -> pulumi.Output[str]: ...
    @property
    def xff_header_processing_mode(self) -> pulumi.Output[str]: ...
    @property
    def zone_id(self) -> pulumi.Output[str]: ...

class TargetGroupHealthCheckArgsDict(TypedDict):
    enabled: NotRequired[pulumi.Input[bool]]
    healthy_threshold: NotRequired[pulumi.Input[int]]
    interval: NotRequired[pulumi.Input[int]]
    matcher: NotRequired[pulumi.Input[str]]
    path: NotRequired[pulumi.Input[str]]
    port: NotRequired[pulumi.Input[str]]
    protocol: NotRequired[pulumi.Input[str]]
    timeout: NotRequired[pulumi.Input[int]]
    unhealthy_threshold: NotRequired[pulumi.Input[int]]

class TargetGroupStickinessArgsDict(TypedDict):
    type: pulumi.Input[str]
    cookie_duration: NotRequired[pulumi.Input[int]]
    cookie_name: NotRequired[pulumi.Input[str]]
    enabled: NotRequired[pulumi.Input[bool]]

class TargetGroupTargetFailoverArgsDict(TypedDict):
    on_deregistration: pulumi.Input[str]
    on_unhealthy: pulumi.Input[str]

class TargetGroupTargetGroupHealthDnsFailoverArgsDict(TypedDict):
    minimum_healthy_targets_count: NotRequired[pulumi.Input[str]]
    minimum_healthy_targets_percentage: NotRequired[pulumi.Input[str]]

class TargetGroupTargetGroupHealthUnhealthyStateRoutingArgsDict(TypedDict):
    minimum_healthy_targets_count: NotRequired[pulumi.Input[int]]
    minimum_healthy_targets_percentage: NotRequired[pulumi.Input[str]]

class TargetGroupTargetGroupHealthArgsDict(TypedDict):
    dns_failover: NotRequired[pulumi.Input[TargetGroupTargetGroupHealthDnsFailoverArgsDict]]
    unhealthy_state_routing: NotRequired[pulumi.Input[TargetGroupTargetGroupHealthUnhealthyStateRoutingArgsDict]]

class TargetGroupTargetHealthStateArgsDict(TypedDict):
    enable_unhealthy_connection_termination: pulumi.Input[bool]
    unhealthy_draining_interval: NotRequired[pulumi.Input[int]]

class TargetGroup(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        connection_termination: pulumi.Input[bool] | None = None,
        deregistration_delay: pulumi.Input[int] | None = None,
        health_check: pulumi.Input[TargetGroupHealthCheckArgsDict] | None = None,
        ip_address_type: pulumi.Input[str] | None = None,
        lambda_multi_value_headers_enabled: pulumi.Input[bool] | None = None,
        load_balancing_algorithm_type: pulumi.Input[str] | None = None,
        load_balancing_anomaly_mitigation: pulumi.Input[str] | None = None,
        load_balancing_cross_zone_enabled: pulumi.Input[str] | None = None,
        name: pulumi.Input[str] | None = None,
        name_prefix: pulumi.Input[str] | None = None,
        port: pulumi.Input[int] | None = None,
        preserve_client_ip: pulumi.Input[str] | None = None,
        protocol: pulumi.Input[str] | None = None,
        protocol_version: pulumi.Input[str] | None = None,
        proxy_protocol_v2: pulumi.Input[bool] | None = None,
        region: pulumi.Input[str] | None = None,
        slow_start: pulumi.Input[int] | None = None,
        stickiness: pulumi.Input[TargetGroupStickinessArgsDict] | None = None,
        tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        target_control_port: pulumi.Input[int] | None = None,
        target_failovers: pulumi.Input[Sequence[pulumi.Input[TargetGroupTargetFailoverArgsDict]]] | None = None,
        target_group_health: pulumi.Input[TargetGroupTargetGroupHealthArgsDict] | None = None,
        target_health_states: pulumi.Input[Sequence[pulumi.Input[TargetGroupTargetHealthStateArgsDict]]] | None = None,
        target_type: pulumi.Input[str] | None = None,
        vpc_id: pulumi.Input[str] | None = None,
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def arn(self) -> pulumi.Output[str]: ...
    @property
    def arn_suffix(self) -> pulumi.Output[str]: ...
    @property
    def connection_termination(self) -> pulumi.Output[bool]: ...
    @property
    def deregistration_delay(self) -> pulumi.Output[int]: ...
    @property
    def health_check(self) -> pulumi.Output[Any]: ...
    @property
    def ip_address_type(self) -> pulumi.Output[str]: ...
    @property
    def lambda_multi_value_headers_enabled(self) -> pulumi.Output[bool]: ...
    @property
    def load_balancer_arns(self) -> pulumi.Output[Sequence[str]]: ...
    @property
    def load_balancing_algorithm_type(self) -> pulumi.Output[str]: ...
    @property
    def load_balancing_anomaly_mitigation(self) -> pulumi.Output[str]: ...
    @property
    def load_balancing_cross_zone_enabled(self) -> pulumi.Output[str]: ...
    @property
    def name(self) -> pulumi.Output[str]: ...
    @property
    def name_prefix(self) -> pulumi.Output[str]: ...
    @property
    def port(self) -> pulumi.Output[int]: ...
    @property
    def preserve_client_ip(self) -> pulumi.Output[str]: ...
    @property
    def protocol(self) -> pulumi.Output[str]: ...
    @property
    def protocol_version(self) -> pulumi.Output[str]: ...
    @property
    def proxy_protocol_v2(self) -> pulumi.Output[bool]: ...
    @property
    def region(self) -> pulumi.Output[str]: ...
    @property
    def slow_start(self) -> pulumi.Output[int]: ...
    @property
    def stickiness(self) -> pulumi.Output[Any]: ...
    @property
    def tags(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def tags_all(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def target_control_port(self) -> pulumi.Output[int]: ...
    @property
    def target_failovers(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def target_group_health(self) -> pulumi.Output[Any]: ...
    @property
    def target_health_states(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def target_type(self) -> pulumi.Output[str]: ...
    @property
    def vpc_id(self) -> pulumi.Output[str]: ...

class TargetGroupAttachment(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        target_group_arn: pulumi.Input[str],
        target_id: pulumi.Input[str],
        availability_zone: pulumi.Input[str] | None = None,
        port: pulumi.Input[int] | None = None,
        quic_server_id: pulumi.Input[str] | None = None,
        region: pulumi.Input[str] | None = None,
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def availability_zone(self) -> pulumi.Output[str]: ...
    @property
    def port(self) -> pulumi.Output[int]: ...
    @property
    def quic_server_id(self) -> pulumi.Output[str]: ...
    @property
    def region(self) -> pulumi.Output[str]: ...
    @property
    def target_group_arn(self) -> pulumi.Output[str]: ...
    @property
    def target_id(self) -> pulumi.Output[str]: ...

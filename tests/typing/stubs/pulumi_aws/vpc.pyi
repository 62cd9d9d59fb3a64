# Written by `python -m tests.engine.sdk`.
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from typing_extensions import NotRequired, TypedDict

class SecurityGroupEgressRule(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        ip_protocol: pulumi.Input[str],
        security_group_id: pulumi.Input[str],
        cidr_ipv4: pulumi.Input[str] | None = None,
        cidr_ipv6: pulumi.Input[str] | None = None,
        description: pulumi.Input[str] | None = None,
        from_port: pulumi.Input[int] | None = None,
        prefix_list_id: pulumi.Input[str] | None = None,
        referenced_security_group_id: pulumi.Input[str] | None = None,
        region: pulumi.Input[str] | None = None,
        tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        to_port: pulumi.Input[int] | None = None,
    ) -> None: ...
    @property
    def arn(self) -> pulumi.Output[str]: ...
    @property
    def cidr_ipv4(self) -> pulumi.Output[str]: ...
    @property
    def cidr_ipv6(self) -> pulumi.Output[str]: ...
    @property
    def description(self) -> pulumi.Output[str]: ...
    @property
    def from_port(self) -> pulumi.Output[int]: ...
    @property
    def ip_protocol(self) -> pulumi.Output[str]: ...
    @property
    def prefix_list_id(self) -> pulumi.Output[str]: ...
    @property
    def referenced_security_group_id(self) -> pulumi.Output[str]: ...
    @property
    def region(self) -> pulumi.Output[str]: ...
    @property
    def security_group_id(self) -> pulumi.Output[str]: ...
    @property
    def security_group_rule_id(self) -> pulumi.Output[str]: ...
    @property
    def tags(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def tags_all(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def to_port(self) -> pulumi.Output[int]: ...

class SecurityGroupIngressRule(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        ip_protocol: pulumi.Input[str],
        security_group_id: pulumi.Input[str],
        cidr_ipv4: pulumi.Input[str] | None = None,
        cidr_ipv6: pulumi.Input[str] | None = None,
        description: pulumi.Input[str] | None = None,
        from_port: pulumi.Input[int] | None = None,
        prefix_list_id: pulumi.Input[str] | None = None,
        referenced_security_group_id: pulumi.Input[str] | None = None,
        region: pulumi.Input[str] | None = None,
        tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        to_port: pulumi.Input[int] | None = None,
    ) -> None: ...
    @property
    def arn(self) -> pulumi.Output[str]: ...
    @property
    def cidr_ipv4(self) -> pulumi.Output[str]: ...
    @property
    def cidr_ipv6(self) -> pulumi.Output[str]: ...
    @property
    def description(self) -> pulumi.Output[str]: ...
    @property
    def from_port(self) -> pulumi.Output[int]: ...
    @property
    def ip_protocol(self) -> pulumi.Output[str]: ...
    @property
    def prefix_list_id(self) -> pulumi.Output[str]: ...
    @property
    def referenced_security_group_id(self) -> pulumi.Output[str]: ...
    @property
    def region(self) -> pulumi.Output[str]: ...
    @property
    def security_group_id(self) -> pulumi.Output[str]: ...
    @property
    def security_group_rule_id(self) -> pulumi.Output[str]: ...
    @property
    def tags(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def tags_all(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def to_port(self) -> pulumi.Output[int]: ...

# Written by `python -m tests.engine.sdk`.
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from typing_extensions import NotRequired, Self, TypedDict

class InstanceProfile(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        name: pulumi.Input[str] | None = None,
        name_prefix: pulumi.Input[str] | None = None,
        path: pulumi.Input[str] | None = None,
        role: pulumi.Input[str] | None = None,
        tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def arn(self) -> pulumi.Output[str]: ...
    @property
    def create_date(self) -> pulumi.Output[str]: ...
    @property
    def name(self) -> pulumi.Output[str]: ...
    @property
    def name_prefix(self) -> pulumi.Output[str]: ...
    @property
    def path(self) -> pulumi.Output[str]: ...
    @property
    def role(self) -> pulumi.Output[str]: ...
    @property
    def tags(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def tags_all(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def unique_id(self) -> pulumi.Output[str]: ...

class RoleInlinePolicyArgsDict(TypedDict):
    name: NotRequired[pulumi.Input[str]]
    policy: NotRequired[pulumi.Input[str]]

class Role(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        assume_role_policy: pulumi.Input[str],
        description: pulumi.Input[str] | None = None,
        force_detach_policies: pulumi.Input[bool] | None = None,
        inline_policies: pulumi.Input[Sequence[pulumi.Input[RoleInlinePolicyArgsDict]]] | None = None,
        managed_policy_arns: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        max_session_duration: pulumi.Input[int] | None = None,
        name: pulumi.Input[str] | None = None,
        name_prefix: pulumi.Input[str] | None = None,
        path: pulumi.Input[str] | None = None,
        permissions_boundary: pulumi.Input[str] | None = None,
        tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def arn(self) -> pulumi.Output[str]: ...
    @property
    def assume_role_policy(self) -> pulumi.Output[str]: ...
    @property
    def create_date(self) -> pulumi.Output[str]: ...
    @property
    def description(self) -> pulumi.Output[str]: ...
    @property
    def force_detach_policies(self) -> pulumi.Output[bool]: ...
    @property
    def inline_policies(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def managed_policy_arns(self) -> pulumi.Output[Sequence[str]]: ...
    @property
    def max_session_duration(self) -> pulumi.Output[int]: ...
    @property
    def name(self) -> pulumi.Output[str]: ...
    @property
    def name_prefix(self) -> pulumi.Output[str]: ...
    @property
    def path(self) -> pulumi.Output[str]: ...
    @property
    def permissions_boundary(self) -> pulumi.Output[str]: ...
    @property
    def tags(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def tags_all(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def unique_id(self) -> pulumi.Output[str]: ...

class RolePolicy(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        policy: pulumi.Input[str],
        role: pulumi.Input[str],
        name: pulumi.Input[str] | None = None,
        name_prefix: pulumi.Input[str] | None = None,
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def name(self) -> pulumi.Output[str]: ...
    @property
    def name_prefix(self) -> pulumi.Output[str]: ...
    @property
    def policy(self) -> pulumi.Output[str]: ...
    @property
    def role(self) -> pulumi.Output[str]: ...

class RolePolicyAttachment(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        policy_arn: pulumi.Input[str],
        role: pulumi.Input[str],
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def policy_arn(self) -> pulumi.Output[str]: ...
    @property
    def role(self) -> pulumi.Output[str]: ...

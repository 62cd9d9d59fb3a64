# Written by `python -m tests.engine.sdk`.
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from typing_extensions import NotRequired, Self, TypedDict

class SecretReplicationAutoCustomerManagedEncryptionArgsDict(TypedDict):
    kms_key_name: pulumi.Input[str]

class SecretReplicationAutoArgsDict(TypedDict):
    customer_managed_encryption: NotRequired[pulumi.Input[SecretReplicationAutoCustomerManagedEncryptionArgsDict]]

class SecretReplicationUserManagedReplicaCustomerManagedEncryptionArgsDict(TypedDict):
    kms_key_name: pulumi.Input[str]

class SecretReplicationUserManagedReplicaArgsDict(TypedDict):
    location: pulumi.Input[str]
    customer_managed_encryption: NotRequired[pulumi.Input[SecretReplicationUserManagedReplicaCustomerManagedEncryptionArgsDict]]

class SecretReplicationUserManagedArgsDict(TypedDict):
    replicas: pulumi.Input[Sequence[pulumi.Input[SecretReplicationUserManagedReplicaArgsDict]]]

class SecretReplicationArgsDict(TypedDict):
    auto: NotRequired[pulumi.Input[SecretReplicationAutoArgsDict]]
    user_managed: NotRequired[pulumi.Input[SecretReplicationUserManagedArgsDict]]

class SecretRotationArgsDict(TypedDict):
    next_rotation_time: NotRequired[pulumi.Input[str]]
    rotation_period: NotRequired[pulumi.Input[str]]

class SecretTopicArgsDict(TypedDict):
    name: pulumi.Input[str]

class Secret(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        replication: pulumi.Input[SecretReplicationArgsDict],
        annotations: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        deletion_policy: pulumi.Input[str] | None = None,
        deletion_protection: pulumi.Input[bool] | None = None,
        expire_time: pulumi.Input[str] | None = None,
        labels: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        project: pulumi.Input[str] | None = None,
        rotation: pulumi.Input[SecretRotationArgsDict] | None = None,
        secret_id: pulumi.Input[str] | None = None,
        secret_type: pulumi.Input[str] | None = None,
        tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        topics: pulumi.Input[Sequence[pulumi.Input[SecretTopicArgsDict]]] | None = None,
        ttl: pulumi.Input[str] | None = None,
        version_aliases: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        version_destroy_ttl: pulumi.Input[str] | None = None,
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def annotations(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def create_time(self) -> pulumi.Output[str]: ...
    @property
    def deletion_policy(self) -> pulumi.Output[str]: ...
    @property
    def deletion_protection(self) -> pulumi.Output[bool]: ...
    @property
    def effective_annotations(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def effective_labels(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def expire_time(self) -> pulumi.Output[str]: ...
    @property
    def labels(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def name(self) -> pulumi.Output[str]: ...
    @property
    def project(self) -> pulumi.Output[str]: ...
    @property
    def pulumi_labels(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def replication(self) -> pulumi.Output[Any]: ...
    @property
    def rotation(self) -> pulumi.Output[Any]: ...
    @property
    def secret_id(self) -> pulumi.Output[str]: ...
    @property
    def secret_type(self) -> pulumi.Output[str]: ...
    @property
    def tags(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def topics(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def ttl(self) -> pulumi.Output[str]: ...
    @property
    def version_aliases(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def version_destroy_ttl(self) -> pulumi.Output[str]: ...

class SecretIamMemberConditionArgsDict(TypedDict):
    expression: pulumi.Input[str]
    title: pulumi.Input[str]
    description: NotRequired[pulumi.Input[str]]

class SecretIamMember(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        member: pulumi.Input[str],
        role: pulumi.Input[str],
        secret_id: pulumi.Input[str],
        condition: pulumi.Input[SecretIamMemberConditionArgsDict] | None = None,
        project: pulumi.Input[str] | None = None,
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def condition(self) -> pulumi.Output[Any]: ...
    @property
    def etag(self) -> pulumi.Output[str]: ...
    @property
    def member(self) -> pulumi.Output[str]: ...
    @property
    def project(self) -> pulumi.Output[str]: ...
    @property
    def role(self) -> pulumi.Output[str]: ...
    @property
    def secret_id(self) -> pulumi.Output[str]: ...

class SecretVersion(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        secret: pulumi.Input[str],
        deletion_policy: pulumi.Input[str] | None = None,
        enabled: pulumi.Input[bool] | None = None,
        is_secret_data_base64: pulumi.Input[bool] | None = None,
        project: pulumi.Input[str] | None = None,
        secret_data: pulumi.Input[str] | None = None,
        secret_data_wo: pulumi.Input[str] | None = None,
        secret_data_wo_version: pulumi.Input[str] | None = None,
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def create_time(self) -> pulumi.Output[str]: ...
    @property
    def deletion_policy(self) -> pulumi.Output[str]: ...
    @property
    def destroy_time(self) -> pulumi.Output[str]: ...
    @property
    def enabled(self) -> pulumi.Output[bool]: ...
    @property
    def is_secret_data_base64(self) -> pulumi.Output[bool]: ...
    @property
    def name(self) -> pulumi.Output[str]: ...
    @property
    def project(self) -> pulumi.Output[str]: ...
    @property
    def secret(self) -> pulumi.Output[str]: ...
    @property
    def secret_data(self) -> pulumi.Output[str]: ...
    @property
    def secret_data_wo(self) -> pulumi.Output[str]: ...
    @property
    def secret_data_wo_version(self) -> pulumi.Output[str]: ...
    @property
    def version(self) -> pulumi.Output[str]: ...

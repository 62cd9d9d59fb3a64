# Written by `python -m tests.engine.sdk`.
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from typing_extensions import NotRequired, Self, TypedDict

class IAMMemberConditionArgsDict(TypedDict):
    expression: pulumi.Input[str]
    title: pulumi.Input[str]
    description: NotRequired[pulumi.Input[str]]

class IAMMember(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        member: pulumi.Input[str],
        project: pulumi.Input[str],
        role: pulumi.Input[str],
        condition: pulumi.Input[IAMMemberConditionArgsDict] | None = None,
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

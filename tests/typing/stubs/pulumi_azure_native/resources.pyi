# Written by `python -m tests.engine.sdk`.
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from typing_extensions import NotRequired, Self, TypedDict

class ResourceGroup(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        location: pulumi.Input[str] | None = None,
        managed_by: pulumi.Input[str] | None = None,
        resource_group_name: pulumi.Input[str] | None = None,
        tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def azure_api_version(self) -> pulumi.Output[str]: ...
    @property
    def location(self) -> pulumi.Output[str]: ...
    @property
    def managed_by(self) -> pulumi.Output[str]: ...
    @property
    def name(self) -> pulumi.Output[str]: ...
    @property
    def properties(self) -> pulumi.Output[Any]: ...
    @property
    def tags(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def type(self) -> pulumi.Output[str]: ...

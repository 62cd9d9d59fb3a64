# Written by `python -m tests.engine.sdk`.
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from typing_extensions import NotRequired, Self, TypedDict

class Account(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        account_id: pulumi.Input[str] | None = None,
        create_ignore_already_exists: pulumi.Input[bool] | None = None,
        deletion_policy: pulumi.Input[str] | None = None,
        description: pulumi.Input[str] | None = None,
        disabled: pulumi.Input[bool] | None = None,
        display_name: pulumi.Input[str] | None = None,
        project: pulumi.Input[str] | None = None,
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def account_id(self) -> pulumi.Output[str]: ...
    @property
    def create_ignore_already_exists(self) -> pulumi.Output[bool]: ...
    @property
    def deletion_policy(self) -> pulumi.Output[str]: ...
    @property
    def description(self) -> pulumi.Output[str]: ...
    @property
    def disabled(self) -> pulumi.Output[bool]: ...
    @property
    def display_name(self) -> pulumi.Output[str]: ...
    @property
    def email(self) -> pulumi.Output[str]: ...
    @property
    def member(self) -> pulumi.Output[str]: ...
    @property
    def name(self) -> pulumi.Output[str]: ...
    @property
    def project(self) -> pulumi.Output[str]: ...
    @property
    def unique_id(self) -> pulumi.Output[str]: ...

# Written by `python -m tests.engine.sdk`.
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from typing_extensions import NotRequired, Self, TypedDict

class Key(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        bypass_policy_lockout_safety_check: pulumi.Input[bool] | None = None,
        custom_key_store_id: pulumi.Input[str] | None = None,
        customer_master_key_spec: pulumi.Input[str] | None = None,
        deletion_window_in_days: pulumi.Input[int] | None = None,
        description: pulumi.Input[str] | None = None,
        enable_key_rotation: pulumi.Input[bool] | None = None,
        is_enabled: pulumi.Input[bool] | None = None,
        key_usage: pulumi.Input[str] | None = None,
        multi_region: pulumi.Input[bool] | None = None,
        policy: pulumi.Input[str] | None = None,
        region: pulumi.Input[str] | None = None,
        rotation_period_in_days: pulumi.Input[int] | None = None,
        tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        xks_key_id: pulumi.Input[str] | None = None,
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def arn(self) -> pulumi.Output[str]: ...
    @property
    def bypass_policy_lockout_safety_check(self) -> pulumi.Output[bool]: ...
    @property
    def custom_key_store_id(self) -> pulumi.Output[str]: ...
    @property
    def customer_master_key_spec(self) -> pulumi.Output[str]: ...
    @property
    def deletion_window_in_days(self) -> pulumi.Output[int]: ...
    @property
    def description(self) -> pulumi.Output[str]: ...
    @property
    def enable_key_rotation(self) -> pulumi.Output[bool]: ...
    @property
    def is_enabled(self) -> pulumi.Output[bool]: ...
    @property
    def key_id(self) -> pulumi.Output[str]: ...
    @property
    def key_usage(self) -> pulumi.Output[str]: ...
    @property
    def multi_region(self) -> pulumi.Output[bool]: ...
    @property
    def policy(self) -> pulumi.Output[str]: ...
    @property
    def region(self) -> pulumi.Output[str]: ...
    @property
    def rotation_period_in_days(self) -> pulumi.Output[int]: ...
    @property
    def tags(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def tags_all(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def xks_key_id(self) -> pulumi.Output[str]: ...

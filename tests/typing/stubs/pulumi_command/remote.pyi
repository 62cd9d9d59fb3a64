# Written by `python -m tests.engine.sdk`.
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from typing_extensions import NotRequired, Self, TypedDict

class ProxyConnectionArgsDict(TypedDict):
    host: pulumi.Input[str]
    agent_socket_path: NotRequired[pulumi.Input[str]]
    dial_error_limit: NotRequired[pulumi.Input[int]]
    host_key: NotRequired[pulumi.Input[str]]
    password: NotRequired[pulumi.Input[str]]
    per_dial_timeout: NotRequired[pulumi.Input[int]]
    port: NotRequired[pulumi.Input[float]]
    private_key: NotRequired[pulumi.Input[str]]
    private_key_password: NotRequired[pulumi.Input[str]]
    user: NotRequired[pulumi.Input[str]]

class ConnectionArgsDict(TypedDict):
    host: pulumi.Input[str]
    agent_socket_path: NotRequired[pulumi.Input[str]]
    dial_error_limit: NotRequired[pulumi.Input[int]]
    host_key: NotRequired[pulumi.Input[str]]
    password: NotRequired[pulumi.Input[str]]
    per_dial_timeout: NotRequired[pulumi.Input[int]]
    port: NotRequired[pulumi.Input[float]]
    private_key: NotRequired[pulumi.Input[str]]
    private_key_password: NotRequired[pulumi.Input[str]]
    proxy: NotRequired[pulumi.Input[ProxyConnectionArgsDict]]
    user: NotRequired[pulumi.Input[str]]

class Command(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        connection: pulumi.Input[ConnectionArgsDict],
        add_previous_output_in_env: pulumi.Input[bool] | None = None,
        create: pulumi.Input[str] | None = None,
        delete: pulumi.Input[str] | None = None,
        environment: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        logging: pulumi.Input[Any] | None = None,
        stdin: pulumi.Input[str] | None = None,
        triggers: pulumi.Input[Sequence[pulumi.Input[Any]]] | None = None,
        update: pulumi.Input[str] | None = None,
    ) -> None: ...
    @classmethod
    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ...
    @property
    def add_previous_output_in_env(self) -> pulumi.Output[bool]: ...
    @property
    def connection(self) -> pulumi.Output[Any]: ...
    @property
    def create(self) -> pulumi.Output[str]: ...
    @property
    def delete(self) -> pulumi.Output[str]: ...
    @property
    def environment(self) -> pulumi.Output[Mapping[str, str]]: ...
    @property
    def logging(self) -> pulumi.Output[Any]: ...
    @property
    def stderr(self) -> pulumi.Output[str]: ...
    @property
    def stdin(self) -> pulumi.Output[str]: ...
    @property
    def stdout(self) -> pulumi.Output[str]: ...
    @property
    def triggers(self) -> pulumi.Output[Sequence[Any]]: ...
    @property
    def update(self) -> pulumi.Output[str]: ...

from collections.abc import Sequence

import pulumi

class Vpc(pulumi.CustomResource):
    def __init__(self, resource_name: str, *, cidr_block: pulumi.Input[str] | None = None) -> None: ...

class Subnet(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        *,
        vpc_id: pulumi.Input[str] | None = None,
        cidr_block: pulumi.Input[str] | None = None,
        availability_zone: pulumi.Input[str] | None = None,
    ) -> None: ...
    @property
    def cidr_block(self) -> pulumi.Output[str]: ...

class SecurityGroup(pulumi.CustomResource):
    def __init__(self, resource_name: str, *, vpc_id: pulumi.Input[str] | None = None) -> None: ...

class Instance(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        ami: pulumi.Input[str] | None = None,
        subnet_id: pulumi.Input[str] | None = None,
        instance_type: pulumi.Input[str] | None = None,
        vpc_security_group_ids: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
    ) -> None: ...

from collections.abc import Sequence

import pulumi

class Instance(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        ami: pulumi.Input[str] | None = None,
        instance_type: pulumi.Input[str] | None = None,
        vpc_security_group_ids: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
    ) -> None: ...

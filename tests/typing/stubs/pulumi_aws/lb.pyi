from collections.abc import Sequence

import pulumi

class LoadBalancer(pulumi.CustomResource):
    def __init__(
        self,
        resource_name: str,
        *,
        load_balancer_type: pulumi.Input[str] | None = None,
        subnets: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
    ) -> None: ...

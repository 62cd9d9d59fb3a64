import pulumi

from . import ec2 as ec2
from . import lb as lb

class Provider(pulumi.ProviderResource):
    def __init__(self, resource_name: str, *, region: pulumi.Input[str] | None = None) -> None: ...

# Written by `python -m tests.engine.sdk`.
from typing import Any

import pulumi

class Provider(pulumi.ProviderResource):
    def __init__(self, resource_name: str, opts: pulumi.ResourceOptions | None = None, **settings: Any) -> None: ...

from . import ec2 as ec2
from . import eks as eks
from . import elasticache as elasticache
from . import iam as iam
from . import kms as kms
from . import lb as lb
from . import ssm as ssm
from . import vpc as vpc

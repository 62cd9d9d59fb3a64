# Written by `python -m tests.engine.sdk`.
from typing import Any

import pulumi

class Provider(pulumi.ProviderResource):
    def __init__(self, resource_name: str, opts: pulumi.ResourceOptions | None = None, **settings: Any) -> None: ...

from . import compute as compute
from . import network as network
from . import resources as resources

"""The emulator of EC2, on this machine."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any
from unittest import mock


@contextmanager
def emulator() -> Iterator[str]:
    """The address of one that runs as long as this does. Needs moto."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server.start()
    host, port = server.get_host_and_port()
    from moto.ec2.models.security_groups import SecurityGroupBackend

    describe = SecurityGroupBackend.describe_security_group_rules

    def of_groups(backend: Any, ids: list[str], filters: dict[str, list[str]]) -> Any:
        """It copies every rule of the account before it looks at the filters."""
        groups = backend.groups
        if wanted := filters.get("group-id"):
            groups = {vpc: {id_: held[id_] for id_ in wanted if id_ in held} for vpc, held in groups.items()}
        return describe(SimpleNamespace(groups=groups), ids, filters)  # type: ignore[arg-type]

    # The emulator counts both families together; the fake counts as Amazon does.
    quota = mock.patch.object(SecurityGroupBackend, "_verify_group_will_respect_rule_count_limit")
    with quota, mock.patch.object(SecurityGroupBackend, "describe_security_group_rules", of_groups):
        yield f"http://{host}:{port}"
    server.stop()

"""The emulator of EC2, on this machine."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock


@contextmanager
def emulator() -> Iterator[str]:
    """The address of one that runs as long as this does. Needs moto."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server.start()
    host, port = server.get_host_and_port()
    # The emulator counts both families together; the fake counts as Amazon does.
    quota = "SecurityGroupBackend._verify_group_will_respect_rule_count_limit"
    with mock.patch(f"moto.ec2.models.security_groups.{quota}"):
        yield f"http://{host}:{port}"
    server.stop()

"""What somebody removes, changes or adds by hand on Amazon, and what `pulumi up --refresh` makes of it.

The other clouds' is a step in the life of their stacks (`test_stacks.py`), the host's needs a kernel
(`tests/e2e/test_host_up.py`); `docs/drift.md` has the table.
"""

from __future__ import annotations

from typing import Any

import pytest

from livekit_firewall.platforms.registry import BY_ARGUMENT

from . import by_hand, listings
from .accounts import furnish
from .admitted import by_amazon
from .fakes.ec2 import EXCLUSIVE
from .project import Deploy
from .test_adoption import command

pytestmark = pytest.mark.needs("pulumi", "moto")

OPENED = {"in tcp 9999 0.0.0.0/0", "out tcp 9999 0.0.0.0/0"}


def test_what_was_added_goes_with_exclusive_only(deploy: Deploy, amazon: Any) -> None:
    """In one test, since each step needs the one before."""
    project = deploy("aws-example")
    furnish(project, amazon)
    project.up()
    wanted, group = by_amazon(project, amazon), project.outputs()["aws_security_group_id"]
    by_hand.on_amazon(amazon, group)
    project.up("--refresh")
    assert by_amazon(project, amazon) == wanted | OPENED
    path = listings.write(project, listings.by_aws(amazon, group))
    told = command(project, "compare", path.name, "--stack", project.stack)
    assert told.startswith(f"{group}: 1 superfluous\n")
    assert "tcp/9999  0.0.0.0/0" in told

    assert not BY_ARGUMENT["aws"].removes_added
    project.configure({BY_ARGUMENT["aws"].removes_added_with: True})
    project.up()
    assert by_amazon(project, amazon) == wanted

    # drift and an edit at once: what is new is there before anything goes, and what the engine deletes is gone already
    by_hand.on_amazon(amazon, group)
    project.configure({"udp_port": 7882})
    project.forget_calls()
    project.up("--refresh")
    calls = [(call.method, call.kind, call.refused) for call in project.calls()]
    only = ("Update", "VpcSecurityGroupRulesExclusive", "")
    assert {method for method, *_ in calls[: calls.index(only)]} == {"Create", "Update"}
    assert calls[calls.index(only) + 1 :] == [("Delete", "SecurityGroupIngressRule", "")]  # the other one was removed
    mux = {line.replace("50000-60000", "7882") for line in wanted}
    assert by_amazon(project, amazon) == mux
    project.up("--refresh", "--expect-no-changes")

    amazon.authorize_security_group_ingress(GroupId=group, IpPermissions=by_hand.OPENED)
    project.configure({"aws.exclusive": None})
    project.up()
    assert EXCLUSIVE not in project.resources()
    assert by_amazon(project, amazon) == mux | {"in tcp 9999 0.0.0.0/0"}

"""The cloud refuses in the middle, or a rule is changed by hand: what the next `up` does, and what needs `--refresh`.

What a cloud refused to create is created by the next `up`, a refused update of Google's is not sent again.
"""

from __future__ import annotations

from typing import Any

from .accounts import furnish
from .admitted import GOOGLE, by_google, of_group
from .project import Deploy

MEDIA = {"IpProtocol": "udp", "FromPort": 50000, "ToPort": 60000, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}


def test_what_google_refused_is_created_by_the_next_up(deploy: Deploy, amazon: Any) -> None:
    project = deploy("gcp-example", stays=False)  # and says so as a user sees it
    furnish(project, amazon)
    project.account("gcp").order_refusal(
        GOOGLE, "livekit-gcp-public-ipv6", "googleapi: Error 403: Quota 'FIREWALLS' exceeded"
    )
    told = project.up(fails=True)
    assert "Quota 'FIREWALLS' exceeded" in told.output
    assert "Traceback" not in told.output
    assert not any("7882-7892 ::/0" in line for line in by_google(project))

    there = {call.name for call in project.calls() if not call.refused}
    (refused,) = (call.name for call in project.calls() if call.refused)
    project.forget_calls()
    project.up()
    completed = {call.name for call in project.calls()}
    assert refused in completed
    assert there.isdisjoint(completed)
    assert {call.method for call in project.calls()} == {"Create"}
    assert len(there | completed) == 7
    assert "in udp 7882-7892 ::/0 to livekit" in by_google(project)

    # Another network: the provider would patch it, which the API may refuse, so each rule is replaced.
    project.configure({"gcp.network": "other"})
    steps = project.preview_json()["steps"]
    assert {step["op"] for step in steps if GOOGLE in step["urn"]} == {"replace"}


def test_a_rule_that_an_existing_group_has_stops_up_until_it_is_gone(deploy: Deploy, amazon: Any) -> None:
    """And the group's other rules, made by hand, are never touched."""
    project, group = deploy("aws-example"), "sg-00000000000000bbb"
    project.configure({"aws.vpc_id": None, "aws.security_group_id": group})
    furnish(project, amazon)
    by_hand = {"IpProtocol": "tcp", "FromPort": 9000, "ToPort": 9000, "IpRanges": [{"CidrIp": "10.9.0.0/16"}]}
    amazon.authorize_security_group_ingress(GroupId=group, IpPermissions=[MEDIA, by_hand])
    before = of_group(amazon, group)

    told = project.up(fails=True)
    assert "InvalidPermission.Duplicate" in told.output
    assert "Traceback" not in told.output

    amazon.revoke_security_group_ingress(GroupId=group, IpPermissions=[MEDIA])
    project.up()
    complete = of_group(amazon, group)
    assert complete > before
    assert "in tcp 9000 10.9.0.0/16" in complete

    # Somebody revokes a rule by hand: a refresh sees it, and exactly that rule comes back.
    amazon.revoke_security_group_ingress(GroupId=group, IpPermissions=[MEDIA])
    project.forget_calls()
    project.up("--refresh")
    assert [(call.method, call.name) for call in project.calls()] == [
        ("Create", "livekit-aws-udp-50000-60000-any-ipv4")
    ]
    assert of_group(amazon, group) == complete

    project.destroy()
    assert of_group(amazon, group) == {"in tcp 9000 10.9.0.0/16", "out -1 0.0.0.0/0"}

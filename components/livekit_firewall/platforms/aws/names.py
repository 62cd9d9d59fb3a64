"""Names of security groups: lawful ones whatever a Pulumi component is called, and whose group is whose."""

from __future__ import annotations

import re
from hashlib import sha256

from ...effective.planned import PROJECT
from ...effective.resources import OURS
from ...model.addresses import Identity

LONGEST_TAG = 250
"""AWS takes 256 characters; the rest is for the number of a group."""

_TYPE = "aws:ec2/securityGroup:SecurityGroup::"
_ANOTHER = re.compile(
    rf"(.*{re.escape(OURS)}AwsFirewall\$" + re.escape(_TYPE) + r".*-security-group"
    rf"|{re.escape(PROJECT + _TYPE)}aws)-[0-9]+"
)


def group_name(component: str, number: int = 1) -> str:
    """The logical name of one of the groups that a component makes; the first one's is the same for any number."""
    return numbered(f"{lawful(component)}-security-group", number)


def numbered(name: str, number: int) -> str:
    """The name of what there is once for each group."""
    return name if number == 1 else f"{name}-{number}"


def tag(component: str, number: int) -> str:
    """The tag `Name` of one of the groups: what AWS takes of the component's name (EC2, "Tag restrictions")."""
    plain = re.sub(r"[\x00-\x1f\x7f]", "-", component)
    short = plain if len(plain) <= LONGEST_TAG else f"{plain[: LONGEST_TAG - 9]}-{_digest(component)}"
    return numbered(short, number)


def _digest(name: str) -> str:
    return sha256(name.encode()).hexdigest()[:8]


def lawful(name: str) -> str:
    """`name` as the beginning of a group's name, which the provider completes with a random suffix.

    ASCII, short of the limit of 255, and not `sg-`, which AWS keeps for ids (EC2 API, CreateSecurityGroup).
    A name that has to be changed carries a digest of the original, so that two never become one.
    """
    kept = re.sub(r"[^a-zA-Z0-9._-]", "-", name)[:200]
    if kept == name and not name.lower().startswith("sg-"):
        return name
    return f"livekit-{kept}-{_digest(name)}"


_OF = re.compile(rf"(?:.*-)?(?:tcp|udp)-[0-9]+(?:-[0-9]+)?-(?:pl-)?({'|'.join(Identity)})-.+")


def audience_of(rule: str) -> Identity | None:
    """The audience in the name of a rule of ours.

    Args:
        rule: its key, alone or after the component's name.
    """
    found = _OF.fullmatch(rule)
    return Identity(found[1]) if found else None


def firewall_of(group: str) -> str:
    """The key of the firewall that a group is one of: the URN of the component's first group; its own for any other.

    Args:
        group: a URN, or an id where the group is not among the resources.
    """
    found = _ANOTHER.fullmatch(group)
    return found[1] if found else group

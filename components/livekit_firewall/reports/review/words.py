"""Changes in a few words, and numbers made readable: what the pages are built of."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...effective.wording import MOST_NAMED, people
from ...model.addresses import Direction, Family
from ...model.text import code, few
from .change import Attached, Change, ChangedAccess, Machine, ReviewPart


def who(reach: ChangedAccess) -> str:
    """`anywhere`, a few blocks, a whole family but a few; names as code."""
    blocks = people(tuple(map(str, reach.blocks))) if reach.blocks else ""
    names = few(map(code, reach.names), MOST_NAMED)
    return ", ".join(part for part in (blocks, names) if part)


def what(reach: ChangedAccess) -> str:
    """Ports, or a protocol without them."""
    return ", ".join(f"`{one}`" for one in reach.ports) or code(_listed(reach.protocol))


def keys(change: Change) -> str:
    """LiveKit's keys behind the change; "" where they are not known."""
    return _listed(change.key)


def _listed(text: str) -> str:
    """A text that lists several, as a span of code or a cell shows it whole."""
    given = text.split(", ")
    return few(given, len(given), room=100)


def amount(reach: ChangedAccess) -> str:
    """Addresses × ports: `256 IPv4 × 1`; only the ports where addresses are not known."""
    if not reach.ports:
        return "-"
    counts = [(family, reach.addresses(family)) for family in Family]
    known = [f"{_number(count)} {family.label} × {reach.port_count:,}" for family, count in counts if count]
    return " and ".join(known) or f"? × {reach.port_count:,}"


def _number(count: int) -> str:
    """Exact where people can read it, otherwise as a power of two."""
    if count <= 2**32:
        return f"{count:,}"
    power = count.bit_length() - 1
    return f"2^{power}" if count == 1 << power else f"over 2^{power}"


WAYS = {Direction.INGRESS: "in", Direction.EGRESS: "out"}


def kind(change: Change) -> str:
    """What happens to the reach; of a service that is there before and after, whether people gain or lose it."""
    if change.kind != "changed" or (change.gained and change.lost):
        return change.kind
    return "changed, gained by" if change.gained else "changed, lost by"


def columns(change: Change) -> tuple[str, str, str]:
    """Who, ports, and how many: of what is gained, of what is lost, or of both."""
    gained, lost = change.gained, change.lost
    if gained is None or lost is None:
        reach = gained or lost or ChangedAccess()
        sign = "+" if gained else "−"
        return who(reach), what(reach) + _beside(change, reach), f"{sign} {amount(reach)}" if reach.ports else "-"
    people_ = [who(lost), who(gained)]
    ports = [what(lost), what(gained)]
    return (
        " → ".join(dict.fromkeys(people_)),
        " → ".join(dict.fromkeys(ports)),
        f"+ {amount(gained)}; − {amount(lost)}",
    )


def _beside(change: Change, reach: ChangedAccess) -> str:
    """The ports that the service had before, where they are not the ones that this is about."""
    if not change.before or change.before == reach.ports:
        return ""
    had = few((f"`{one}`" for one in change.before), MOST_NAMED)
    return f", beside {had}" if change.gained else f" of {had}"


def origin(part: ReviewPart) -> str:
    """The stack and its preview in a sentence; "" where neither is known."""
    given = part.origin
    stack = f"stack {code(given.stack)}" if given.stack else ""
    stack += f" of project {code(given.project)}" if stack and given.project else ""
    file = re.split(r"[/\\]", given.file)[-1]  # where a job of CI keeps it tells nobody anything
    preview = f"preview {code(file)}" if file else ""
    preview += f" of {given.made}" if preview and given.made else ""
    said = "; ".join(filter(None, (stack, preview)))
    return f"{said[:1].upper()}{said[1:]}." if said else ""


def attached(part: ReviewPart, most: int) -> Iterator[str]:
    """Sentences on which machines have the firewalls that change; firewalls with the same ones in one sentence.

    Args:
        most: machines and firewalls that one names.
    """
    by_machines: dict[object, list[Attached]] = {}
    for one in part.attached:
        if [one.firewall] != [f"{machine.kind} {machine.name}" for machine in one.machines]:  # its name says it
            by_machines.setdefault((one.machines, one.is_kept), []).append(one)
    for same in by_machines.values():
        firewalls = few((code(one.firewall) for one in same), most)
        if machines := [_machine(one, same[0].is_kept) for one in same[0].machines]:
            yield f"{firewalls} {'is' if len(same) == 1 else 'are'} attached to {few(machines, most)}."
    unknown = [one for one in part.attached if not one.is_whole]
    if unknown:
        firewalls = few((code(one.firewall) for one in unknown), most)
        which = "Whether more machines" if any(one.machines for one in unknown) else "Which machines"
        yield f"{which} have {firewalls} is not known from this preview."


def _machine(one: Machine, is_kept: bool) -> str:
    kind = code(one.kind) if one.kind else ""
    moves = "" if not is_kept or one.before == one.after else "from now on" if one.after else "no longer"
    about = ", ".join(filter(None, (kind, moves)))
    return f"{code(one.name)} ({about})" if about else code(one.name)


def count(number: int, one: str) -> str:
    return f"{number:,} {one if number == 1 else f'{one}s'}"

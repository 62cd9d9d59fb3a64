"""The result of `recover` as text and as JSON, and the commands that it ends in."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from typing import Any

from ...effective.urns import name_of
from ...model.text import escaped, plain, printable
from .orphans import Orphan
from .recovery import Recovery

FILE = "import.json"
"""What the commands call the file that the command prints."""

AGAIN = "livekit-firewall recover"


def steps(found: Recovery) -> tuple[str, ...]:
    """The commands that bring state and platform together, in their order; without those that remove an orphan."""
    return tuple(_steps(found))


def _steps(found: Recovery) -> Iterator[str]:
    if found.imports.found:
        yield _pulumi(found, "import", "-f", FILE, "--protect=false", "--generate-code=false")
    if found.pending:
        yield _pulumi(found, "refresh", "--clear-pending-creates")
    elif found.recreated:
        yield _pulumi(found, "refresh")
    if found.recreated or found.without_id:
        yield AGAIN
    elif found.missing or found.refused:
        yield _pulumi(found, "up", "--refresh")


def _pulumi(found: Recovery, command: str, *options: str) -> str:
    stack = ["--stack", found.stack] if found.stack else []
    return shlex.join(["pulumi", command, *stack, *options])


def import_file(found: Recovery) -> dict[str, Any]:
    """For `pulumi import -f`; without resources where there is nothing to import."""
    return found.imports.as_json(found.parent, found.provider) if found.imports.found else {"resources": []}


def as_json(found: Recovery) -> dict[str, Any]:
    again = set(found.recreated)
    return {
        "version": 1,
        "platform": found.imports.platform.name,
        "stack": found.stack,
        "component": found.imports.component,
        "import": import_file(found),
        "orphans": [
            {
                "name": one.entry.name,
                "id": one.entry.id,
                "resource": one.name,
                "verdict": "likely" if one.name else "unknown",
                "why": one.why,
                "admits": one.entry.shown,
                "removal": one.entry.removal,
            }
            for one in found.orphans
        ],
        "missing": [
            {"name": name_of(one.urn), "id": one.id, "is_recreated": name_of(one.urn) in again} for one in found.missing
        ],
        "refused": [{"name": name_of(one.urn), "id": one.id} for one in found.refused],
        "pending": [{"name": name, "operation": operation} for name, operation in found.pending],
        "without_id": found.without_id,
        "steps": list(steps(found)),
    }


def text(found: Recovery, width: int | None = None) -> str:
    """The verdict, a section for each kind of disagreement, and the commands; `width` is the terminal's."""
    subject = printable(found.stack or found.imports.component)
    if found.is_clean:
        return f"{subject}: nothing to recover: the state has what the listing has of this program"
    likely = [one for one in found.orphans if one.name]
    others = [one for one in found.orphans if not one.name]
    counts = (
        (len(found.imports.found), "to import"),
        (len(likely), "orphans"),
        (len(others), "not known"),
        (len(found.missing), "missing"),
        (len(found.refused), "refused"),
        (len(found.pending), "pending"),
        (found.without_id, "without an id"),
    )
    verdict = ", ".join(f"{count} {word}" for count, word in counts if count)
    parts = [
        _imports(found, width),
        _orphans(ORPHANS, likely),
        _orphans(NOT_KNOWN, others),
        _missing(found, width),
        _refused(found),
        _pending(found, width),
        _without_id(found),
        _commands(found),
    ]
    return "\n\n".join([f"{subject}: {verdict}", *filter(None, parts)])


ORPHANS = (
    "orphans: made for a resource of this program, not in its state, and perhaps admitting still; pulumi destroy does "
    "not remove them. If no other stack has them (give its state: --other-state FILE), the command removes one"
)
NOT_KNOWN = (
    "not known: not in the state, and it is not known whether this program made them, another stack "
    "(--other-state FILE), or somebody by hand. The command removes one that nobody needs"
)
IMPORTS = "to import: they exist, this program makes them, and its state does not have them"
ELSEWHERE = "if another stack may have one of them, give its state as well: --other-state FILE"
DESTROYED = (
    "the state has no LiveKitFirewall of that name. If the stack was destroyed and is to stay so, run pulumi destroy "
    "after the import, or remove them in place of the import:"
)


def _imports(found: Recovery, width: int | None) -> str:
    pairs = found.imports.found
    if not pairs:
        return ""
    rows = [(one.name, printable(entry.id), printable(entry.shown)) for one, entry in pairs]
    holder = found.imports.platform.holder
    is_ours = holder is not None and all(one.type != holder.type for one, _ in pairs)  # it is in a group of the state's
    lines = [IMPORTS, plain(("resource", "id", "admits"), rows, "  ", width), *([] if is_ours else [ELSEWHERE])]
    if found.is_gone:
        lines += [DESTROYED, *(f"  {escaped(entry.removal)}" for _, entry in reversed(pairs))]
    return "\n".join([*lines, *filter(None, [found.imports.platform.import_note])])


def _orphans(heading: str, orphans: Iterable[Orphan]) -> str:
    lines = [
        f"  {printable(one.entry.name)}: {printable(one.entry.shown)}; {one.why}\n    {escaped(one.entry.removal)}"
        for one in orphans
    ]
    return "\n".join([heading, *lines]) if lines else ""


def _missing(found: Recovery, width: int | None) -> str:
    if not found.missing:
        return ""
    again = set(found.recreated)
    rows = [
        (name_of(one.urn), printable(one.id), "is there under another id" if name_of(one.urn) in again else "")
        for one in found.missing
    ]
    heading = "missing: in the state, and not in the listing: deleted by hand, or the listing is not of everything"
    return f"{heading}\n{plain(('resource', 'id', ''), rows, '  ', width)}"


def _refused(found: Recovery) -> str:
    heading = (
        "refused: the last update was refused or did not end, and the state holds what was asked in place of what is "
        "there: a pulumi up without --refresh may send nothing"
    )
    return "\n".join([heading, *(f"  {name_of(one.urn)}" for one in found.refused)]) if found.refused else ""


def _pending(found: Recovery, width: int | None) -> str:
    if not found.pending:
        return ""
    heading = "pending: under way when Pulumi was killed, so that its outcome is not in the state"
    return f"{heading}\n{plain(('resource', 'operation'), list(found.pending), '  ', width)}"


def _without_id(found: Recovery) -> str:
    if not found.without_id:
        return ""
    ids = found.imports.platform.rule_ids
    return f"without an id: {found.without_id} rules of the listing, of which nothing is known: give what {ids} prints"


def _commands(found: Recovery) -> str:
    lines = [f"  {one}" for one in steps(found)]
    if not lines:
        return ""
    hint = f" ({FILE} is what this command prints on standard output)" if found.imports.found else ""
    return "\n".join([f"run, in this order{hint}:", *lines])

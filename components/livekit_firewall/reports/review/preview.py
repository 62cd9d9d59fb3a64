"""What `pulumi preview --json` prints -> the steps that it plans. Hostile or broken text is refused, never interpreted.

Two forms are read: the digest, one object with `steps`, and the event stream that newer versions print if asked
(pulumi/pulumi, pkg/display/json.go, sdk/go/common/apitype/events.go). Unchanged resources may be left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from ...effective.resources import Resource
from ...effective.urns import name_of
from ...model.errors import ConfigurationError, Place, Problem
from ...model.text import few, printable
from ...platforms.registry import is_firewall
from .operations import ADOPTED, FORGOTTEN, GONE, sides_of_step

MAX_STEPS = 200_000
STACK = "pulumi:pulumi:Stack"
PROVIDER = "pulumi:providers:"


class NotAPreview(ConfigurationError):
    """Texts that are no whole preview of a change."""

    title = "{count} preview{s} that cannot be reviewed"


class Step(Struct, frozen=True):
    """What is planned for one resource.

    Attributes:
        op: `create`, `update`, `replace`, `delete`, `same`, ...
        urn, type: the resource.
        before, after: it, before and after; None where there is none. Their inputs are what is really there.
        changed: the properties that differ, without their values.
    """

    op: str
    urn: str
    type: str
    before: Resource | None
    after: Resource | None
    changed: tuple[str, ...] = ()


class Preview(Struct, frozen=True):
    """One stack's preview.

    Attributes:
        name: the file.
        stack, project: as the URNs say; "" where there are none.
        steps: in the order of the engine.
        config: the stack's configuration, each value a text; secrets are `[secret]`.
        shows_all: whether unchanged resources are there too (`--show-sames`).
        made: when, in seconds since 1970; None where it does not say.
    """

    name: str
    stack: str
    project: str
    steps: tuple[Step, ...]
    config: Mapping[str, Any] = {}
    shows_all: bool = False
    made: int | None = None


class _State(Struct, rename="camel"):
    urn: str = ""
    type: str = ""
    inputs: dict[str, Any] | None = None
    outputs: dict[str, Any] | None = None
    id: str | None = None
    property_dependencies: dict[str, list[str] | None] | None = None
    retain_on_delete: bool | None = None
    init_errors: list[str] | None = None


class _Step(Struct, rename="camel"):
    op: str
    urn: str
    old_state: _State | None = None
    new_state: _State | None = None
    diff_reasons: list[str] | None = None
    detailed_diff: dict[str, Any] | None = None


class _Diagnostic(Struct):
    message: str = ""
    severity: str = ""


class _Digest(Struct, rename="camel"):
    steps: list[_Step] | None = None
    config: dict[str, Any] | None = None
    diagnostics: list[_Diagnostic] | None = None
    change_summary: dict[str, Any] | None = None
    timestamp: Any = None


class _Metadata(Struct, rename="camel"):
    op: str
    urn: str
    type: str = ""
    old: _State | None = None
    new: _State | None = None
    diffs: list[str] | None = None
    detailed_diff: dict[str, Any] | None = None


class _PreEvent(Struct):
    metadata: _Metadata


class _Prelude(Struct):
    config: dict[str, Any] | None = None


class _Event(Struct, rename="camel"):
    resource_pre_event: _PreEvent | None = None
    diagnostic_event: _Diagnostic | None = None
    res_op_failed_event: _PreEvent | None = None
    prelude_event: _Prelude | None = None
    summary_event: dict[str, Any] | None = None
    timestamp: Any = None


HINT = "give what `pulumi preview --json` prints, best with --show-sames"
_digest = msgspec.json.Decoder(_Digest)
_event = msgspec.json.Decoder(_Event)


def read_preview(text: str, name: str) -> Preview:
    """The steps of a preview.

    Args:
        name: the file, for errors.

    Raises:
        NotAPreview: it is empty, cut off, no preview, or the preview failed, so that it is not whole.
    """
    if not text.strip():
        raise _refuse(name, "it is empty", "must be a preview")
    try:
        digest = _stream(text, name) if _is_stream(text) else _one(text, name)
    except msgspec.ValidationError as error:
        raise _refuse(name, printable(error), "must be a preview as Pulumi prints it") from None
    except (msgspec.DecodeError, RecursionError) as error:
        raise _refuse(name, printable(error), "must be JSON, whole") from None
    _refuse_failed(digest, name)
    if len(digest.steps or ()) > MAX_STEPS:
        raise _refuse(name, f"{len(digest.steps or ()):,} steps", f"must hold at most {MAX_STEPS:,} steps")
    return _preview(digest, name)


def _is_stream(text: str) -> bool:
    first = text.lstrip()[:60]
    return first.startswith("{") and '"sequence"' in first


def _one(text: str, name: str) -> _Digest:
    digest = _digest.decode(text)
    failed = any(one.severity == "error" for one in digest.diagnostics or ())
    if digest.steps is None and digest.change_summary is None and not failed:
        raise _refuse(name, "it has no steps", "must be a preview")
    counted = any(count for op, count in (digest.change_summary or {}).items() if op != "same")
    if counted and all(step.op == "same" for step in digest.steps or ()) and not failed:
        raise _refuse(name, "it lacks the steps that its changeSummary counts", "must be a whole preview")
    return digest


def _stream(text: str, name: str) -> _Digest:
    digest = _Digest(steps=[], diagnostics=[])
    is_whole = False
    for line in text.split("\n"):  # `splitlines` knows ends that Go leaves inside texts
        if not line.strip():
            continue
        event = _event.decode(line)
        digest.timestamp = event.timestamp if digest.timestamp is None else digest.timestamp
        if event.resource_pre_event is not None:
            _add(digest, event.resource_pre_event.metadata)
        if event.diagnostic_event is not None and digest.diagnostics is not None:
            digest.diagnostics.append(event.diagnostic_event)
        if event.res_op_failed_event is not None and digest.diagnostics is not None:
            failed = event.res_op_failed_event.metadata
            digest.diagnostics.append(_Diagnostic(f"{failed.op} of {name_of(failed.urn)} failed", "error"))
        if event.prelude_event is not None:
            digest.config = event.prelude_event.config
        if event.summary_event is not None:
            is_whole = True
            counted = event.summary_event.get("resourceChanges")
            digest.change_summary = counted if isinstance(counted, dict) else {}
    if not is_whole and not any(one.severity == "error" for one in digest.diagnostics or ()):
        raise _refuse(name, "its last event is missing", "must be JSON, whole")
    return digest


def _add(digest: _Digest, event: _Metadata) -> None:
    step = _Step(event.op, event.urn, event.old, event.new, event.diffs, event.detailed_diff)
    if digest.steps is not None:
        digest.steps.append(step)


COLOURS = re.compile(r"<\{%.*?%\}>")
"""What stands for colours in `pulumi preview --event-log` (pulumi/pulumi, sdk/go/common/diag/colors)."""


def _refuse_failed(digest: _Digest, name: str) -> None:
    """A failed preview is incomplete, so that nothing is known of the change."""
    failed = [COLOURS.sub("", one.message).strip() for one in digest.diagnostics or () if one.severity == "error"]
    if failed:
        lines = [one.removeprefix("error: ").partition("\n")[0] for one in failed]
        got = printable(few(lines, 1, room=300), 300)
        raise _refuse(name, got, "must be of a preview that succeeded", "correct what it reports, and preview again")


def _preview(digest: _Digest, name: str) -> Preview:
    steps = tuple(_steps(digest, name))
    owner = next((step.urn for step in steps if step.urn.startswith("urn:pulumi:")), "")
    stack, _, rest = owner.removeprefix("urn:pulumi:").partition("::")
    same = any(step.op == "same" and step.type != STACK and not step.type.startswith(PROVIDER) for step in steps)
    counted = (digest.change_summary or {}).get("same")
    told = sum(step.op == "same" for step in steps)
    # where anything was there before, the stack itself is the same, and counted
    is_first = not any(step.before for step in steps)
    return Preview(
        name,
        stack,
        rest.partition("::")[0],
        steps,
        digest.config or {},
        made=digest.timestamp if type(digest.timestamp) is int and digest.timestamp > 0 else None,
        shows_all=same or is_first or (isinstance(counted, int) and counted <= told),
    )


def _steps(digest: _Digest, name: str) -> Iterator[Step]:
    for one in digest.steps or ():
        if not one.urn.startswith("urn:") or one.urn.count("::") < 3:
            raise _refuse(name, printable(one.urn), "must name resources by their URN")
        token = next((state.type for state in (one.new_state, one.old_state) if state and state.type), "")
        token = token or one.urn.split("::")[2].rpartition("$")[2]
        changed = tuple(dict.fromkeys((*(one.diff_reasons or ()), *(one.detailed_diff or ()))))
        _refuse_filtered(one, token, name)
        old, new = _resource(one.old_state, one.urn, token), _resource(one.new_state, one.urn, token, changed)
        is_kept = one.op in GONE and one.old_state is not None and one.old_state.retain_on_delete
        stays = one.op in FORGOTTEN or bool(is_kept)
        before, after = sides_of_step("forget" if stays else one.op, old, new)
        yield Step(one.op, one.urn, token, before, after, changed)


def _refuse_filtered(step: _Step, token: str, name: str) -> None:
    """Inputs that are not there are not empty: somebody took them out. What is only read may have outputs alone."""
    if not is_firewall(token):
        return
    needed = () if step.op in GONE or step.op == "same" else (step.new_state,)
    held = [state for state in (step.old_state, *needed) if state and state.inputs is None]
    if any(not state.outputs or (state is step.new_state and step.op not in ADOPTED) for state in held):
        got = printable(f"no inputs of {token} {name_of(step.urn)}")
        raise _refuse(name, got, "must hold the inputs of every firewall and rule", UNFILTERED)


UNFILTERED = (
    "give what `pulumi preview --json` prints, whole: nothing filtered out of its states, best with --show-sames"
)


def each_once(steps: Iterable[Step]) -> Iterable[Step]:
    """The steps that change something, one for each resource: of a replacement in three steps the one that is it."""
    found: dict[str, Step] = {}
    for step in steps:
        if step.op in ("same", "refresh"):
            continue
        known = found.get(step.urn)
        if known is None or _weight(step) > _weight(known):
            found[step.urn] = step
    return found.values()


def _weight(step: Step) -> tuple[bool, bool]:
    return step.op == "replace", bool(step.before and step.after)


def _resource(state: _State | None, urn: str, token: str, changed: Iterable[str] = ()) -> Resource | None:
    if state is None:
        return None
    depends = {field: tuple(urns) for field, urns in (state.property_dependencies or {}).items() if urns}
    fields = frozenset(re.split(r"[.\[]", path, maxsplit=1)[0] for path in changed)
    outputs = state.outputs or {}
    inputs = outputs if state.inputs is None else state.inputs
    return Resource(urn, token, inputs, outputs, state.id or "", depends, fields, is_refused=bool(state.init_errors))


def _refuse(name: str, got: str, expected: str, hint: str = HINT) -> NotAPreview:
    return NotAPreview([Problem(Place("", name), got, expected, hint)])

"""The Pulumi resource: the ruleset in force on the machine that runs this."""

import secrets
import socket
import sys
from typing import Any

from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
)

from . import boot, status, steps
from .machine import Machine
from .mark import Mark, given
from .neighbours import neighbours
from .stopped import Stopped, show_stopped_as_text

GIVEN = ("ruleset", "ssh_admits", "confirm", "timeout", "owner")
FOUND = ("in_force", "persistence", "neighbours", "machine", "host", "token")


def print_to_user(text: str) -> None:
    """Pulumi shows what this process prints to stderr."""
    print(text, file=sys.stderr, flush=True)


class AppliedRulesetProvider(ResourceProvider):
    """Loads, reloads and removes the table inet livekit.

    Inputs: `ruleset`, `ssh_admits`, `confirm`, `timeout`, `owner` (`project`, `stack`, `component`; see `steps.Wanted`
    and `mark`). Outputs besides: `in_force`, `persistence`, `neighbours` (sentences), `machine` and `host`, which tell
    where this was applied, and the mark's `token`: a replacement creates the new resource under the same URN before it
    deletes the old one, which must not take what is the new one's.
    """

    serialize_as_secret_always = False  # it is source text, and no secret

    def __init__(self, sources: "dict[str, str]", starter: str) -> None:
        self.sources, self.starter = sources, starter
        self.on = Machine()

    def __reduce__(self) -> "tuple[Any, ...]":
        # `eval` because it is what every Python has: the other side can import nothing of ours.
        run = "(lambda sources, source, names: (exec(source, names), names['start'](sources, source))[1])"
        return eval, (f"{run}({self.sources!r}, {self.starter!r}, {{}})",)

    def configure(self, _req: ConfigureRequest) -> None:
        """Called in Pulumi's process for dynamic providers only, once, before anything else."""
        show_stopped_as_text()

    def check(self, olds: "dict[str, Any]", news: "dict[str, Any]") -> CheckResult:
        """All that can be known before stops a preview already, as problems of the resource. At a preview the ruleset
        itself may be known only at the update.
        """
        is_known = isinstance(news["ruleset"], str) and isinstance(news["ssh_admits"], list)
        given = news if is_known else {**news, "ruleset": "", "ssh_admits": []}
        try:
            failures = steps.refusals(self.on, _wanted(given, olds), is_known=is_known)
            found = list(neighbours(self.on).values()) if not failures else []
        except Stopped as error:
            failures, found = [str(error)], []
        return CheckResult({**news, "neighbours": found}, [CheckFailure("", one) for one in failures])

    def create(self, props: "dict[str, Any]") -> CreateResult:
        return CreateResult("inet livekit", self._apply({**props, "token": secrets.token_hex(8)}, {}))

    def diff(self, _id: str, olds: "dict[str, Any]", news: "dict[str, Any]") -> DiffResult:
        """Says yes or no itself, so that a newer text of these modules is no change; looks at the kernel, so that
        a table that was lost or edited is mended without a refresh.
        """
        self._is_here(olds)
        if not isinstance(news["ruleset"], str):  # at a preview, and known only at the update
            return DiffResult(True, [])
        changed = any(_plain(olds.get(key)) != _plain(news.get(key)) for key in GIVEN)
        now = status.status(self.on, news["ruleset"], _owner(olds))
        # Not what the state holds: a refresh puts drift there.
        kept = now["persistence"] == boot.best(self.on)
        return DiffResult(changed or now["in_force"] != status.AS_APPLIED or not kept, [])

    def update(self, _id: str, olds: "dict[str, Any]", news: "dict[str, Any]") -> UpdateResult:
        self._is_here(olds)
        return UpdateResult(self._apply({**news, "token": olds.get("token") or secrets.token_hex(8)}, olds))

    def read(self, id_: str, props: "dict[str, Any]") -> ReadResult:
        """The same resource with what was found: a table that is gone is drift, since files are left."""
        self._is_here(props)
        now = status.status(self.on, props["ruleset"], _owner(props))
        found = {"in_force": now["in_force"], "persistence": now["persistence"]}
        return ReadResult(id_, {key: {**props, **found}.get(key) for key in (*GIVEN, *FOUND)})

    def delete(self, _id: str, props: "dict[str, Any]") -> None:
        """Removes what carries this very resource's mark, and otherwise nothing."""
        self._is_here(props)
        for one in steps.remove(self.on, _owner(props)):
            print_to_user(one)

    def _apply(self, props: "dict[str, Any]", olds: "dict[str, Any]") -> "dict[str, Any]":
        for remark in steps.apply(self.on, _wanted(props, olds), print_to_user):
            print_to_user(remark)
        now = status.status(self.on, props["ruleset"])
        found = {
            "in_force": now["in_force"],
            "persistence": now["persistence"],
            "neighbours": list(now["neighbours"].values()),
            "machine": self.on.mark,
            "host": socket.gethostname(),
            "token": props["token"],
        }
        return {**{key: props.get(key) for key in GIVEN}, **found}

    def _is_here(self, props: "dict[str, Any]") -> None:
        """A stack's state may come along to another machine, whose table is not the stack's."""
        there, here = props.get("machine"), self.on.mark
        if there and here and there != here:
            raise Stopped(
                f"this ruleset was applied on another machine ({props.get('host')}); run pulumi there, or forget it by "
                "`pulumi state delete`"
            )


def _owner(props: "dict[str, Any]") -> "Mark | None":
    return given(props.get("owner"), props.get("token"))


def _wanted(props: "dict[str, Any]", olds: "dict[str, Any]") -> steps.DesiredRuleset:
    return steps.DesiredRuleset(
        props["ruleset"], _plain(props["ssh_admits"]), props["confirm"], int(props["timeout"]),
        owner=_owner(props), was=_owner(olds), exists="ruleset" in olds,
    )  # fmt: skip


def _plain(value: Any) -> Any:
    """Numbers came over the wire as floats."""
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return int(value) if isinstance(value, float) and value.is_integer() else value

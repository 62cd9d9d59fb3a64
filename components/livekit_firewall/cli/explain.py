"""The command `explain`: can this peer reach that port, by which rule, from which key."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from .input import project_folder, read_and_tell
from .options import InputOptions, inputs
from .screen import show, tell

if TYPE_CHECKING:
    from ..deployment.derive import Deployment
    from ..model.rules import Rule
    from ..reports.explain.explanation import Explanation
    from ..reports.explain.provenance import Provenance
    from ..reports.explain.stack_rules import StackState


@click.command()
@click.argument("peer", required=False)
@click.argument("ports", metavar="[PROTOCOL/PORT]", required=False)
@click.option("--rule", metavar="ID", help="Explain a rule by its id, name or description in a console.")
@click.option(
    "--state",
    "state_file",
    metavar="FILE",
    help="With --rule: what pulumi stack export printed; - is standard input. Without it, --stack asks pulumi.",
)
@inputs
def explain(
    peer: str | None, ports: str | None, rule: str | None, state_file: str | None, as_json: bool, given: InputOptions
) -> None:
    """Whether PEER reaches PROTOCOL/PORT: by which rule, from which key, on each platform.

    PEER is an address, a block, anywhere, or an audience: clients, load-balancer, trunks, operators, cluster or
    same-group. Ports are udp/50008, 50008/udp or udp/50000-60000. Exit code 1 if it is not allowed or not known to be
    (--json has a verdict), or if no rule has that ID. With --stack, a rule is found by what the stack's state knows of
    it: sgr-0a1b2c, the name of a Google rule, "UUID inbound udp 443", the id of an Azure rule, a line of the host's
    ruleset.
    """
    from ..reports.explain.explain import explain as answer
    from ..reports.explain.explain import question

    if (rule is None) == (peer is None or ports is None) or (rule is not None and peer is not None):
        raise click.UsageError("give PEER and PROTOCOL/PORT, or --rule ID")
    if rule is not None and not rule.strip():
        raise click.UsageError("--rule: must be the id, name or description of a rule (got an empty text)")
    if rule is None and state_file is not None:
        raise click.UsageError("--state goes with --rule: the configuration alone decides what PEER reaches")
    if rule is None:
        asked = question(str(peer), str(ports))
        said = answer(read_and_tell(given), asked)
        _print(said, as_json)
        sys.exit(0 if said.verdict == "allowed" else 1)
    sys.exit(0 if _explain_rule(read_and_tell(given), rule, state_file, given.stack, as_json) else 1)


def _explain_rule(deployment: Deployment, asked: str, state_file: str | None, stack: str | None, as_json: bool) -> bool:
    """Print what has the name: in the state where there is one, else in what the configuration makes.

    Returns whether anything has it. Raises StateError if the state cannot be had and nothing is.
    """
    from ..reports.explain.native_names import explain_rule
    from ..reports.explain.provenance import trace
    from ..reports.explain.stack_rules import StateError

    state: StackState | None = None
    refusal: StateError | None = None
    try:
        state = _state(state_file, stack)
    except StateError as error:
        if state_file is not None:
            raise
        refusal = error
    if state is not None:
        traced = trace(deployment, state, asked)
        if traced.found:
            _print(traced, as_json)
            return True
    found = explain_rule(deployment, asked)
    if refusal is not None and not found:
        raise refusal
    if refusal is not None:
        tell(f"note: the stack's state was not searched: {refusal}")
    if as_json:
        looked: dict[str, list[object]] = {} if state is None else {"state": []}
        click.echo(json.dumps({"version": 1, "rules": [one.as_json() for one in found], **looked}, indent=2))
    else:
        show(_text(found, looked_up=state is not None))
    return bool(found)


def _print(said: Explanation | Provenance, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(said.as_json(), indent=2))
    else:
        show(said.text())


def _text(found: Sequence[Rule], *, looked_up: bool) -> str:
    if not found:
        return f"no rule of this configuration has that name; {NOT_THERE if looked_up else ASK_THE_STATE}"
    lines = [f"{one.ports} from {one.peer}: {one.reason}; key {one.key}" for one in found]
    return "\n".join([*lines, *([NOT_MADE] if looked_up else [])])


NOT_THERE = "nor is one in the stack's state"
NOT_MADE = "matched in the configuration: no rule of the stack's state has that name"
ASK_THE_STATE = "ids that a console shows are in a stack's state: give --stack NAME, or --state FILE"


def _state(state_file: str | None, stack: str | None) -> StackState | None:
    from ..reports.explain.stack_export import exported_state, saved_state

    if state_file is not None:
        return saved_state(state_file)
    return None if stack is None else exported_state(stack, project_folder())

"""The command `explain`: can this peer reach that port, by which rule, from which key."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from .cli_input import inputs, read_and_tell


@click.command()
@click.argument("peer", required=False)
@click.argument("ports", metavar="[PROTOCOL/PORT]", required=False)
@click.option("--rule", metavar="ID", help="Explain a rule by its id, name or description in a console.")
@inputs
def explain(peer: str | None, ports: str | None, rule: str | None, as_json: bool, **given: Any) -> None:
    """Whether PEER reaches PROTOCOL/PORT: by which rule, from which key, on each platform.

    PEER is an address, a block, anywhere, load-balancer or same-group. Exit code 1 if it is not allowed, or if
    no rule has that ID.
    """
    from .explain import explain as answer
    from .explain import explain_rule, question

    if (rule is None) == (peer is None or ports is None) or (rule is not None and peer is not None):
        raise click.UsageError("give PEER and PROTOCOL/PORT, or --rule ID")
    if rule is None:
        asked = question(str(peer), str(ports))
        said = answer(read_and_tell(given), asked)
        click.echo(json.dumps(said.as_json(), indent=2) if as_json else said.text())
        sys.exit(0 if said.verdict == "allowed" else 1)
    found = explain_rule(read_and_tell(given), rule)
    if as_json:
        click.echo(json.dumps({"version": 1, "rules": [one.as_json() for one in found]}, indent=2))
    else:
        lines = [f"{one.ports} from {one.peer}: {one.reason}; key {one.key}" for one in found]
        click.echo("\n".join(lines or ["no rule of this configuration is called so"]))
    sys.exit(0 if found else 1)

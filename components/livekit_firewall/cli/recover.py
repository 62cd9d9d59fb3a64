"""The command `recover`: what an update that broke off left behind, and what brings state and platform together."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from ..effective.urns import is_urn
from ..inputs.files import STDIN
from ..model.text import printable
from ..platforms.registry import BY_ARGUMENT, BY_NAME, NAMES, AnyPlatform
from .input import project_folder, read_and_tell
from .options import InputOptions, inputs
from .screen import columns

if TYPE_CHECKING:
    from ..deployment.derive import Deployment
    from ..reports.explain.stack_rules import StackState


@click.command()
@click.argument("listing")
@click.option(
    "--state",
    "state_file",
    metavar="FILE",
    help="What pulumi stack export printed; - is standard input. Without it, --stack asks pulumi.",
)
@click.option(
    "--other-state",
    "other_states",
    multiple=True,
    metavar="FILE",
    help="The same of another stack, whose resources are not this one's (repeatable).",
)
@click.option("--from", "platform", type=click.Choice(NAMES), help="The platform; by default recognised by the JSON.")
@click.option(
    "--group", "groups", multiple=True, metavar="ID", help="Which firewall is the program's, if no name tells it."
)
@click.option("--component", metavar="NAME", help="The LiveKitFirewall; by default that of the state, or livekit.")
@click.option("--parent", default="", metavar="URN", help="What it is a part of, if the state does not have it.")
@inputs
def recover(
    listing: str,
    state_file: str | None,
    other_states: tuple[str, ...],
    platform: str | None,
    groups: tuple[str, ...],
    component: str | None,
    parent: str,
    as_json: bool,
    given: InputOptions,
) -> None:
    """After an update that broke off: the file for pulumi import -f of what exists and is not in the state.

    LISTING is what describe-security-group-rules, gcloud compute firewall-rules list, doctl compute firewall list,
    hcloud firewall list or az network nsg list print; - reads standard input. Standard error says what the file
    imports, what goes on admitting though no state has it, what was deleted by hand or refused, and the commands to
    run. Exit code 0 if there is nothing to recover, 1 if there is.
    """
    from ..reports.compare.read_firewall import read_listing
    from ..reports.recover.component_state import component_in
    from ..reports.recover.recovery import recover as recovery
    from ..reports.recover.result import as_json as document
    from ..reports.recover.result import import_file, text

    if parent and not is_urn(parent):
        raise click.UsageError(f"--parent: {printable(parent)}: must be a URN, urn:pulumi:STACK::PROJECT::TYPE::NAME")
    if listing == state_file == STDIN:
        raise click.UsageError("--state: standard input holds the listing; give one of the two as a file")
    deployment = read_and_tell(given)
    name, entries = read_listing(listing, platform or _only_cloud(deployment))
    _refuse(BY_NAME[name], deployment)
    state = _state(state_file, given.stack)
    found = recovery(
        deployment,
        BY_NAME[name],
        entries,
        state,
        component or component_in(state) or "livekit",
        stack=given.stack or "",
        parent=parent,
        groups=groups,
        others=_states(other_states),
    )
    if as_json:
        click.echo(json.dumps(document(found), indent=2))
    else:
        click.echo(json.dumps(import_file(found), indent=2))
        click.echo(text(found, columns(err=True)), err=True)  # not folded: it ends in commands
    sys.exit(0 if found.is_clean else 1)


def _refuse(platform: AnyPlatform, deployment: Deployment) -> None:
    if platform.no_import:
        raise click.UsageError(f"{platform.no_import}; what was lost on the host, pulumi up --refresh writes again")
    if platform.argument not in deployment.targets:
        hint = "give the program's with --stack NAME or --args FILE"
        raise click.UsageError(f"the argument {platform.argument} is not given, so that nothing is expected: {hint}")


def _only_cloud(deployment: Deployment) -> str | None:
    """The platform of the arguments, where there is one only: an empty listing does not tell."""
    clouds = [BY_ARGUMENT[one].name for one in deployment.targets if not BY_ARGUMENT[one].no_import]
    return clouds[0] if len(clouds) == 1 else None


def _states(files: tuple[str, ...]) -> tuple[StackState, ...]:
    from ..reports.explain.stack_export import saved_state

    return tuple(map(saved_state, files))


def _state(state_file: str | None, stack: str | None) -> StackState:
    from ..reports.explain.stack_export import exported_state, saved_state

    if state_file is not None:
        return saved_state(state_file)
    if stack is None:
        raise click.UsageError("give --stack NAME, or what pulumi stack export printed with --state FILE")
    return exported_state(stack, project_folder())

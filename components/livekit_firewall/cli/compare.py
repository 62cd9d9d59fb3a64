"""The command `compare`: an existing firewall against the configuration."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec import Struct

from ..effective.urns import is_urn
from ..model.text import printable
from ..platforms.registry import BY_ARGUMENT, BY_NAME, NAMES
from .input import read_and_tell
from .options import InputOptions, inputs
from .screen import columns, show, tell

if TYPE_CHECKING:
    from ..deployment.derive import Deployment
    from ..effective.evaluate import EffectiveRules, Selection


class Import(Struct, frozen=True):
    """What --import and the options beside it were given."""

    file: str
    component: str
    parent: str
    stack: str


@click.command()
@click.argument("firewall", metavar="FIREWALL...", nargs=-1, required=True)
@click.option("--from", "platform", type=click.Choice(NAMES), help="The platform; by default recognised by the JSON.")
@click.option(
    "--group", "groups", multiple=True, metavar="ID", help="Which one, if the file holds several (repeatable)."
)
@click.option(
    "--target-tag",
    "target_tags",
    multiple=True,
    metavar="TAG",
    help="Google Cloud: a tag or service account of the instance (repeatable).",
)
@click.option("--no-target-tag", is_flag=True, help="Google Cloud: the instance has no tag that rules are for.")
@click.option("--import", "import_file", metavar="FILE", help="Write the file for pulumi import -f that adopts it.")
@click.option(
    "--component", default="livekit", metavar="NAME", help="With --import: the name of the LiveKitFirewall; livekit."
)
@click.option(
    "--parent", default="", metavar="URN", help="With --import: the component that the LiveKitFirewall is a part of."
)
@inputs
def compare(
    firewall: tuple[str, ...],
    platform: str | None,
    groups: tuple[str, ...],
    target_tags: tuple[str, ...],
    no_target_tag: bool,
    import_file: str | None,
    component: str,
    parent: str,
    as_json: bool,
    given: InputOptions,
) -> None:
    """What FIREWALL lacks and what it admits too much, each with a packet that proves it; - reads standard input.

    It is what describe-security-group-rules, gcloud compute firewall-rules list, doctl compute firewall list,
    az network nsg show, hcloud firewall list or nft -j list ruleset print; or what iptables-save and ip6tables-save
    print (ufw), in one file or two. Exit code 0 if it admits exactly what is needed, 1 if not.
    """
    from ..reports.compare.differences import compare as differences
    from ..reports.compare.differences import required_access
    from ..reports.compare.read_firewall import read_firewall

    if parent and not is_urn(parent):
        raise click.UsageError(f"--parent: {printable(parent)}: must be a URN, urn:pulumi:STACK::PROJECT::TYPE::NAME")
    deployment = read_and_tell(given)
    selection = _selection(deployment, groups, target_tags, no_target_tag)
    name, found = read_firewall(firewall, platform, selection)
    for note in found.notes:
        tell(f"note: {note}")
    if import_file is not None:
        _write_import(name, found, deployment, Import(import_file, component, parent, given.stack or ""))
    comparison = differences(required_access(deployment, name, found), found)
    if as_json:
        click.echo(json.dumps(comparison.as_json(), indent=2))
    else:
        show(comparison.text(columns()))
    sys.exit(0 if comparison.is_same else 1)


def _selection(
    deployment: Deployment, groups: tuple[str, ...], target_tags: tuple[str, ...], no_target_tag: bool
) -> Selection:
    """Google's network and tags, how many groups AWS has and which prefix lists are its sources come from the
    deployment's own targets, unless they are given. An empty tag is none.
    """
    from ..effective.evaluate import Selection

    given = tuple(filter(None, target_tags))
    has_none = no_target_tag or "" in target_tags
    if given and has_none:
        raise click.UsageError(f"--no-target-tag: the instance has the tag {given[0]}; give one of the two")
    found = (BY_ARGUMENT[name].selection(target) for name, target in deployment.targets.items())
    own = [one for one in found if one]
    return Selection(
        groups,
        given if given or has_none else tuple(tag for one in own for tag in one.target_tags),
        has_none if given or has_none else any(one.all_instances for one in own),
        next((one.network for one in own if one.network), ""),
        max((one.most for one in own), default=1),
        tuple(name for one in own for name in one.lists),
    )


def _write_import(name: str, found: EffectiveRules, deployment: Deployment, given: Import) -> None:
    platform = BY_NAME[name]
    if platform.no_import:
        raise click.UsageError(f"--import: {platform.no_import}")
    if platform.argument not in deployment.targets:
        hint = "give the program's with --stack NAME or --args FILE, unless it is what this command was given"
        click.echo(f"--import: the argument {platform.argument} is not given; {hint}", err=True)
    from ..reports.compare.adoption import adopt

    adoption = adopt(deployment, platform, found, given.component)
    if not adoption.found:
        click.echo("--import: nothing of the listing is the program's, and no file was written", err=True)
        return
    content = json.dumps(adoption.as_json(given.parent), indent=2) + "\n"
    try:
        Path(given.file).write_text(content, encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f"--import: {given.file}: cannot be written: {error.strerror}") from None
    stack = ["--stack", given.stack] if given.stack else []
    command = ["pulumi", "import", *stack, "-f", given.file, "--protect=false", "--generate-code=false"]
    click.echo(f"wrote {given.file} with {len(adoption.found)} of the program's resources; adopt them with", err=True)
    click.echo("\n".join(filter(None, (f"  {shlex.join(command)}", adoption.text()))), err=True)

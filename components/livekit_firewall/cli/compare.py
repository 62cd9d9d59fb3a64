"""The command `compare`: an existing firewall against the configuration."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..platforms.registry import BY_ARGUMENT, BY_NAME, NAMES
from .input import read_and_tell
from .options import InputOptions, inputs
from .screen import columns, show, tell

if TYPE_CHECKING:
    from ..deployment.derive import Deployment
    from ..effective.evaluate import EffectiveRules, Selection


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
@inputs
def compare(
    firewall: tuple[str, ...],
    platform: str | None,
    groups: tuple[str, ...],
    target_tags: tuple[str, ...],
    no_target_tag: bool,
    import_file: str | None,
    as_json: bool,
    given: InputOptions,
) -> None:
    """What FIREWALL lacks and what it admits too much, each with a packet that proves it; - reads standard input.

    It is what describe-security-group-rules, gcloud compute firewall-rules list, doctl compute firewall list,
    az network nsg show or nft -j list ruleset print; or what iptables-save and ip6tables-save print (ufw), in one
    file or two. Exit code 0 if it admits exactly what is needed, 1 if not.
    """
    from ..reports.compare.differences import compare as differences
    from ..reports.compare.differences import required_access
    from ..reports.compare.read_firewall import read_firewall

    deployment = read_and_tell(given)
    asked = _asked(deployment, groups, target_tags, no_target_tag)
    name, found = read_firewall(firewall, platform, asked)
    for note in found.notes:
        tell(f"note: {note}")
    if import_file is not None:
        _write_import(import_file, name, found)
    comparison = differences(required_access(deployment, name, found), found)
    if as_json:
        click.echo(json.dumps(comparison.as_json(), indent=2))
    else:
        show(comparison.text(columns()))
    sys.exit(0 if comparison.is_same else 1)


def _asked(
    deployment: Deployment, groups: tuple[str, ...], target_tags: tuple[str, ...], no_target_tag: bool
) -> Selection:
    """Google's network and tags come from the deployment's own target, unless they are given. An empty tag is none."""
    from ..effective.evaluate import Selection

    given = tuple(filter(None, target_tags))
    has_none = no_target_tag or "" in target_tags
    if given and has_none:
        raise click.UsageError(f"--no-target-tag: the instance has the tag {given[0]}; give one of the two")
    named = (BY_ARGUMENT[name].selection(target) for name, target in deployment.targets.items())
    own = next(filter(None, named), Selection())
    if given or has_none:
        return Selection(groups, given, has_none, own.network)
    return Selection(groups, own.target_tags, own.all_instances, own.network)


def _write_import(path: str, platform: str, found: EffectiveRules) -> None:
    if found.adopted is None:
        raise click.UsageError(f"--import: {BY_NAME[platform].no_import}")
    used: dict[str, int] = {}
    resources = []
    for one in found.adopted:
        name = re.sub(r"[^A-Za-z0-9_.-]", "-", one.name) or "firewall"
        used[name] = used.get(name, 0) + 1
        unique = name if used[name] == 1 else f"{name}-{used[name]}"
        resources.append({"type": one.type, "name": unique, "id": one.id})
    Path(path).write_text(json.dumps({"resources": resources}, indent=2) + "\n", encoding="utf-8")
    click.echo(f"wrote {path}: {len(resources)} to adopt with pulumi import -f {path}", err=True)
    rule_ids = BY_NAME[platform].rule_ids
    if rule_ids and resources and not any("Rule" in one["type"] for one in resources):
        click.echo(f"note: this JSON has no ids of rules; {rule_ids} prints them", err=True)

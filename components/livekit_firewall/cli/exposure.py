"""The command `exposure`: who can reach what and why, as text, JSON, a page or a picture."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from ..model.errors import ProblemsError, graver
from ..model.text import escaped, few, printable
from .clock import now
from .input import read_and_tell, read_input, stack_names, this_project
from .options import InputOptions, inputs
from .screen import columns, show, tell

if TYPE_CHECKING:
    from ..deployment.derive import Deployment
    from ..reports.exposure.fleet import FleetStack
    from ..reports.exposure.origin import Origin


@click.command()
@click.option("--html", "as_html", is_flag=True, help="Print one HTML page that loads nothing: > exposure.html.")
@click.option("--mermaid", "as_mermaid", is_flag=True, help="Print a Mermaid diagram.")
@click.option("--all-stacks", is_flag=True, help="Every stack of this project that has a file, on one page (--html).")
@partial(inputs, of_one=False)
def exposure(
    stacks: tuple[str, ...],
    all_stacks: bool,
    as_html: bool,
    as_mermaid: bool,
    as_json: bool,
    given: InputOptions,
) -> None:
    """Who can reach what and why, what stays closed, and what is worth knowing.

    Several --stack, or --all-stacks, make one page with --html. A stack that cannot be read is on it with what is
    wrong, and the exit code is 2.
    """
    if as_html + as_mermaid + as_json > 1:
        raise click.UsageError("--html, --json and --mermaid exclude each other")
    if all_stacks and stacks:
        raise click.UsageError("--all-stacks and --stack exclude each other")
    names = stack_names() if all_stacks else tuple(dict.fromkeys(stacks))
    date = now()
    if all_stacks or len(names) > 1:
        if not as_html:
            raise click.UsageError("several stacks make one page: add --html, or name one stack")
        _print_fleet(names, given, date)
        return
    given = replace(given, stack=names[0] if names else None)
    _print_one(given, read_and_tell(given), (as_html, as_mermaid, as_json), date)


def _print_one(given: InputOptions, deployment: Deployment, forms: tuple[bool, bool, bool], date: datetime) -> None:
    from ..reports.exposure.expose import expose

    as_html, as_mermaid, as_json = forms
    origin = _origin(given, deployment, date)
    if as_mermaid:
        from ..reports.exposure.picture import mermaid_of

        click.echo(mermaid_of(deployment, origin.line))
        return
    exposed = expose(deployment, origin=origin)
    if as_html:
        from ..deployment.audiences import audiences_of
        from ..reports.exposure.page import html

        click.echo(html(exposed, deployment.rules, audiences_of(deployment)), nl=False)
    elif as_json:
        click.echo(json.dumps(exposed.as_json(), indent=2))
    else:
        show(exposed.text(columns()))


def _print_fleet(names: Sequence[str], given: InputOptions, date: datetime) -> None:
    from ..reports.exposure.origin import Origin
    from ..reports.exposure.page import fleet_html

    subject = f"project {this_project().name}"
    found = [_stack(replace(given, stack=name), name, date) for name in names]
    told: dict[str, list[str]] = {}
    for stack in found:
        for finding in graver(stack.deployment.findings) if stack.deployment else ():
            told.setdefault(str(finding), []).append(stack.name)
    for text, stacks in told.items():
        tell(f"stack {few(map(printable, stacks), 3)}: {text}")
    click.echo(fleet_html(found, Origin(subject, (), date)), nl=False)
    unread = [stack for stack in found if stack.problems]
    for stack in unread:
        tell(stack.error)
    if unread:
        sys.exit(2)


def _stack(given: InputOptions, name: str, date: datetime) -> FleetStack:
    from ..reports.exposure.expose import expose
    from ..reports.exposure.fleet import FleetStack

    try:
        deployment = read_input(given)
    except ProblemsError as error:
        return FleetStack(name, problems=tuple(map(str, error.problems)))
    except click.UsageError as error:
        return FleetStack(name, problems=(escaped(error.message),))
    return FleetStack(name, deployment, expose(deployment, origin=_origin(given, deployment, date)))


def _origin(given: InputOptions, deployment: Deployment, date: datetime) -> Origin:
    from ..reports.exposure.origin import Origin

    return Origin(given.subject, deployment.files, date)

"""The command `exposure`: who can reach what and why, as text, JSON, a page or a picture."""

from __future__ import annotations

import json

import click

from .input import read_and_tell
from .options import InputOptions, inputs
from .screen import columns, show


@click.command()
@click.option("--html", "as_html", is_flag=True, help="Print one HTML page that loads nothing: > exposure.html.")
@click.option("--mermaid", "as_mermaid", is_flag=True, help="Print a Mermaid diagram.")
@inputs
def exposure(as_html: bool, as_mermaid: bool, as_json: bool, given: InputOptions) -> None:
    """Who can reach what and why, what stays closed, and what is worth knowing."""
    from ..reports.exposure.expose import expose

    if as_html + as_mermaid + as_json > 1:
        raise click.UsageError("--html, --json and --mermaid exclude each other")
    deployment = read_and_tell(given)
    if as_mermaid:
        from ..reports.exposure.picture import mermaid_of

        click.echo(mermaid_of(deployment))
        return
    exposed = expose(deployment)
    if as_html:
        from ..deployment.audiences import audiences_of
        from ..reports.exposure.page import html

        click.echo(html(exposed, deployment.rules, given.subject, audiences_of(deployment)), nl=False)
        return
    if as_json:
        click.echo(json.dumps(exposed.as_json(), indent=2))
    else:
        show(exposed.text(columns()))

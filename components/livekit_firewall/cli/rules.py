"""The commands `ports`, `rules` and `render`: what a deployment opens, and to whom."""

from __future__ import annotations

import json
from collections.abc import Sequence

import click

from ..deployment.derive import Deployment
from ..deployment.listener import Listener
from ..model.services import Audience
from ..model.text import plain
from ..platforms.registry import BY_NAME, NAMES
from .input import read_and_tell
from .options import InputOptions, inputs
from .screen import columns, show


@click.command()
@inputs
def ports(as_json: bool, given: InputOptions) -> None:
    """The sockets that the services open, whoever may reach them. What is `published` is forwarded by Docker past the
    host's firewall, to others as well.
    """
    deployment = read_and_tell(given)
    if as_json:
        told = [
            one.as_json() | ({"forwarded": True} if _is_forwarded(one, deployment) else {})
            for one in deployment.listeners
        ]
        _print_json("ports", told, deployment)
        return
    rows = [
        (
            listener.service.label,
            str(listener.ports),
            " ".join(sorted(str(family) for family in listener.families)) or listener.nowhere,
            _whom(listener, deployment),
            listener.key,
            "default" if listener.is_default else "set",
        )
        for listener in deployment.listeners
    ]
    _table(("service", "ports", "families", "for", "key", "value"), rows)


def _whom(listener: Listener, deployment: Deployment) -> str:
    whom = str(listener.audience)
    if listener.audience is Audience.NOBODY:
        whom = "this node" if listener.awaits is Audience.NOBODY else f"{listener.awaits}, none named"
    return whom + (", published" if _is_forwarded(listener, deployment) else "")


def _is_forwarded(listener: Listener, deployment: Deployment) -> bool:
    """Whether Docker forwards it past the host's firewall to more than its audience."""
    return any(ports.overlaps(listener.ports) for item in deployment.forwarded for ports in item.ports)


@click.command()
@inputs
def rules(as_json: bool, given: InputOptions) -> None:
    """The rules that follow: who may reach what, and the key that each rule comes from."""
    deployment = read_and_tell(given)
    if as_json:
        _print_json("rules", [rule.as_json() for rule in deployment.rules], deployment)
        return
    rows = [(str(rule.ports), str(rule.peer), rule.service.label, rule.key, rule.reason) for rule in deployment.rules]
    _table(("ports", "from", "service", "key", "reason"), rows)


@click.command()
@click.option("--to", "platform_name", type=click.Choice(NAMES), required=True, help="The platform.")
@inputs
def render(platform_name: str, as_json: bool, given: InputOptions) -> None:
    """The rules in a platform's own format. An id that is not known here is printed as TARGET."""
    from ..deployment.rendering import render_for

    deployment = read_and_tell(given)
    native = render_for(deployment, BY_NAME[platform_name])
    if isinstance(native, str) and not as_json:
        click.echo(native, nl=False)
        return
    click.echo(json.dumps({"version": 1, "platform": platform_name, "native": native.as_json()}, indent=2))


def _print_json(name: str, rows: list[dict[str, object]], deployment: Deployment) -> None:
    from ..model.errors import finding_as_json

    findings = [finding_as_json(finding) for finding in deployment.findings]
    click.echo(json.dumps({"version": 1, name: rows, "findings": findings}, indent=2))


def _table(headings: Sequence[str], rows: Sequence[tuple[str, ...]]) -> None:
    show(plain(headings, rows, width=columns()))

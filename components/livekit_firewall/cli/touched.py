"""The command `touched`: which stacks a change touches, for jobs that run once per stack."""

from __future__ import annotations

import json

import click


@click.command()
@click.argument("revisions", metavar="A...B")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with the files that touch each.")
@click.option("--present/--removed", default=None, help="Only stacks that have a file after the change, or none.")
def touched(revisions: str, as_json: bool, present: bool | None) -> None:
    """The stacks that a change touches, one name per line.

    A stack is touched by its own file, by a file or folder that its arguments name, and by the program: what
    in the project's folder, or where its `main` lies, is neither documentation nor a test. A...B is from where B
    left A, as a pull request shows it; A alone is up to the working tree.
    """
    from ..inputs.revisions import changed_files, parse_span, trees
    from ..reports.touched import touched as stacks
    from .input import project_folder

    project = project_folder()
    span = parse_span(revisions, project)
    inside = project.resolve().relative_to(span.top.resolve()).as_posix()
    with trees(span, span.top) as (old, new):
        found = stacks(inside, old, new, changed_files(span))
    if present is not None:
        found = tuple(stack for stack in found if stack.is_present is present)
    if as_json:
        click.echo(json.dumps({"version": 1, "stacks": [stack.as_json() for stack in found]}, indent=2))
        return
    for stack in found:
        click.echo(stack.name)

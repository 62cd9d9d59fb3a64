"""The command `comment`: the page of `review` or `diff` as the one comment of a pull or merge request.

Exit codes: 0 posted, updated, or nothing to do; 2 refused or could not run.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .inputs.files import STDIN, UnreadableError, read_bytes, read_stdin
from .model.errors import Place, Problem

if TYPE_CHECKING:
    from .comment import Outcome
    from .forges import Forge

MAX_BYTES = 10_000_000
MAX_EVENT = 50_000_000
MAX_SUMMARY = 1_048_576
"""Of one step on GitHub, in bytes; a longer one is dropped whole."""

ADVICE = {
    401: "the token is not valid, or has expired",
    403: "the token may not write comments. GitHub: give the job `permissions: pull-requests: write`; a pull request "
    "from a fork has a token that only reads, so post a summary alone (--on summary). GitLab: the token needs the "
    "scope api and the role Reporter",
    404: "the token does not see this pull or merge request, or there is none of that number",
}


@click.command()
@click.argument("page", metavar="PAGE.md")
@click.option("--on", "where", type=click.Choice(("github", "gitlab", "summary")), help="Found out in CI if absent.")
@click.option("--marker", "name", default="preview", metavar="NAME", help="One comment per name; preview if absent.")
@click.option("--author", default="", metavar="LOGIN", help="As whom the token writes, if it cannot ask.")
def comment(page: str, where: str | None, name: str, author: str) -> None:
    """Post PAGE.md as one comment of a pull or merge request, or update it; - reads standard input.

    Nothing is posted while the page says "no change", without a risk, and there is no comment. On GitHub the page
    also goes to the job's summary; --on summary does only that. Reads GITHUB_TOKEN, GITHUB_API_URL, GITHUB_REPOSITORY,
    GITHUB_EVENT_PATH and GITHUB_STEP_SUMMARY, or GITLAB_TOKEN, CI_API_V4_URL, CI_PROJECT_ID and
    CI_MERGE_REQUEST_IID.
    """
    from .comment import NAME, publish
    from .web import WebError

    if not NAME.fullmatch(name):
        raise click.UsageError("--marker: must be letters, digits, dots, dashes and underscores, 50 at most")
    text = _read(page)
    where = where or _where()
    if where != "gitlab":
        _summarise(text, is_asked=where == "summary")
    if where == "summary":
        return
    try:
        forge = (_github if where == "github" else _gitlab)(author)
        outcome = publish(forge, text, name, time.sleep)
    except WebError as error:
        if error.status in ADVICE:
            raise WebError(f"{error}; {ADVICE[error.status]}", error.status) from None
        raise
    _tell(outcome)


def _read(page: str) -> str:
    try:
        content = read_stdin(MAX_BYTES) if page == STDIN else read_bytes(page, MAX_BYTES, may_be_pipe=True)
        text = content.decode("utf-8-sig")
    except UnreadableError as error:
        raise click.UsageError(str(Problem(Place("", page), error.got, error.expected, error.hint))) from None
    except UnicodeDecodeError:
        raise click.UsageError(f"{page}: must be text in UTF-8") from None
    if not text.strip():
        raise click.UsageError(f"{page}: must be a page of at most 10 MB, and not empty")
    return text


def _where() -> str:
    for where, variable in (("github", "GITHUB_ACTIONS"), ("gitlab", "GITLAB_CI")):
        if os.environ.get(variable):
            return where
    raise click.UsageError("this is neither GitHub Actions nor GitLab CI: give --on github or --on gitlab")


def _summarise(text: str, is_asked: bool) -> None:
    """Before the comment, so that the page can be read where it may not be posted."""
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if not path:
        if is_asked:
            raise click.UsageError("--on summary: GITHUB_STEP_SUMMARY is not set; GitLab has no summary of a job")
        return
    content = f"{text.rstrip()}\n\n".encode()
    file = Path(path)
    size = file.stat().st_size if file.exists() else 0
    if size + len(content) > MAX_SUMMARY:
        what = f"the job's summary holds {MAX_SUMMARY:,} bytes, with this page it would have {size + len(content):,}"
        click.echo(f"warning: {what}; it is left out", err=True)
        return
    with file.open("ab") as stream:
        stream.write(content)


def _github(author: str) -> Forge:
    from .forges import GitHub
    from .web import Web

    token = _needed("GITHUB_TOKEN", "${{ github.token }} of a job with `permissions: pull-requests: write`")
    repository = _needed("GITHUB_REPOSITORY", "OWNER/NAME", r"[\w.-]+/[\w.-]+")
    headers = {
        "Authorization": f"Bearer {token}",
        "Accept": "application/vnd.github+json",
        "X-GitHub-Api-Version": "2022-11-28",
        "User-Agent": "livekit-firewall",
    }
    base = os.environ.get("GITHUB_API_URL") or "https://api.github.com"
    return GitHub(Web(base, headers, token), repository, _pull_request(), author)


def _gitlab(author: str) -> Forge:
    from .forges import GitLab
    from .web import Web

    token = _needed("GITLAB_TOKEN", "a project access token with the scope api, as a masked CI variable")
    base = _needed("CI_API_V4_URL", "the address of the API")
    project = _needed("CI_PROJECT_ID", "the project's number", r"[0-9]+")
    number = _needed("CI_MERGE_REQUEST_IID", "the merge request's number; run the job for merge requests", r"[0-9]+")
    return GitLab(
        Web(base, {"PRIVATE-TOKEN": token, "User-Agent": "livekit-firewall"}, token), project, int(number), author
    )


def _needed(variable: str, what: str, pattern: str = r"[\x21-\x7e]+") -> str:
    value = os.environ.get(variable, "")
    if not re.fullmatch(pattern, value):
        # not the value: it may be a secret in the wrong variable
        raise click.UsageError(f"{variable} {'has another form than expected' if value else 'is not set'}: {what}")
    return value


def _pull_request() -> int:
    """The number in the event that started the job, which is another file for each kind of event."""
    path = _needed("GITHUB_EVENT_PATH", "the file of the event that started the job", r"[^\0]+")
    try:
        event = json.loads(read_bytes(path, MAX_EVENT))
    except UnreadableError as error:
        # not the path: it may be a secret in the wrong variable
        raise click.UsageError(str(Problem(Place("GITHUB_EVENT_PATH"), error.got, error.expected))) from None
    except (ValueError, RecursionError):
        raise click.UsageError(f"{path}: must be the JSON of an event") from None
    number = _number(event) if isinstance(event, dict) else None
    if number is None:
        raise click.UsageError("the event that started this job is of no pull request: use `on: pull_request`")
    return number


def _number(event: Mapping[str, Any]) -> int | None:
    issue = event.get("issue")
    commented = issue if isinstance(issue, dict) and "pull_request" in issue else None
    for holder in (event.get("pull_request"), commented):
        number = holder.get("number") if isinstance(holder, dict) else None
        if type(number) is int and number > 0:
            return number
    return None


def _tell(outcome: Outcome) -> None:
    said = {"nothing": "no change, and no comment yet: nothing posted", "unchanged": "the comment says so already"}
    click.echo(" ".join(part for part in (said.get(outcome.done, outcome.done), _line(outcome.url)) if part))
    if outcome.author != outcome.expected:
        hint = f"give --author '{_line(outcome.author)}', or the next run does not find it"
        click.echo(f"warning: the comment was written as {_line(outcome.author)}; {hint}", err=True)
    for url in outcome.duplicates:
        click.echo(f"warning: one more comment with this marker, left as it is: {_line(url)}", err=True)


def _line(text: str) -> str:
    return "".join(character for character in text if character.isprintable())[:300]

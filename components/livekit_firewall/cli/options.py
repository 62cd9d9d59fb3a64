"""The options that say what runs on the node and who may reach it: the same for every command."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import click
from msgspec import Struct
from msgspec.structs import fields

from ..inputs.files import STDIN_NAMES
from ..inputs.stack_config import CONFIG_FILES
from ..settings.schemas.releases import file_of

Command = TypeVar("Command", bound=Callable[..., Any])

FILES = CONFIG_FILES
"""Options that name a service's own file, and the arguments that they stand for."""

BLOCKS = {
    "load_balancer": "Who reaches the API and TURN/TLS (repeatable).",
    "trunk": "Who reaches SIP and its audio (repeatable).",
    "operator": "Who reaches SSH, metrics and health (repeatable).",
    "cluster": "All nodes, this one included, by public address (repeatable).",
}

PRESET = "\0"
"""What `--plugnmeet` stands for without a folder; an empty text is a folder that somebody's script lost."""

STACK = click.option("--stack", metavar="NAME", help="The arguments of a stack: stacks/Pulumi.NAME.yaml.")
STACKS = click.option("--stack", "stacks", metavar="NAME", multiple=True, help="A stack of this project (repeatable).")

INPUTS = (
    *(
        click.option(f"--{name}", metavar="FILE", help=f"The configuration that livekit-{service} runs with.")
        for name, service in (("livekit", "server"), ("sip", "sip"), ("ingress", "ingress"), ("egress", "egress"))
    ),
    click.option(
        "--plugnmeet", metavar="[DIR]", is_flag=False, flag_value=PRESET, default=None, help="plugNmeet, or its folder."
    ),
    STACK,
    click.option("--args", "args_file", metavar="FILE", help="A YAML file of arguments."),
    *(
        click.option(f"--{name.replace('_', '-')}", name, metavar="CIDR", multiple=True, help=text)
        for name, text in BLOCKS.items()
    ),
    click.option("--https", is_flag=True, help="A TLS proxy runs on the node: 443 and 80 open to clients."),
    click.option("--no-ipv6", is_flag=True, help="Close IPv6."),
    click.option(
        "--compose",
        metavar="FILE",
        multiple=True,
        help="A compose file that the services run by (repeatable).",
    ),
    click.option("--docker", is_flag=True, help="The servers run in containers of a Docker bridge."),
    click.option(
        "--helm",
        metavar="FILE",
        multiple=True,
        help="Values of a LiveKit chart, or CHART=FILE (repeatable; files of one chart merge in order).",
    ),
    click.option("--chart-version", metavar="VERSION", help="The version of the chart, by default the newest known."),
    click.option(
        "--server-version",
        "versions",
        metavar="VERSION",
        multiple=True,
        help="The release of livekit-server that runs, by default the newest known; SERVICE:VERSION for others.",
    ),
    click.option(
        "--set",
        "overrides",
        metavar="KEY=VALUE",
        multiple=True,
        help="What a flag or variable of the running service sets: its key, or the variable; SERVICE:KEY=VALUE.",
    ),
    click.option(
        "--env-file",
        "env_file",
        metavar="FILE",
        multiple=True,
        help="Variables of the running service, in Compose's format; [SERVICE:]FILE (repeatable).",
    ),
)


class InputOptions(Struct, frozen=True, kw_only=True):
    """What these options were given, each by its name on the command line.

    Attributes:
        livekit, sip, ingress, egress: the services' own files.
        plugnmeet: a folder, or `PRESET`.
        args_file: of `--args`.
        versions, overrides, env_file: of `--server-version`, `--set` and `--env-file`, as they were written.
    """

    livekit: str | None = None
    sip: str | None = None
    ingress: str | None = None
    egress: str | None = None
    plugnmeet: str | None = None
    stack: str | None = None
    args_file: str | None = None
    load_balancer: tuple[str, ...] = ()
    trunk: tuple[str, ...] = ()
    operator: tuple[str, ...] = ()
    cluster: tuple[str, ...] = ()
    https: bool = False
    no_ipv6: bool = False
    compose: tuple[str, ...] = ()
    docker: bool = False
    helm: tuple[str, ...] = ()
    chart_version: str | None = None
    versions: tuple[str, ...] = ()
    overrides: tuple[str, ...] = ()
    env_file: tuple[str, ...] = ()

    def is_given(self, *names: str) -> bool:
        """Whether one of these options was given; an empty text is a file whose name somebody's script lost."""
        return any(getattr(self, name) not in (None, False, ()) for name in names)

    @property
    def service_files(self) -> dict[str, str | None]:
        """The services' own files, by service."""
        return {name: getattr(self, name) for name in FILES}

    @property
    def subject(self) -> str:
        """What the deployment is read from: `stack prod`, `livekit.yaml, sip.yaml`; "" where options alone say it."""
        files = [*self.service_files.values(), self.args_file, *self.compose, *map(file_of, self.helm)]
        named = [
            f"stack {self.stack}" if self.stack else "",
            *files,
            (self.plugnmeet or "").replace(PRESET, "plugNmeet"),
        ]
        return ", ".join("standard input" if one in STDIN_NAMES else one for one in named if one)


OPTION_NAMES = tuple(field.name for field in fields(InputOptions))


def inputs(command: Command, of_one: bool = True) -> Command:
    """Gives a command these options as one `InputOptions`, its argument `given`, and `--json`.

    Args:
        of_one: False for a command that takes several stacks.
    """

    @wraps(command)
    def gathered(**values: Any) -> Any:
        given = InputOptions(**{name: values.pop(name) for name in OPTION_NAMES if name in values})
        return command(given=given, **values)

    wrapped: Any = gathered
    for option in reversed(INPUTS):
        wrapped = (STACKS if option is STACK and not of_one else option)(wrapped)
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(wrapped)  # type: ignore[no-any-return]

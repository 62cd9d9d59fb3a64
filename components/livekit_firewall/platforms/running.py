"""What every component shares while Pulumi runs: registering resources, and errors without a traceback.

Resources are registered by their type tokens. Loading an SDK takes 0.3 to 1.4 s and up to 110 MB, and all that it would
add is the version of its plugin.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import msgspec
import pulumi
from msgspec import Struct

from ..inputs.extras import install_line, lacking
from ..model.errors import ConfigurationError, Place, Problem, ProblemsError
from .platform import Platform, Target


class InvalidArguments(ConfigurationError, pulumi.RunError, pulumi.InputPropertiesError):
    """The arguments cannot be used. Pulumi shows its text without a traceback, to a program in Python
    (`RunError`) and in another language (`InputPropertiesError`).
    """

    def __init__(self, error: ProblemsError) -> None:
        ConfigurationError.__init__(self, error.problems)
        self.title = error.title
        self.message = str(self)
        self.errors = [
            pulumi.InputPropertyErrorDetails(property_path=problem.path, reason=str(problem))
            for problem in self.problems
        ]


class NoSuchOutput(AttributeError, pulumi.RunError):
    """A component has no such output with these arguments; the text says which one to use. Pulumi shows it without a
    traceback.
    """


@contextmanager
def pulumi_errors() -> Iterator[None]:
    """Raise problems of the block as an error that Pulumi shows without a traceback."""
    try:
        yield
    except ProblemsError as error:
        raise InvalidArguments(error) from None


class Plugin(Struct, frozen=True):
    """`pulumi-plugin.json` of an SDK: the plugin that the engine is asked for."""

    version: str


def plugin(platform: Platform[Target]) -> Plugin:
    """The plugin of a platform's SDK, which has to be installed: the language host finds the plugins that a program
    needs by the SDKs beside it.

    Raises:
        ConfigurationError: it is not installed; names the extra that brings it.
    """
    package, target = platform.sdk, platform.argument
    found = find_spec(package)
    if not found or not found.submodule_search_locations:
        expected = lacking(package.replace("_", "-"), target)
        raise ConfigurationError([Problem(Place(target), "", expected, install_line(target))])
    file = Path(found.submodule_search_locations[0], "pulumi-plugin.json")
    return msgspec.json.decode(file.read_bytes(), type=Plugin)


def register(
    plugin: Plugin, token: str, name: str, inputs: Mapping[str, object], opts: pulumi.ResourceOptions
) -> pulumi.CustomResource:
    """A resource of a provider, as its SDK would register it: `inputs` have the names of Pulumi's schema."""
    opts.version = plugin.version
    return pulumi.CustomResource(token, name, dict(inputs), opts)

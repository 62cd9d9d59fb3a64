"""What a compose file says of its services, as far as it decides which ports they open and to whom."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from ...model.errors import Place
from ...model.ports import PortRange
from ..document import Document
from .folder import Folder


class Entry(Struct, frozen=True):
    """A text and where it stands; None is a variable that only the shell of whoever starts Compose sets."""

    value: str | None
    place: Place


class Published(Struct, frozen=True):
    """Ports of a container that the host forwards to it.

    Attributes:
        target: the container's.
        first, last: the host's, as many as the container's; a wider range for a single one is a choice that Docker
            makes; None: Docker chooses any.
        address: of the host; "" is every one.
    """

    target: PortRange
    first: int | None
    last: int | None
    address: str
    mode: str
    place: Place

    @property
    def is_fixed(self) -> bool:
        """Whether it is known which port of the host is which of the container."""
        return self.first is not None and self.last is not None and self.last - self.first == self._width

    def host_ports(self, ports: PortRange) -> PortRange | None:
        """The host's ports for some of the container's; None where it forwards not all of them, or to any port."""
        is_within = ports.protocol is self.target.protocol and (
            self.target.first <= ports.first and ports.last <= self.target.last
        )
        if self.first is None or not self.is_fixed or not is_within:
            return None
        shift = self.first - self.target.first
        return PortRange(ports.protocol, ports.first + shift, ports.last + shift)

    @property
    def _width(self) -> int:
        return self.target.last - self.target.first


class Mount(Struct, frozen=True):
    """A file or folder that a container sees.

    Attributes:
        source: where it is, from the folder of the project; "" where it is none.
        target: where the container sees it.
        content: what it holds, if the compose file says so itself.
        document, key: that text's own place, where `content` is one.
    """

    source: str
    target: str
    place: Place
    content: str | None = None
    document: Document | None = None
    key: str = ""


class EnvFile(Struct, frozen=True):
    """A file of variables.

    Attributes:
        path: from the folder of the project.
    """

    path: str
    place: Place
    is_required: bool = True
    format: str = ""


class Service(Struct, frozen=True, kw_only=True):
    """One service of a project.

    Attributes:
        place: where its section begins.
        command, entrypoint: in words; None where the image's own holds.
        environment: its variables, the last word on each.
        sources: of a variable whose value stands in a compose file, the document and the dotted key.
        env_files: files of more variables, which lose against `environment`.
        mounts, configs, secrets: what it sees of files, each at its own place.
        network_mode: "" for networks of its own.
        networks: the names of these, if they stand there.
        replicas: how many of it run; None where nothing says so.
        unset: variables of the shell that its section names and .env does not hold.
        unread: of `command` and `entrypoint`, what is wrong with the text; another file may replace it.
    """

    name: str
    place: Place
    image: str = ""
    has_build: bool = False
    command: tuple[str, ...] | None = None
    command_place: Place | None = None
    entrypoint: tuple[str, ...] | None = None
    working_dir: str = ""
    environment: Mapping[str, Entry] = {}
    sources: Mapping[str, tuple[Document, str]] = {}
    env_files: tuple[EnvFile, ...] = ()
    ports: tuple[Published, ...] = ()
    mounts: tuple[Mount, ...] = ()
    configs: tuple[Mount, ...] = ()
    secrets: tuple[Mount, ...] = ()
    network_mode: str = ""
    networks: tuple[str, ...] = ()
    replicas: int | None = None
    profiles: tuple[str, ...] = ()
    unset: tuple[str, ...] = ()
    unread: Mapping[str, tuple[Place, str]] = {}


class Project(Struct, frozen=True):
    """What Compose would start.

    Attributes:
        name: its first file, as the user named it.
        folder: where its files are.
        variables: of .env.
        services: those that run, by name.
        idle: those whose profile is off, or that run no replica.
        drivers: of its networks, by name; "host" is the host's own, "" any that Docker takes by default.
    """

    name: str
    folder: Folder
    variables: Mapping[str, Entry]
    services: Mapping[str, Service]
    idle: Mapping[str, Service] = {}
    drivers: Mapping[str, str] = {}

"""The services of compose files, reduced to what decides their ports and who reaches them."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from ...model.errors import Place
from ...model.ports import PortRange
from ..document import Document
from .folder import Folder


class Entry(Struct, frozen=True):
    """A value and its place. None is a variable that only the shell that starts Compose can set."""

    value: str | None
    place: Place


class Published(Struct, frozen=True):
    """Ports of a container that the host forwards to it.

    Attributes:
        target: ports of the container.
        first, last: ports of the host, as many as of the container. A wider range for a single port: Docker chooses
            one of them. None: Docker chooses any port.
        address: of the host; "" for every address.
        mode: ingress or host, as written; "" where there is none.
    """

    target: PortRange
    first: int | None
    last: int | None
    address: str
    mode: str
    place: Place

    @property
    def is_fixed(self) -> bool:
        """Whether each port of the host is known to map to one port of the container."""
        return self.first is not None and self.last is not None and self.last - self.first == self._width

    def host_ports(self, ports: PortRange) -> PortRange | None:
        """The host's ports for `ports` of the container; None if they are not all forwarded, or not to fixed ports."""
        if self.first is None or not self.is_fixed or not self.target.covers(ports):
            return None
        shift = self.first - self.target.first
        return PortRange(ports.protocol, ports.first + shift, ports.last + shift)

    @property
    def _width(self) -> int:
        return self.target.last - self.target.first


class Mount(Struct, frozen=True):
    """A file or folder that is mounted in a container.

    Attributes:
        source: its path relative to the folder of the project; "" if it is not a file there.
        target: its path within the container.
        content: its content, if the compose file holds it; else None.
        document, key: the document and the dotted key of `content`.
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
        path: relative to the folder of the project.
        format: "raw", or "" for the usual format.
    """

    path: str
    place: Place
    is_required: bool = True
    format: str = ""


class Service(Struct, frozen=True, kw_only=True):
    """One service of a project.

    Attributes:
        place: the start of its section.
        command, entrypoint: as words; None if the image's own applies.
        environment: variables of its section.
        sources: a variable with a value in a compose file, to the document and the dotted key of that value.
        env_files: files of further variables, over which `environment` wins.
        mounts, configs, secrets: the files that are mounted in it.
        network_mode: "" for networks of the project.
        networks: the names of these; empty for the default network.
        replicas: the number of its containers; None if it is not set.
        unset: variables to which its section refers and that .env does not hold.
        unread: `command` or `entrypoint` to the place and text of a mistake in it; another file may replace the key.
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
    """A project as Compose would start it.

    Attributes:
        name: its first file, as the user named it.
        folder: of its files.
        variables: of .env.
        services: the services that run, by name.
        idle: services with an inactive profile or without a replica, by name.
        drivers: network to driver; "host" is the host's own network, "" Docker's default driver.
    """

    name: str
    folder: Folder
    variables: Mapping[str, Entry]
    services: Mapping[str, Service]
    idle: Mapping[str, Service] = {}
    drivers: Mapping[str, str] = {}

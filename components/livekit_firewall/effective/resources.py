"""Resources of a Pulumi stack as its previews and its state hold them."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from .urns import name_of

WORDS = frozenset({"description", "tags", "tagsAll", "name", "namePrefix"})

OURS = "livekit:index:"
"""How the types of our components begin."""

MAX_BYTES = 100_000_000
"""Of a preview or a state: some ten thousand resources."""


class Resource(Struct, frozen=True):
    """One resource at one time.

    Attributes:
        urn: its name in Pulumi.
        type: its type token, such as `digitalocean:index/firewall:Firewall`.
        inputs, outputs: properties as JSON holds them.
        id: what the platform calls it; "" before it is created.
        depends: for each input, the URNs of the resources that its value comes from.
        aliases: URNs that it may have had before.
        program: the inputs as the program gives them, where `inputs` are what is there; None where both are one.
        changed: the inputs that differ from what was before; none on the side of before.
        is_refused: whether the cloud refused its last update (`initErrors`).
        left: what its update leaves there although the program no longer has it.
    """

    urn: str
    type: str
    inputs: Mapping[str, object]
    outputs: Mapping[str, object] = {}
    id: str = ""
    depends: Mapping[str, tuple[str, ...]] = {}
    changed: frozenset[str] = frozenset()
    aliases: tuple[str, ...] = ()
    program: Mapping[str, object] | None = None
    is_refused: bool = False
    left: tuple[str, ...] = ()

    @property
    def declared(self) -> Mapping[str, object]:
        """What the program says of it."""
        return self.inputs if self.program is None else self.program

    @property
    def name(self) -> str:
        """Its logical name, the last part of the URN."""
        return name_of(self.urn)

    @property
    def is_other(self) -> bool:
        """Whether more than descriptions and names changed: what cannot be read may then differ too."""
        return bool(self.changed - WORDS)


def differing(before: Resource, after: Resource) -> frozenset[str]:
    """The inputs that differ by their values or by the engine's report: two secrets only the engine can compare. What
    the provider adds to a resource counts where there is no report.
    """
    old, new = before.inputs, after.inputs
    keys = new if after.changed else {*old, *new}
    return after.changed | {key for key in keys if old.get(key) != new.get(key)}

"""Findings about what a file is, whatever its service."""

from __future__ import annotations

from .entry import Entry

FILES: tuple[Entry, ...] = (
    Entry(
        id="placeholder",
        severity="error",
        title="a value is a placeholder of a template that nobody filled in",
        users="The services expand no variables but in the name of `key_file`, so that the placeholder itself is "
        "the value: a key that nobody has, a host that does not exist.",
        fix="Render the file first.",
        source="livekit/livekit v1.13.5 pkg/config/config.go:582",
    ),
    Entry(
        id="further-document",
        severity="warning",
        title="a file holds more than one document, and the service reads the first",
        users="What stands after the second `---` has no effect: a port that seems to be set is not.",
        fix="Put all keys into the first document.",
        source="livekit/livekit v1.13.5 pkg/config/config.go:563-568; gopkg.in/yaml.v3 Decoder.Decode",
    ),
)

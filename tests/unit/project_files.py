"""Files Pulumi.yaml, and where the CLI looks for a stack's file: held against our reader, and against the CLI."""

from __future__ import annotations

NAME = "livekit-firewall"

FOLDERS = (".", "stacks", "deep/stacks", "etc", "other", "empty")
"""Each but the last has a Pulumi.dev.yaml, whose `port` says which it is."""


def port_of(folder: str) -> int:
    return 7000 + FOLDERS.index(folder)


READ: dict[str, tuple[str, str]] = {
    "nothing": ("", "."),
    "a folder": ("stackConfigDir: stacks\n", "stacks"),
    "an empty text": ("stackConfigDir: ''\n", "."),
    "null": ("stackConfigDir:\n", "."),
    "null in words": ("stackConfigDir: null\n", "."),
    "a dot": ("stackConfigDir: .\n", "."),
    "a slash at the end": ("stackConfigDir: stacks/\n", "stacks"),
    "a detour": ("stackConfigDir: ./other/../deep//stacks/.\n", "deep/stacks"),
    "a detour over nothing": ("stackConfigDir: nowhere/../stacks\n", "stacks"),
    "a detour over a link": ("stackConfigDir: link/../stacks\n", "stacks"),
    "a link": ("stackConfigDir: link\n", "deep/stacks"),
    "an absolute path": ("stackConfigDir: /etc\n", "etc"),
    "a slash alone": ("stackConfigDir: /\n", "."),
    "the older key": ("config: stacks\n", "stacks"),
    "the older key, empty": ("config: ''\n", "."),
    "the older key as an absolute path": ("config: /other\n", "other"),
    "config, null": ("config:\nstackConfigDir: stacks\n", "stacks"),
    "config as a mapping": ("config: {}\nstackConfigDir: stacks\n", "stacks"),
    "another key": ("stackconfigdir: stacks\n", "."),
    "a quoted text": ('stackConfigDir: "stacks"\n', "stacks"),
    "the key runtime in its long form": ("stackConfigDir: stacks\nruntime: {name: python, options: {}}\n", "stacks"),
    "values of other namespaces": ("config: {aws:region: x, other:a: {value: b}}\n", "."),
}
"""What stands beside `name` (and `runtime`, where it is not there), and the folder."""

REFUSED: dict[str, str] = {
    "a number": "stackConfigDir: 5\n",
    "a switch": "stackConfigDir: false\n",
    "a list": "stackConfigDir: [stacks]\n",
    "a mapping": "stackConfigDir: {a: b}\n",
    "both keys": "config: stacks\nstackConfigDir: stacks\n",
    "both keys, one of them null": "config: stacks\nstackConfigDir:\n",
    "config as a list": "config: [stacks]\n",
    "config as a number": "config: 5\n",
    "main as a number": "main: 5\n",
    "a name that is none": "name: ''\n",
    "a name that is a number": "name: 5\n",
    "a key twice": "stackConfigDir: stacks\nstackConfigDir: other\n",
    "a file that is no YAML": "a: [\n",
}

VALUES: dict[str, tuple[str, str, int]] = {
    "of the project": ("config: {livekit-firewall:port: 7001}\n", "config: {}\n", 7001),
    "of the project, by a bare key": ("config: {port: 7001}\n", "config: {}\n", 7001),
    "of the project, in its long form": ("config: {port: {type: integer, default: 7001}}\n", "config: {}\n", 7001),
    "of the stack before the project's": (
        "config: {port: 7001}\n",
        "config: {livekit-firewall:port: 7002}\n",
        7002,
    ),
    "by a bare key of the stack": ("", "config: {port: 7002}\n", 7002),
    "by a key of the older form": ("", "config: {livekit-firewall:config:port: 7002}\n", 7002),
}
"""What Pulumi.yaml has besides, the stack's file, and `livekit-firewall:port`."""


def project_text(more: str) -> str:
    given = [key for key in ("name", "runtime") if not f"\n{more}".count(f"\n{key}:")]
    return "".join({"name": f"name: {NAME}\n", "runtime": "runtime: python\n"}[key] for key in given) + more

"""Files with one key each, of every depth, right and wrong, for a livekit-server to judge.

    for trial in drawn("1.9.11", dice, 400):
        trial.path, trial.text   # "room.empty_timeout", 'room: {empty_timeout: 60s}'

What is right is not said here: the server says it. The pools only see to it that there is enough of both.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from livekit_firewall.settings.schemas import Key, schema_of

# Each type's usual texts first; then whatever else YAML knows, for every type.
USUAL = {
    "bool": ["true", "false", "yes", "On", "n", "~"],
    "string": ["abc", '"5"', "5", "2020-01-02", "true", "1.5", "''"],
    "duration": ["5s", "1h30m", "250ms", '"0"', "-1.5h", ".5s", "1µs", "1us"],
    "float32": ["0.5", "1", "-3", "1e3", ".inf"],
    "float64": ["0.5", "1", "-3", "1e3", ".nan"],
    "list<string>": ["[]", "[a, b]", "[5, true]", "~"],
    "list<object>": ["[]", "[{}]", "~"],
    "list<float64>": ["[0.5, 1]", "[]"],
    "list<duration>": ["[5s, 1m]", "[]"],
    "object": ["{}", "~"],
}
NUMBERS = ["1", "0", "7", "0x10", "0o17", "1_00", "2.0", "100"]
ODD = [
    "abc", '"5"', '"true"', "'yes'", "60s", '"0"', "0", "-1", "-0.5", "1.7", "300", "70000", "5000000000", "1e30",
    "99999999999999999999", ".inf", ".nan", "true", "no", "~", "''", "[]", "[1]", "[a]", "[[a]]", "[{a: b}]", "{}",
    "{a: b}", "{1: 2}", '{"1": 2s}', "2020-01-02", "0b11", "010", "+5", "1:30", "1d", "5 s", "s", "{a: {b: c}}",
]  # fmt: skip

UNSAFE = {
    "rtc.use_external_ip": "asks a STUN server",
    "rtc.port_range_start": "is judged by its value",
    "rtc.port_range_end": "likewise",
    "key_file": "is read",
}
"""Keys that have a test of their own in test_agreement."""


@dataclass(frozen=True)
class Trial:
    path: str
    text: str


def drawn(version: str, dice: random.Random, count: int) -> list[Trial]:
    """As many trials as asked for, half of them of a lawful key with one of its usual values."""
    keys = [key for key in schema_of("livekit", version).keys.values() if key.path not in UNSAFE]
    return [_trial(dice.choice(keys), dice, version, index) for index in range(count)]


def _trial(key: Key, dice: random.Random, version: str, index: int) -> Trial:
    if index % 2 == 0:
        return Trial(key.path, written(key.path, dice.choice(usual(key.type))))
    if index % 4 == 1:
        return Trial(key.path, written(key.path, dice.choice(ODD)))
    return _misplaced(key, dice, version)


def _misplaced(key: Key, dice: random.Random, version: str) -> Trial:
    """A key misspelt, in another section, or of another release."""
    others = [one for one in schema_of("livekit").every.values() if not schema_of("livekit", version).has(one)]
    parent, dot, name = key.path.rpartition(".")
    found = dice.choice(
        [
            f"{parent}{dot}{_misspelt(name, dice)}",
            f"{parent}{dot}{name.upper()}",
            f"{parent}{dot}{_camel(name)}",
            dice.choice(others).path,
            f"{dice.choice(['rtc', 'room', 'limit', 'redis', 'nothing'])}.{name.strip('*') or 'a'}",
        ]
    )
    return Trial(found, written(found, dice.choice(usual(key.type))))


def _misspelt(name: str, dice: random.Random) -> str:
    at = dice.randrange(len(name))
    return dice.choice([name[:at] + name[at + 1 :], name[:at] + name[at] + name[at:], f"{name}s"]) or "x"


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)


def usual(kind: str) -> list[str]:
    if kind.startswith("map<"):
        key, _, element = kind[len("map<") : -1].partition(",")
        one = USUAL.get(element, NUMBERS)[0]
        return ["{}", f"{{{'0' if key == 'int32' else 'a'}: {one}}}"]
    if kind.startswith("proto:"):
        return USUAL["object"]
    if kind == "custom:NodeIP":
        return ["203.0.113.9", '"203.0.113.9,2001:db8::9"', "~"]
    if kind == "custom:PortRange":
        return ["7882", "7882-7890", "~", "{}", "[]"]
    return USUAL.get(kind, NUMBERS)


def written(path: str, value: str) -> str:
    """A file of one line with the value at the path; an element of a list is its first, a key of a mapping is 0."""
    inner = value
    parts = path.split(".")
    for index in range(len(parts) - 1, 0, -1):
        inner = f"{{{_key(parts, index)}: {inner}}}"
        if parts[index - 1].endswith("[]"):
            inner = f"[{inner}]"
    return f"{_key(parts, 0)}: {inner}"


def _key(parts: list[str], index: int) -> str:
    name = parts[index].removesuffix("[]")
    return "0" if name == "*" else name


def together(trials: list[Trial]) -> Iterator[str]:
    """Files in which each trial has a line of its own, as few as hold all: a top-level key stands once in each."""
    waiting = list(trials)
    while waiting:
        seen: set[str] = set()
        lines = []
        for trial in list(waiting):
            top = trial.path.partition(".")[0].removesuffix("[]")
            if top not in seen:
                seen.add(top)
                lines.append(trial.text)
                waiting.remove(trial)
        yield "\n".join(lines) + "\n"

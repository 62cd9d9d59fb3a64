"""Projects of compose files that Hypothesis makes: as the texts of their files."""

from __future__ import annotations

import itertools
from typing import Any

import yaml
from hypothesis import strategies as st

from livekit_firewall.inputs.compose.words import split_words

NAMES = ("a", "b", "livekit")
VARIABLES = ("ONE", "TWO", "EMPTY", "NEVER")
DOTENV = "ONE=1\nTWO='two words'\nEMPTY=\n"

_plain = st.text("ab1 -:/.=", max_size=6)


def _templates(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    name, other = st.sampled_from(VARIABLES), inner
    return st.one_of(
        name.map("${}".format),
        name.map("${{{}}}".format),
        st.builds("${{{}{}{}}}".format, name, st.sampled_from([":-", "-", ":+", "+"]), other),
        st.builds("{}{}".format, inner, inner),
        st.just("$$"),
    )


texts = st.recursive(_plain, _templates, max_leaves=4)
words = st.text("ab =\"'\\$(`)|;\t-", max_size=12).map(lambda text: text.replace("$", "$$"))
numbers = st.integers(1, 65535)
protocols = st.sampled_from(["", "/udp", "/tcp", "/UDP"])


@st.composite
def port_texts(draw: st.DrawFn) -> str:
    first, host = draw(st.integers(1, 60000)), draw(st.integers(1, 60000))
    size = draw(st.integers(0, 3))
    target = f"{first}-{first + size}" if size else str(first)
    published = draw(st.sampled_from([f"{host}-{host + size}", str(host), "", f"{host}-{host + 2}"]))
    address = draw(st.sampled_from(["", "127.0.0.1:", "[::1]:", "0.0.0.0:"]))
    head = f"{address}{published}:" if published or address else ""
    return f"{head}{target}{draw(protocols)}"


ports = st.one_of(
    numbers,
    port_texts(),
    st.fixed_dictionaries(
        {"target": numbers},
        optional={
            "published": st.one_of(numbers, numbers.map(str), st.just("8000-8005")),
            "protocol": st.sampled_from(["tcp", "udp"]),
            "host_ip": st.sampled_from(["127.0.0.1", "::1"]),
            "mode": st.sampled_from(["host", "ingress"]),
        },
    ),
)
values = st.one_of(
    texts,
    st.integers(0, 9999),
    st.booleans(),
    st.none(),
    st.floats(-10, 10).map(lambda one: round(one, 2)),
    st.floats(-1e9, 1e9),
)
keys = st.sampled_from([*VARIABLES, "A", "B", "C"])
environments = st.one_of(
    st.dictionaries(keys, values, max_size=4),
    st.lists(st.builds("{}{}".format, keys, st.one_of(st.just(""), texts.map("={}".format))), max_size=4),
)
volumes = st.one_of(
    st.builds(
        "{}:{}{}".format,
        st.sampled_from(["./x", "./y/../z", "../up", "/abs"]),
        st.sampled_from(["/a", "/b", "/e/", "/c//d"]),
        st.sampled_from(["", ":ro", ":rw,z"]),
    ),
    st.builds(
        lambda source, target: {"type": "bind", "source": source, "target": target},
        st.sampled_from(["./x", "./y"]),
        st.sampled_from(["/a", "/b"]),
    ),
)


def _splits(text: str) -> bool:
    try:
        split_words(text.replace("$$", "$"))
    except ValueError:
        return False
    return True


# Compose splits a text only when no other file has replaced it; that a text is refused has a test of its own
def _target(volume: Any) -> str:
    """Two mounts at one place in one list are refused by Docker, and which one Compose keeps is a chance."""
    return str(volume["target"] if isinstance(volume, dict) else volume.split(":")[1])


commands = st.one_of(words.filter(_splits), st.lists(texts, max_size=3), st.none())
sections: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {"image": st.sampled_from(["livekit/livekit-server:v1.9.11", "x:${ONE}", "y"])},
    optional={
        "command": commands,
        "entrypoint": commands,
        "environment": environments,
        "env_file": st.one_of(st.just("one.env"), st.lists(st.sampled_from(["one.env", "./two.env"]), unique=True)),
        "ports": st.lists(ports, max_size=4),
        "volumes": st.lists(volumes, max_size=3, unique_by=_target),
        "network_mode": st.sampled_from(["host", "bridge", "none"]),
        "profiles": st.lists(st.sampled_from(["on", "off"]), max_size=2),
    },
)
quoted = st.text("ab $#\\n'", max_size=8)
assignments = st.one_of(
    st.builds("{}={}".format, keys, st.text("ab1 #=:", max_size=6)),
    st.builds('{}="{}"'.format, keys, quoted.map(lambda text: text.replace("$", "${ONE}"))),
    st.builds("export {} = {}".format, keys, texts),
    keys,
    st.just("# a comment"),
    st.just(""),
)
env_files = st.lists(assignments, max_size=5).map(lambda lines: "\n".join([*lines, ""]))
command_projects = words.map(
    lambda text: {"compose.yaml": yaml.safe_dump({"services": {"a": {"image": "x", "command": text}}})}
)


@st.composite
def projects(draw: st.DrawFn) -> dict[str, str]:
    """The files of a project: one or two compose files, variables and what they name."""
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=1))
    services = {name: draw(sections) for name in names}
    for below, name in itertools.pairwise(names):
        if draw(st.booleans()):
            services[name]["extends"] = draw(st.sampled_from([below, {"service": below}]))
    found = {
        "compose.yaml": yaml.safe_dump({"services": services}),
        ".env": DOTENV + draw(st.sampled_from(["", "COMPOSE_PROFILES=on\n", "COMPOSE_PROFILES='*'\n"])),
        "one.env": draw(env_files),
        "two.env": draw(env_files),
    }
    if draw(st.booleans()):
        others = {name: draw(sections) for name in draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=1))}
        found["compose.override.yaml"] = yaml.safe_dump({"services": others})
    return found

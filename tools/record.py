"""Records what the command prints, so that a change of the code can be held against it byte for byte.

    python tools/record.py write build/before.json      # on the old commit
    python tools/record.py write build/after.json       # on the new one
    python tools/record.py compare build/before.json build/after.json [--mask]

Almost 500 command lines over all commands, formats, platforms, fixtures and mistakes, each with its standard output,
standard error and exit code. With --mask, sentences are left out of the comparison: exit codes, JSON without texts
and the first words of tables stay.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from livekit_firewall.platforms.registry import BY_NAME

ROOT = Path(__file__).resolve().parent.parent
PLATFORMS = tuple(BY_NAME)
READERS = ("ports", "rules", "exposure", "lint")
COMMANDS = (*READERS, "render", "explain", "compare", "recover", "diff", "review", "touched", "host", "probe")

FILES = {
    "plain.yaml": "port: 7880\nrtc:\n  tcp_port: 7881\n  port_range_start: 50000\n  port_range_end: 60000\n",
    "mux.yaml": "port: 7880\nrtc:\n  udp_port: 7882\n  use_external_ip: true\n",
    "both.yaml": "port: 7880\nrtc:\n  udp_port: 7882\n  port_range_start: 50000\n  port_range_end: 50100\n",
    "turn.yaml": "port: 7880\nturn:\n  enabled: true\n  domain: turn.example.com\n  tls_port: 5349\n  udp_port: 3478\n",
    "redis.yaml": "port: 7880\nredis:\n  address: redis.example.com:6379\nprometheus:\n  port: 6789\n",
    "unknown.yaml": "port: 7880\nrtc:\n  tcp_prot: 7881\n",
    "wrong.yaml": "port: high\nrtc:\n  tcp_port: 99999\n",
    "twice.yaml": "port: 7880\nport: 7881\n",
    "broken.yaml": "port: [7880\n",
    "list.yaml": "- port\n",
    "empty.yaml": "",
    "sip.yaml": "sip_port: 5060\nrtp_port: 10000-20000\n",
    "ingress.yaml": "rtmp_port: 1935\nwhip_port: 8080\n",
    "egress.yaml": "health_port: 9090\n",
    "values.yaml": "livekit:\n  rtc:\n    udp_port: 7882\n",
    "args.yaml": "https: true\noperators: {cidrs: [203.0.113.0/24]}\ntrunks: [198.51.100.0/28]\nsip: {}\n",
    "cluster.yaml": "cluster: {cidrs: [192.0.2.0/29], services: [redis]}\nload_balancer: {cidrs: [10.0.0.0/24]}\n",
    "named.yaml": "aws: {vpc_id: vpc-1, load_balancer_security_group_ids: [sg-1]}\ncluster: {same_group: true}\n",
    "open.yaml": "load_balancer: {cidrs: [0.0.0.0/0]}\n",
    "typo.yaml": "htps: true\nudp_port: [1]\noperators: {cidr: [1.2.3.4]}\n",
    "host.yaml": "https: true\nhost: {path: build/x.nft}\n",
    "plugnmeet.yaml": "plugnmeet: {sip: true, rtmp: true, whip: true}\n",
    "many.yaml": "operators: {cidrs: [203.0.113.0/24, 2001:db8::/48]}\nipv6: false\nprometheus: {port: 6789}\n",
    "text.json": "{}",
    "nothing.json": "[]",
    "notjson.json": "{",
}


def lines() -> Iterator[list[str]]:
    """The command lines; `@name` is a file of FILES, other paths are the checkout's."""
    yield from ([], ["--help"], ["--version"], ["nonsense"])
    for command in COMMANDS:
        yield [command, "--help"]
        yield [command, "--nonsense"]
    for group, names in {"probe": ("listen", "check"), "host": ("status", "confirm")}.items():
        for name in names:
            yield [group, name, "--help"]
    yield from _of_configurations()
    yield ["exposure", "--mermaid", "--livekit", "@turn.yaml"]
    yield ["exposure", "--html", "--livekit", "@turn.yaml", "--https"]
    yield ["exposure", "--html", "--args", "@cluster.yaml"]
    yield ["exposure", "--mermaid", "--args", "examples/behind_load_balancer.yaml"]
    for form in ("text", "json", "sarif"):
        yield ["lint", "--livekit", "@turn.yaml", "--format", form]
        yield ["lint", "--livekit", "@unknown.yaml", "--format", form, "--strict"]
    yield from _of_platforms()
    for peer in ("203.0.113.7", "2001:db8::7", "anywhere", "10.0.0.0/24", "nonsense"):
        for port in ("udp/50008", "tcp/7880", "tcp/22", "tcp/6379", "icmp/1"):
            yield ["explain", peer, port, "--livekit", "@plain.yaml", "--https"]
        yield ["explain", peer, "tcp/7881", "--args", "@cluster.yaml", "--json"]
    for old, new in (("plain.yaml", "mux.yaml"), ("plain.yaml", "turn.yaml"), ("mux.yaml", "wrong.yaml")):
        for form in ([], ["--json"], ["--format", "markdown"], ["--fail-on", "wider"]):
            yield ["diff", f"@{old}", f"@{new}", *form]
    previews = ROOT / "tests" / "previews"
    for path in sorted(previews.glob("*/*.json"))[::12]:
        name = str(path.relative_to(ROOT))
        yield ["review", name]
        yield ["review", name, "--json"]
        yield ["review", name, "--format", "markdown", "--fail-on", "risk"]
    yield ["review", "@text.json"]
    yield ["review", "@notjson.json"]
    yield ["recover", "@nothing.json", "--args", "@named.yaml"]
    yield ["recover", "@nothing.json", "--args", "@named.yaml", "--state", "@text.json"]
    yield ["touched"]
    yield ["probe", "check"]
    yield ["probe", "check", "127.0.0.1", "--livekit", "@wrong.yaml"]


def _of_configurations() -> Iterator[list[str]]:
    livekit = [one for one in FILES if one.endswith(".yaml") and one not in {"sip.yaml", "ingress.yaml", "egress.yaml"}]
    for command in READERS:
        for form in ([], ["--json"]):
            for name in livekit[:11]:
                yield [command, "--livekit", f"@{name}", *form]
            for name in ("args.yaml", "cluster.yaml", "named.yaml", "open.yaml", "typo.yaml", "host.yaml", "many.yaml"):
                yield [command, "--args", f"@{name}", *form]
            yield [command, "--args", "@plugnmeet.yaml", *form]
            yield [command, "--helm", "@values.yaml", *form]
            yield [command, "--livekit", "@turn.yaml", "--https", "--operator", "203.0.113.0/24", *form]
            yield [command, "--sip", "@sip.yaml", "--ingress", "@ingress.yaml", "--egress", "@egress.yaml", *form]
            yield [command, "--livekit", "@plain.yaml", "--set", "rtc.tcp_port=0", *form]
            yield [command, "--plugnmeet", *form]
            yield [command, "--livekit", "missing.yaml", *form]
            yield [command, "--stack", "local", *form]
            yield [command, "--stack", "missing", *form]


def _of_platforms() -> Iterator[list[str]]:
    for platform in PLATFORMS:
        for given in ("args.yaml", "cluster.yaml", "many.yaml", "plugnmeet.yaml", "named.yaml"):
            yield ["render", "--to", platform, "--args", f"@{given}"]
        yield ["render", "--to", platform, "--livekit", "@turn.yaml", "--https", "--json"]
        for found in ("text.json", "nothing.json", "notjson.json"):
            yield ["compare", f"@{found}", "--from", platform, "--livekit", "@plain.yaml"]
    for firewall in ("nftables-hand-made", "nftables-ours"):
        for form in ([], ["--json"]):
            yield ["compare", f"tests/unit/firewalls/{firewall}.json", "--livekit", "@plain.yaml", "--https", *form]


def record(line: list[str], folder: Path) -> dict[str, object]:
    given = [str((folder / one[1:]).relative_to(ROOT)) if one.startswith("@") else one for one in line]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "components"), "COLUMNS": "120", "NO_COLOR": "1"}
    command = [sys.executable, "-c", "from livekit_firewall.cli import main; main()", *given]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, timeout=120, check=False, stdin=subprocess.DEVNULL
    )

    def text(output: bytes) -> str:
        shown = output.decode(errors="replace").replace(str(folder), "@").replace(str(ROOT), "ROOT")
        return re.sub(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d", "TIME", shown)  # an exposure says when it was made

    return {"line": line, "code": done.returncode, "stdout": text(done.stdout), "stderr": text(done.stderr)}


def masked(value: object) -> object:
    """A record without its sentences."""
    assert isinstance(value, dict)  # noqa: S101 (a script's own data)
    try:
        told: object = _without_texts(json.loads(value["stdout"]))
    except ValueError:
        told = [line.split()[:2] for line in value["stdout"].splitlines() if re.search(r"\b(tcp|udp)/\d", line)]
    return {"code": value["code"], "stdout": told, "stderr": bool(value["stderr"])}


def _without_texts(value: object) -> object:
    if isinstance(value, dict):
        return {key: _without_texts(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_without_texts(one) for one in value]
    return "a sentence" if isinstance(value, str) and " " in value else value


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("write").add_argument("file", type=Path)
    compared = verbs.add_parser("compare")
    compared.add_argument("before", type=Path)
    compared.add_argument("after", type=Path)
    compared.add_argument("--mask", action="store_true")
    wanted = parser.parse_args()
    if wanted.verb == "write":
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            folder = ROOT / "build" / "record"  # its name is part of fingerprints
            folder.mkdir(parents=True, exist_ok=True)
            for name, text in FILES.items():
                (folder / name).write_text(text, encoding="utf-8")
            found = list(pool.map(lambda line: record(line, folder), lines()))
        wanted.file.parent.mkdir(parents=True, exist_ok=True)
        wanted.file.write_text(json.dumps(found, indent=1), encoding="utf-8")
        print(f"{len(found)} command lines in {wanted.file}")
        return 0
    before, after = (
        {json.dumps(one["line"]): one for one in json.loads(file.read_text(encoding="utf-8"))}
        for file in (wanted.before, wanted.after)
    )
    shown = masked if wanted.mask else (lambda one: one)
    different = [line for line in before if line not in after or shown(before[line]) != shown(after[line])]
    for line in different:
        print("different:", line)
    print(f"{len(before)} command lines, {len(different)} different")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())

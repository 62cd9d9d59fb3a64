"""`pulumi up` of many rules beside the bare engine, on the fake providers of the engine tier: `make bench`.

The bare engine is a program that registers the same resources as `pulumi.CustomResource` under one component. Both are
run in turns, each in a stack of its own. Nothing here can fail for being slow; what was seen stands in
docs/benchmarks.md.
"""

import json
import resource
import shutil
import statistics
import sys
import time
from collections import Counter
from importlib.metadata import version

import pytest
from tests.engine.accounts import furnish
from tests.engine.conftest import PROGRAMS, amazon, cli, emulator  # noqa: F401 (fixtures)
from tests.engine.project import ROOT, Project

ROUNDS = 5
TARGETS = {
    "aws": {"vpc_id": "vpc-0123456789abcdef0", "groups": 4, "rules_quota": 250},
    "gcp": {"network": "default", "target_tags": ["livekit"]},
    "digitalocean": {"tags": ["livekit"]},
    "azure": {"resource_group_name": "media"},
}


def trunks(count, last=0):
    """Blocks of carriers that do not merge: three rules each on AWS, SIP over UDP and TCP and audio."""
    return [f"198.{18 + number // 64}.{4 * (number % 64)}.{last}/32" for number in range(count)]


def arguments(blocks, **targets):
    return {"udp_port": "7882", "https": True, "sip": {}, "trunks": blocks, **targets}


@pytest.fixture
def stack(cli, emulator, amazon, tmp_path_factory):  # noqa: F811
    def make(asked):
        folder = tmp_path_factory.mktemp("measured")
        shutil.copytree(PROGRAMS / "measured", folder, dirs_exist_ok=True)
        (folder / ".venv").symlink_to(sys.prefix)
        (folder / "asked.json").write_text(json.dumps(asked))
        components = str(ROOT / "components")
        project = Project(
            folder, "dev", cli, AWS_ENDPOINT_URL_EC2=emulator, PYTHONPATH=components, FAKE_AWS_QUOTA="1000"
        )
        furnish(project, amazon, TARGETS)
        return project

    return make


def bare(resources):
    """What a stack's component registers, without what the provider adds. `resources` are of a state or a preview."""
    found = [one for one in resources if one.get("custom")]
    found.sort(key=lambda one: "::aws:vpc" in one["urn"].replace("$", "::"))  # groups before their rules
    return [
        {
            "type": one["type"], "name": one["urn"].rpartition("::")[2], "id": one.get("id") or one["urn"],
            "inputs": {key: value for key, value in one["inputs"].items() if key not in ("__defaults", "name")},
            "version": version("pulumi-aws"),
        }
        for one in found
    ]  # fmt: skip


def spent(run):
    """Seconds of the clock, and of processor time of the engine, its plugins and the program."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    run()
    clock, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return clock, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def report(capsys, *lines):
    with capsys.disabled():
        print("", *lines, sep="\n  ")


@pytest.mark.parametrize("blocks", [1, 35, 135])
def bench_beside_the_bare_engine(stack, capsys, blocks):
    """At most 1.15 of its time with 123 and with 428 resources."""
    asked = arguments(trunks(blocks), aws=TARGETS["aws"])
    first = stack(asked)
    first.up()
    peer = bare(one for rows in first.resources().values() for one in rows)
    seen = {"ours": [], "bare": []}
    for _ in range(ROUNDS):
        for what, given in (("ours", asked), ("bare", peer)):
            project = stack(given)
            seen[what].append((*spent(project.up), *spent(project.up)))
    lines = [f"{len(peer) + 3} resources: seconds of ours / bare, medians of {ROUNDS} in turns"]
    for number, what in enumerate(("create", "create, processor", "no change", "no change, processor")):
        ours, floor = (statistics.median(one[number] for one in seen[key]) for key in seen)
        lines.append(f"{what}: {ours:.2f} / {floor:.2f} = {ours / floor:.2f}")
    report(capsys, *lines)


@pytest.mark.parametrize("blocks", [1, 35, 135, 280])
def bench_how_a_first_preview_grows(stack, capsys, blocks):
    """No call reaches the emulator, whose time grows with the square of the rules."""
    asked = arguments(trunks(blocks), aws=TARGETS["aws"])
    steps = stack(asked).preview_json()["steps"]
    peer = bare(step["newState"] for step in steps if "::pulumi:providers:" not in step["urn"])
    seen = {"ours": [], "bare": []}
    for _ in range(ROUNDS):
        for what, given in (("ours", asked), ("bare", peer)):
            seen[what].append(spent(stack(given).preview))
    lines = [f"{len(peer)} resources and their components, medians of {ROUNDS} in turns"]
    for number, what in enumerate(("preview", "preview, processor")):
        ours, floor = (statistics.median(one[number] for one in seen[key]) for key in seen)
        lines.append(f"{what}: {ours:.2f} / {floor:.2f} = {ours / floor:.2f}")
    report(capsys, *lines)


@pytest.mark.parametrize("platform", TARGETS)
def bench_one_of_200_trunks_changed(stack, capsys, platform):
    """Three creates and three deletes on AWS, one update elsewhere."""
    blocks = trunks(200)
    target = TARGETS[platform] | ({"rules_quota": 200} if platform == "aws" else {})
    project = stack(arguments(blocks, **{platform: target}))
    project.up()
    project.forget_calls()
    changed = arguments([*blocks[:-1], "203.0.113.9/32"], **{platform: target})
    (project.folder / "asked.json").write_text(json.dumps(changed))
    clock, processor = spent(project.up)
    calls = dict(Counter(call.method for call in project.calls()))
    report(capsys, f"{platform}: {calls} in {clock:.1f} s, {processor:.1f} s of processor time")

"""Previews, states and listings of the real providers of DigitalOcean and Google Cloud, each with its right verdict.

They were made with the plugins pulumi-digitalocean 4.76.0 and pulumi-gcp 9.35 over stand-ins of the two APIs: what the
plugins put into inputs, outputs and differences is theirs. Places in the source, times and salts are left out.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from livekit_firewall.cli.group import main
from livekit_firewall.reports.explain.stack_rules import StackState, read_state
from livekit_firewall.reports.review import Review, review_texts

from .programs import stream

HERE = Path(__file__).parent / "providers"
FILES: dict[str, dict[str, Any]] = {
    one: json.loads(gzip.decompress((HERE / f"{one}.json.gz").read_bytes())) for one in ("digitalocean", "google")
}

CUT, REFUSED = "call-interrupted", "refused-update-behind"
VERDICTS: dict[str, dict[str, tuple[str, set[str]]]] = {
    "digitalocean": {
        "balancer.1-create": ("wider", set()),
        "balancer.3-edit": ("no change", set()),
        "drift-added": ("narrower", set()),
        "drift-added-refreshed": ("moved", {"unprotected"}),
        "drift-addout": ("no change", set()),
        "drift-all": ("no change", set()),
        "drift-allword": ("no change", set()),
        "drift-deleted": ("wider", set()),
        "drift-icmpall": ("no change", set()),
        "drift-icmpempty": ("no change", set()),
        "drift-icmpgone": ("wider", set()),
        "drift-inall": ("narrower", {CUT}),
        "drift-name": ("no change", set()),
        "drift-narrow": ("wider", set()),
        "drift-outgone": ("wider", set()),
        "drift-removed": ("wider", set()),
        "drift-srctag": ("narrower", set()),
        "drift-swap": ("moved", set()),
        "drift-tagcase": ("no change", set()),
        "drift-tagsgone": ("narrower", set()),
        "drift-three": ("narrower", set()),
        "drift-widen": ("narrower", set()),
        "example.1-create": ("wider", set()),
        "example.2-unchanged": ("no change", set()),
        "example.3-edit": ("narrower", {CUT}),
        "failed-update": ("narrower", {CUT, REFUSED}),
        "failed-update.preview-refresh": ("narrower", {CUT}),
        "ingress.1-create": ("wider", set()),
        "ingress.3-edit": ("narrower", {CUT}),
        "noipv6.1-create": ("wider", set()),
        "noipv6.3-edit": ("wider", set()),
        "onedroplet.1-create": ("wider", set()),
        "onedroplet.3-edit": ("wider", {"unprotected"}),
        "plugnmeet_all.1-create": ("wider", set()),
        "plugnmeet_all.3-edit": ("narrower", {CUT}),
        "sip.1-create": ("wider", set()),
        "sip.3-edit": ("wider", set()),
        "sipnamed.1-create": ("wider", set()),
        "sipnamed.3-edit": ("wider", {"unprotected"}),
        "unknown-1-create": ("wider", set()),
        "unknown-2-unchanged": ("no change", set()),
        "unknown-3-third-droplet": ("wider", set()),
        "unknown-4-replace-droplets": ("no change", {"machines-replaced"}),
        "unknown-5-to-one-droplet": ("narrower", {CUT}),
    },
    "google": {
        "adopt": ("wider", set()),
        "drift.allow-becomes-deny": ("wider", set()),
        "drift.deleted": ("wider", set()),
        "drift.description": ("no change", set()),
        "drift.destination-added": ("no change", set()),
        "drift.disabled": ("wider", set()),
        "drift.logging-on": ("no change", set()),
        "drift.ports-widened": ("narrower", {CUT}),
        "drift.priority": ("no change", set()),
        "drift.protocol-widened": ("narrower", {CUT}),
        "drift.ranges-widened": ("narrower", {CUT}),
        "drift.source-tags-added": ("narrower", {CUT}),
        "drift.v6-exploded": ("no change", set()),
        "drift.v6-upper": ("no change", set()),
        "drift2.port-added": ("narrower", set()),
        "drift2.range-added-last": ("narrower", {CUT}),
        "drift2.source-accounts": ("narrower", set()),
        "drift3.opened-to-anywhere.2": ("narrower", set()),
        "example.1-create": ("wider", set()),
        "example.3-edit": ("narrower", {CUT}),
        "fail.PATCH-400": ("narrower", {CUT, REFUSED}),
        "fail.narrow-PATCH-403.2": ("narrower", {CUT, REFUSED}),
        "fail.narrow-PATCH-403.3": ("narrower", {CUT, REFUSED}),
        "fail.narrow-PATCH-403.4": ("no change", set()),  # its state has forgotten the refusal
        "fail.replace-delete-refused": ("no change", set()),
        "plugnmeet_all.1-create": ("wider", set()),
        "plugnmeet_all.3-edit": ("narrower", {CUT}),
        "sip.1-create": ("wider", set()),
        "sip.3-edit": ("wider", set()),
    },
}
"""What `review` says, and which risks it finds. A name stands for its variants: with and without same steps."""

VARIANTS = ("-show-sames", ".preview-refresh", ".after-refresh", ".preview")


def _case(file: str) -> str:
    name = file.removesuffix(".json")
    if name == "failed-update.preview-refresh":
        return name  # the refresh has healed the state
    for variant in (*VARIANTS, *VARIANTS):
        name = name.removesuffix(variant)
    return name


PREVIEWS = [(cloud, file) for cloud, files in FILES.items() for file in files if ".preview" in file]
STATES = [(cloud, file) for cloud, files in FILES.items() for file in files if file.endswith(".state.json")]
LISTINGS = [file for file in FILES["google"] if file.endswith(".gcloud-list.json")]


def reviewed(cloud: str, file: str) -> Review:
    return review_texts([(file, json.dumps(FILES[cloud][file]))])


def test_every_file_is_judged() -> None:
    for cloud, verdicts in VERDICTS.items():
        assert {_case(file) for of, file in PREVIEWS if of == cloud} == verdicts.keys()
    assert (len(PREVIEWS), len(STATES), len(LISTINGS)) == (77, 18, 7)


@pytest.mark.parametrize(("cloud", "file"), PREVIEWS)
def test_the_verdict_and_the_risks(cloud: str, file: str) -> None:
    found = reviewed(cloud, file)
    assert (found.verdict, {risk.id for risk in found.risks}) == VERDICTS[cloud][_case(file)]


@pytest.mark.parametrize(("cloud", "file"), PREVIEWS)
def test_an_event_stream_says_the_same(cloud: str, file: str) -> None:
    """Though its states have no dependencies."""
    found = review_texts([(file, stream(FILES[cloud][file]))])
    assert (found.verdict, {risk.id for risk in found.risks}) == VERDICTS[cloud][_case(file)]


GOES: dict[str, tuple[str, str]] = {
    "drift-added": ("tcp/9999", "0.0.0.0/0"),
    "drift-srctag": ("tcp/22", "tag media"),
    "drift-swap": ("tcp/9999", "0.0.0.0/0"),
    "drift-three": ("tcp/1, tcp/23, tcp/60000", "0.0.0.0/0"),
    "drift-added-refreshed": ("tcp/9999", "0.0.0.0/0"),
    "drift.ports-widened": ("udp/1-9999, udp/20001-65535", "198.51.100.0/28"),
    "drift.source-tags-added": ("udp/10000-20000", "tag other"),
    "drift2.port-added": ("tcp/3389", "203.0.113.7/32"),
    "drift2.range-added-last": ("udp/10000-20000", "8.0.0.0/8"),
    "drift2.source-accounts": ("tcp/22", "tag other"),
    "fail.PATCH-400": ("udp/50000-50099, udp/55001-60000", "0.0.0.0/0"),
    "fail.narrow-PATCH-403.3": ("udp/10000-20000", "192.0.2.0/24"),
}
"""All that is lost, of what was added by hand and of updates that were refused."""


@pytest.mark.parametrize(("cloud", "file"), [one for one in PREVIEWS if _case(one[1]) in GOES])
def test_what_goes_is_named(cloud: str, file: str) -> None:
    lost = [change.lost for change in reviewed(cloud, file).parts[0].changes if change.lost]
    told = [(", ".join(map(str, one.ports)), ", ".join([*map(str, one.blocks), *one.names])) for one in lost]
    assert told == [GOES[_case(file)]]


def test_the_repair_of_a_disabled_rule_says_what_opens_again() -> None:
    found = reviewed("google", "drift.disabled.after-refresh.preview.json")
    gained = [(list(map(str, one.gained.ports)), list(map(str, one.gained.blocks)))
              for one in found.parts[0].changes if one.gained]  # fmt: skip
    assert gained == [(["udp/50000-60000"], ["0.0.0.0/0"]), (["tcp/7881"], ["0.0.0.0/0"])]


def state(cloud: str, file: str) -> StackState:
    return read_state(json.dumps(FILES[cloud][file]), file)


@pytest.mark.parametrize(("cloud", "file"), STATES)
def test_a_state_is_read_as_what_is_there(cloud: str, file: str) -> None:
    """By the words of the two providers, without our reader."""
    read = [one for one in state(cloud, file).rules if one.platform]
    held = [one for one in FILES[cloud][file]["deployment"]["resources"] if one["type"].endswith(":Firewall")]
    assert read
    for one in held:
        there = one["inputs"] if one.get("initErrors") else one["outputs"]
        natives = [rule.native for rule in read if rule.resource.id == one["id"]]
        told = sorted(
            (flow, source.shown.removeprefix(BALANCER))
            for rule in natives
            if rule
            for flow in rule.flow_names
            for source in rule.sources
        )
        assert told == sorted(_words(there))
        assert all(rule is not None and not rule.why for rule in natives)


BALANCER = "load-balancer "
"""Before the load balancers, which are an identity."""


def _words(there: dict[str, Any]) -> list[tuple[str, str]]:
    if "inboundRules" in there:
        return [
            (_flow(rule["protocol"], rule.get("portRange") or ""), str(peer))
            for rule in [*there["inboundRules"], *there["outboundRules"]]
            for peer in _peers(rule)
        ]
    ports = [(allow["protocol"], port) for allow in there["allows"] for port in allow.get("ports") or [""]]
    flows = [] if there.get("disabled") else [_flow(one, port) for one, port in ports]
    return [(flow, source) for flow in flows for source in there["sourceRanges"]]


def _flow(protocol: str, ports: str) -> str:
    return f"{protocol}/{ports}" if ports else protocol


def _peers(rule: dict[str, Any]) -> list[str]:
    words = {"Addresses": "", "DropletIds": "same-group ", "Tags": "same-group ", "LoadBalancerUids": ""}
    sides = ("source", "destination")
    return [f"{word}{one}" for side in sides for end, word in words.items() for one in rule.get(side + end) or []]


def test_a_rule_is_found_by_its_description_and_an_outbound_one_by_its_entry() -> None:
    google = state("google", "drift.disabled.refreshed.state.json")
    found = google.named("IPv4 path MTU discovery and ping (livekit-firewall)")
    assert [(one.resource.name, one.native and one.native.flow_names) for one in found] == [
        ("livekit-gcp-icmp-ipv4", ("icmp",))
    ]
    assert google.named("IPv4 path MTU discovery…") == found
    ocean = state("digitalocean", "example.state.json")
    (udp,) = ocean.named("outbound udp 1-65535")
    assert udp.native is not None
    assert udp.native.direction.value == "egress"
    assert udp in ocean.named(f"{udp.resource.id} outbound udp 1-65535")
    assert [one.native and one.native.flow_names for one in ocean.named("inbound icmp")] == [("icmp",)]


def test_a_rule_whose_update_was_refused_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    exported, arguments = tmp_path / "state.json", tmp_path / "arguments.yaml"
    exported.write_text(json.dumps(FILES["google"]["fail.PATCH-400.state.json"]), encoding="utf-8")
    arguments.write_text(json.dumps(_config("fail.PATCH-400.preview.json")), encoding="utf-8")
    with pytest.raises(SystemExit):
        main(["explain", "--rule", "livekit-gcp-public-ipv4", "--state", str(exported), "--args", str(arguments)])
    said = capsys.readouterr().out
    assert "says tcp/7881, udp/50000-60000 from 0.0.0.0/0" in said
    assert "its last update was refused" in said
    assert "the configuration says tcp/7881, udp/50100-55000 from 0.0.0.0/0" in said


def _config(of: str) -> dict[str, Any]:
    found = FILES["google"][of]["config"].items()
    values = {key.partition(":")[2]: value for key, value in found if key.startswith("livekit-firewall:")}
    return {key: value if key in ("udp_port", "trunks") and value[0] not in "[{" else json.loads(value)
            for key, value in values.items()}  # fmt: skip


def _compare(tmp_path: Path, listing: str, of: str) -> int:
    arguments, firewall = tmp_path / "arguments.yaml", tmp_path / "listing.json"
    arguments.write_text(json.dumps(_config(of)), encoding="utf-8")
    firewall.write_text(json.dumps(FILES["google"][listing]), encoding="utf-8")
    with pytest.raises(SystemExit) as stopped:
        main(["compare", str(firewall), "--args", str(arguments)])
    return int(stopped.value.code or 0)


@pytest.mark.parametrize("listing", [one for one in LISTINGS if not one.startswith("hand")])
def test_a_listing_of_what_was_made_is_exact(tmp_path: Path, listing: str) -> None:
    made = listing.replace("ed.gcloud-list", "e.preview" if ".1-" in listing else ".preview")
    assert _compare(tmp_path, listing, made) == 0


def test_a_listing_of_rules_made_by_hand_lacks_what_is_disabled(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _compare(tmp_path, "hand.gcloud-list.json", "adopt.preview.json") == 1
    said = capsys.readouterr().out
    assert "::/0" in said
    assert "too much" not in said

"""The fakes fail as the real plugins do: what a test orders to go wrong is what the engine is told."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

import pytest
from pulumi.runtime.proto import provider_pb2, status_pb2

from .fakes import azure, digitalocean, gcp, hetzner, servicer
from .fakes.faults import Fault, Order
from .fakes.servicer import Provider
from .fakes.store import Store
from .fakes.wire import plain, struct

RULES = {
    "gcp": {"name": "lk", "project": "some-project", "network": "default", "sourceRanges": ["192.0.2.0/24"],
            "allows": [{"protocol": "tcp", "ports": ["22"]}]},
    "digitalocean": {"name": "lk", "inboundRules": [
        {"protocol": "tcp", "portRange": "22", "sourceAddresses": ["192.0.2.0/24"]}]},
    "hcloud": {"name": "lk", "rules": [
        {"direction": "in", "protocol": "tcp", "port": "22", "sourceIps": ["192.0.2.0/24"]}]},
    "azure-native": {"networkSecurityGroupName": "lk", "resourceGroupName": "media", "location": "x",
                     "securityRules": []},
}  # fmt: skip
CLOUDS: dict[str, tuple[ModuleType, str]] = {
    "gcp": (gcp, gcp.FIREWALL), "digitalocean": (digitalocean, digitalocean.FIREWALL),
    "azure-native": (azure, azure.GROUP), "hcloud": (hetzner, hetzner.FIREWALL),
}  # fmt: skip


class Refused(Exception):
    """What a call ends in that the plugin fails."""


class Plugin:
    """A plugin in this process, and its context, which keeps what a failed call has to say beside its message."""

    def __init__(self, folder: Path, package: str) -> None:
        cloud, self.token = CLOUDS[package]
        self.store = Store(folder, package)
        self.store.put(azure.RESOURCES, "/subscriptions/fake/resourceGroups/media", {})
        self.provider = Provider(package, cloud, self.store)
        self.inputs = RULES[package]
        self.left: Any = None

    def order(self, method: str, fault: Fault, message: str = "") -> None:
        self.store.order(Order(self.token, "lk", method, fault, message))

    def call(self, method: str, id_: str = "", inputs: dict[str, Any] | None = None) -> Any:
        new, old, same = struct(inputs or self.inputs), struct(self.inputs), {"type": self.token, "urn": self.urn}
        request = {
            "Create": lambda: provider_pb2.CreateRequest(properties=new, **same),
            "Update": lambda: provider_pb2.UpdateRequest(id=id_, olds=old, old_inputs=old, news=new, **same),
            "Delete": lambda: provider_pb2.DeleteRequest(id=id_, old_inputs=old, properties=old, **same),
        }[method]()
        return getattr(self.provider, method)(request, self)

    @property
    def urn(self) -> str:
        return f"urn:pulumi:dev::raw::{self.token}::lk"

    def set_trailing_metadata(self, metadata: tuple[tuple[str, bytes], ...]) -> None:
        status = status_pb2.Status()
        status.ParseFromString(metadata[0][1])
        self.left = provider_pb2.ErrorResourceInitFailed()
        status.details[0].Unpack(self.left)

    def abort(self, code: Any, message: str) -> NoReturn:
        raise Refused(message)

    @property
    def there(self) -> dict[str, Any]:
        return self.store.all(self.token)


@pytest.fixture(params=CLOUDS)
def plugin(request: pytest.FixtureRequest, tmp_path: Path) -> Plugin:
    return Plugin(tmp_path, request.param)


ANSWERS = {
    "gcp": "409",
    "digitalocean": "409 .* duplicate name",
    "azure-native": "deadline exceeded",
    "hcloud": "uniqueness_error",
}


def test_a_create_whose_answer_is_lost_stands_there_and_is_not_in_the_state(plugin: Plugin) -> None:
    plugin.order("Create", Fault.ANSWER_LOST)
    with pytest.raises(Refused, match=ANSWERS[plugin.provider.package]):
        plugin.call("Create")
    assert (len(plugin.there), plugin.left) == (1, None)
    # the next one has another name, as Pulumi draws a new one each time
    key = plugin.provider.cloud.NAMED[plugin.token][0]
    plugin.call("Create", inputs={**plugin.inputs, key: "lk-2"})
    assert len(plugin.there) == 2


def test_a_create_that_is_refused_is_not_there(plugin: Plugin) -> None:
    plugin.order("Create", Fault.REFUSED, "403 no")
    with pytest.raises(Refused, match="403 no"):
        plugin.call("Create")
    assert (plugin.there, plugin.left) == ({}, None)


def test_a_create_whose_read_is_refused_is_in_the_state(plugin: Plugin) -> None:
    plugin.order("Create", Fault.READ_REFUSED, "500 no")
    with pytest.raises(Refused, match="500 no"):
        plugin.call("Create")
    assert plugin.left.id in plugin.there
    assert plain(plugin.left.inputs) == plugin.inputs
    assert [*plugin.left.reasons] == ["500 no"]


@pytest.mark.parametrize("fault", [Fault.REFUSED, Fault.ANSWER_LOST])
def test_an_update_that_fails_leaves_what_was_asked_where_the_bridge_is(plugin: Plugin, fault: Fault) -> None:
    id_ = plugin.call("Create").id
    plugin.order("Update", fault, "403 no")
    key = {"gcp": "sourceRanges", "hcloud": "labels"}.get(plugin.provider.package, "tags")
    new = {
        **plugin.inputs,
        key: ["198.51.100.0/24"] if plugin.provider.package in ("gcp", "digitalocean") else {"a": "b"},
    }
    if plugin.provider.package == "digitalocean":
        plugin.store.put(digitalocean.TAG, "198.51.100.0/24", {})
    with pytest.raises(Refused, match="403 no" if fault is Fault.REFUSED else "deadline exceeded"):
        plugin.call("Update", id_, new)
    assert (plugin.there[id_].get(key) == new[key]) == (fault is Fault.ANSWER_LOST)
    if plugin.provider.package == "azure-native":
        assert plugin.left is None
    else:
        assert plain(plugin.left.inputs) == plugin.inputs
        assert plain(plugin.left.properties)[key] == new[key]


GONE = {"gcp": "404", "digitalocean": "404", "azure-native": "", "hcloud": "not_found"}


def test_an_update_of_what_is_gone_fails_unless_it_makes_it_anew(plugin: Plugin) -> None:
    id_ = plugin.call("Create").id
    plugin.store.drop(plugin.token, id_)
    new = {**plugin.inputs, "description": "x"} if plugin.provider.package == "gcp" else {**plugin.inputs, "name": "x"}
    if told := GONE[plugin.provider.package]:
        with pytest.raises(Refused, match=told):
            plugin.call("Update", id_, new)
    else:
        plugin.call("Update", id_, {**plugin.inputs, "tags": {"a": "b"}})
        assert id_ in plugin.there


def test_a_delete_of_what_is_gone_fails_on_digitalocean_only(plugin: Plugin) -> None:
    id_ = plugin.call("Create").id
    plugin.store.drop(plugin.token, id_)
    if plugin.provider.package == "digitalocean":
        with pytest.raises(Refused, match="404"):
            plugin.call("Delete", id_)
    else:
        plugin.call("Delete", id_)


def test_a_delete_that_google_answers_with_404_by_mistake_leaves_the_rule(tmp_path: Path) -> None:
    plugin = Plugin(tmp_path, "gcp")
    id_ = plugin.call("Create").id
    plugin.order("Delete", Fault.REFUSED, "googleapi: Error 404: was not found, notFound")
    plugin.call("Delete", id_)
    assert [*plugin.there] == [id_]


KILLS = [one for one in Fault if one.kills]


@pytest.mark.parametrize("fault", KILLS)
def test_who_is_killed_before_has_done_nothing(tmp_path: Path, fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    plugin = Plugin(tmp_path, "gcp")
    killed: list[Fault] = []

    def die(fault: Fault) -> NoReturn:
        killed.append(fault)
        raise SystemExit

    monkeypatch.setattr(servicer, "die", die)
    plugin.order("Create", fault)
    with pytest.raises(SystemExit):
        plugin.call("Create")
    assert killed == [fault]
    assert len(plugin.there) == (0 if fault.is_before else 1)
    assert plugin.store.is_carried_out()


def test_an_order_is_met_as_often_as_it_says(tmp_path: Path) -> None:
    store = Store(tmp_path, "gcp")
    store.order(Order("type", "part", "Create", Fault.ANSWER_LOST, times=2))
    asked = [("type", "a-part", "Update"), ("other", "a-part", "Create"), ("type", "else", "Create")]
    assert [store.ordered(*one) for one in asked] == [None] * 3
    assert not store.is_carried_out()
    assert [getattr(store.ordered("type", "a-part", "Create"), "fault", "") for _ in range(3)] == [
        "answer lost"
    ] * 2 + [""]
    assert store.is_carried_out()

"""The gRPC service that a provider plugin is, over the module of one cloud."""
# ruff: noqa: N802 - the protocol names the methods

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from concurrent import futures
from importlib.metadata import version
from types import ModuleType
from typing import Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc, status_pb2

from .bridge import cut, differences, imported
from .described import Described
from .faults import TIMED_OUT, Fault, Order, die
from .schemas import schema
from .store import CloudError, Store
from .wire import plain, struct

DIFF = provider_pb2.DiffResponse
PROPERTY = provider_pb2.PropertyDiff
KINDS = {
    "add": (PROPERTY.ADD, PROPERTY.ADD_REPLACE),
    "delete": (PROPERTY.DELETE, PROPERTY.DELETE_REPLACE),
    "update": (PROPERTY.UPDATE, PROPERTY.UPDATE_REPLACE),
}

QUIET = 0.4
"""Seconds without a new call after which the engine has asked for all that it can: it waits for what is held."""

Act = Callable[[], tuple[str, dict[str, Any]]]
"""Makes the call; id and state of the resource afterwards."""


class Provider(provider_pb2_grpc.ResourceProviderServicer):
    """Answers the engine for one cloud, and writes every call about a resource to the log.

    Calls are answered one at a time, so that the log is the order in which things happened.
    """

    def __init__(self, package: str, cloud: ModuleType, store: Store) -> None:
        self.package = package
        self.cloud = cloud
        self.store = store
        self.settings: dict[str, str] = {}  # of the provider: its region, project, ...
        self.account = cloud.Account(store, self.settings)
        exists = getattr(self.account, "exists", lambda token, id_: store.get(token, id_) is not None)
        self.described = Described(package, store, self.settings, exists)
        self.turn = threading.Lock()
        self.held: list[Any] = []
        self.asked = 0.0

    # --- the plugin itself; the engine refuses one without a version

    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        return plugin_pb2.PluginInfo(version=version(f"pulumi-{self.package}"))

    def GetSchema(self, request: Any, context: Any) -> Any:
        return provider_pb2.GetSchemaResponse(schema=schema(self.package, version(f"pulumi-{self.package}")))

    def Configure(self, request: Any, context: Any) -> Any:
        self.settings |= {key: value for key, value in plain(request.args).items() if isinstance(value, str)}
        return provider_pb2.ConfigureResponse(supportsPreview=True)

    def CheckConfig(self, request: Any, context: Any) -> Any:
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: Any, context: Any) -> Any:
        return provider_pb2.DiffResponse()

    def Invoke(self, request: Any, context: Any) -> Any:
        try:
            answer = self.described.answer(request.tok, plain(request.args))
        except CloudError as error:
            context.abort(grpc.StatusCode.UNIMPLEMENTED, str(error))
        return provider_pb2.InvokeResponse(**{"return": struct(answer)})

    def Cancel(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()

    # --- resources

    def _of(self, token: str) -> tuple[Any, Any, bool]:
        """What knows a type and where it is kept: the cloud's own module, or what is described by data.

        Whether it is bridged: all but azure-native, which asks and compares by itself, and what is described.
        """
        if token in self.described.kinds:
            return self.described, self.described, False
        return self.cloud, self.account, hasattr(self.cloud, "plainly")

    def Check(self, request: Any, context: Any) -> Any:
        self.asked = time.monotonic()
        cloud, _, _ = self._of(request.type)
        inputs = {**cloud.defaults(request.type, self.settings), **plain(request.news)}
        key, form = cloud.NAMED.get(request.type, ("", ""))
        if key and key not in inputs:  # a physical name: the old one, or one from the logical name
            digits = bytes(request.randomSeed).hex()
            fresh = form.format(name=_name(request), hex7=digits[:7], hex8=digits[:8])
            inputs[key] = plain(request.olds).get(key, fresh)
        # what was read is checked against itself on import
        found = [] if request.news == request.olds else cloud.refusals(request.type, inputs)
        refused = "; ".join(f"{path}: {why}" for path, why in found)
        with self.turn:
            self._log("Check", request, inputs, refused=refused)
        failures = [provider_pb2.CheckFailure(property=path, reason=why) for path, why in found]
        return provider_pb2.CheckResponse(inputs=struct(inputs), failures=failures)

    def Diff(self, request: Any, context: Any) -> Any:
        cloud, _, is_bridged = self._of(request.type)
        old, state, new = plain(request.old_inputs), plain(request.olds), plain(request.news)
        if not is_bridged:
            changed = {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
            replaces = cloud.replaces(request.type, old, new, changed)
            if not replaces:  # the engine compares the inputs itself, and in detail
                return DIFF(changes=DIFF.DIFF_UNKNOWN)
            paths = {key: {key: "update"} for key in changed}
        else:
            paths = differences(cloud, request.type, state, new)
            had = {key: value for key, value in state.items() if value is not None}
            replaces = cloud.replaces(request.type, had, new, set(paths))
        if not paths:
            return DIFF(changes=DIFF.DIFF_NONE)
        detail = {
            path: PROPERTY(kind=KINDS[kind][key in replaces], inputDiff=not is_bridged)
            for key, found in paths.items()
            for path, kind in found.items()
        }
        deletes_first = bool(replaces) and cloud.deletes_before_replace(request.type, _name(request), old)
        answer = DIFF(changes=DIFF.DIFF_SOME, diffs=sorted(paths), replaces=sorted(replaces))
        answer.MergeFrom(DIFF(hasDetailedDiff=True, detailedDiff=detail, deleteBeforeReplace=deletes_first))
        return answer

    def Create(self, request: Any, context: Any) -> Any:
        token, inputs = request.type, plain(request.properties)
        _, account, _ = self._of(token)
        act = lambda: self._whole(token, *account.create(token, inputs), inputs)  # noqa: E731
        id_, state = self._answer(context, request, inputs, act)
        return provider_pb2.CreateResponse(id=id_, properties=struct(state))

    def Update(self, request: Any, context: Any) -> Any:
        id_, token, old, new = request.id, request.type, plain(request.old_inputs), plain(request.news)
        state, (cloud, account, is_bridged) = plain(request.olds), self._of(token)
        if is_bridged and not request.preview and not differences(cloud, token, state, new):
            with self.turn:  # nothing to send: after a refused update the state has what was asked
                self._log("Update", request, new, id=id_)
            return provider_pb2.UpdateResponse(properties=struct(state))
        act = lambda: self._whole(token, id_, account.update(token, id_, old, new), new)  # noqa: E731
        _, state = self._answer(context, request, new, act)
        return provider_pb2.UpdateResponse(properties=struct(state))

    def _whole(self, token: str, id_: str, state: dict[str, Any], inputs: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """The outputs: what the cloud says when it is asked, beside what only the answer to the call tells."""
        cloud, account, is_bridged = self._of(token)
        if not is_bridged:
            return id_, state
        return id_, {**state, **cloud.outputs(token, id_, account.read(token, id_, inputs) or inputs)}

    def Delete(self, request: Any, context: Any) -> Any:
        token, id_, inputs = request.type, request.id, plain(request.old_inputs)

        def act() -> tuple[str, dict[str, Any]]:
            self.described.refuse_if_named(token, id_)
            return id_, self._of(token)[1].delete(token, id_, inputs) or {}

        self._answer(context, request, inputs, act)
        return empty_pb2.Empty()

    def Read(self, request: Any, context: Any) -> Any:
        token, before, state = request.type, plain(request.inputs), plain(request.properties)
        cloud, account, is_bridged = self._of(token)
        with self.turn:
            now = account.read(token, request.id, before)
            self._log("Read", request, now or {}, id=request.id)
        if now is None:  # gone
            return provider_pb2.ReadResponse()
        whole = {**state, **(cloud.outputs(token, request.id, now) if is_bridged else now)}
        if not is_bridged:
            inputs = cloud.refreshed(before, state, now) if before else now
        elif before:
            inputs = cut(before, whole)
        else:
            inputs = imported(whole, cloud.SHAPES[token], cloud.USUAL.get(token, {}))
        return provider_pb2.ReadResponse(id=request.id, properties=struct(whole), inputs=struct(inputs))

    def _answer(self, context: Any, request: Any, inputs: dict[str, Any], act: Act) -> tuple[str, dict[str, Any]]:
        """Carry a call out, unless a test or the cloud refuses it, and log it either way. At preview nothing
        is carried out, and what only the cloud could tell stays unknown."""
        method = type(request).__name__.removesuffix("Request")
        cloud, _, is_bridged = self._of(request.type)
        if getattr(request, "preview", False):
            with self.turn:
                self._log(method, request, inputs, preview=True)
            return "", self.described.planned(request.type, inputs) if request.type in self.described.kinds else inputs
        self._wait_for_turn(method, request)
        with self.turn:
            order = self.store.ordered(request.type, _name(request), method)
            fault = Fault(order.fault) if order else None
            id_, state, refused = self._attempted(request, order, act)
            if method == "Delete" and cloud.FORGOTTEN and re.search(cloud.FORGOTTEN, refused):
                refused = ""  # gone, says the cloud: which is what was asked
            self._log(method, request, inputs, id=id_, refused=refused, state=state)
            if fault and fault.kills:
                die(fault)
        if refused and method == "Update" and is_bridged:
            # the old inputs stay in the state, and in outputs stands what was *asked*
            had = plain(request.olds)
            asked = {**had, **cloud.outputs(request.type, request.id, {**had, **inputs})}
            _abort_half_done(context, refused, id_, asked, request.old_inputs)
        if refused:
            context.abort(grpc.StatusCode.UNKNOWN, refused)
        if fault is Fault.READ_REFUSED and order:
            _abort_half_done(context, order.message, id_, state, struct(inputs))
        return id_, state

    def _attempted(self, request: Any, order: Order | None, act: Act) -> tuple[str, dict[str, Any], str]:
        """Id, state, and why it is refused."""
        id_ = getattr(request, "id", "")
        if order and Fault(order.fault).is_before:
            return id_, {}, order.message or order.fault
        try:
            id_, state = act()
            if order and order.fault == Fault.ANSWER_LOST:
                for _ in range(self._of(request.type)[0].RETRIES):
                    act()
                return id_, {}, TIMED_OUT
        except Exception as error:  # noqa: BLE001 - also botocore's, a module that may not be loaded
            return id_, {}, str(error) if isinstance(error, CloudError) else f"{type(error).__name__}: {error}"
        return id_, state, ""

    def _wait_for_turn(self, method: str, request: Any) -> None:
        """Of what is held, the last comes first."""
        self.asked = time.monotonic()
        if not self.store.is_held(method):
            return
        self.held.append(request)
        while self.held[-1] is not request or time.monotonic() < self.asked + QUIET:
            time.sleep(QUIET / 20)
        self.held.pop()

    def _log(self, method: str, request: Any, inputs: dict[str, Any], **more: Any) -> None:
        entry = {"method": method, "type": request.type, "name": _name(request), "urn": request.urn}
        self.store.log({**entry, "preview": False, "id": "", "refused": "", "state": {}, **more, "inputs": inputs})


def _name(request: Any) -> str:
    """The logical name, from the URN; it may hold `::`, no type token does."""
    name: str = request.urn.split("::", 3)[3]
    return name


def _abort_half_done(context: Any, reason: str, id_: str, outputs: dict[str, Any], inputs: Any) -> None:
    """Fail a call in a way that puts the resource into the state, with `initErrors`."""
    failed = provider_pb2.ErrorResourceInitFailed(id=id_, properties=struct(outputs), inputs=inputs, reasons=[reason])
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=reason)
    status.details.add().Pack(failed)
    context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    context.abort(grpc.StatusCode.UNKNOWN, reason)


def serve(package: str, cloud: ModuleType) -> None:
    """Listen on a free port of the loopback, print it for the engine, and serve until it ends us."""
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=100))  # calls that are held each take one
    provider = Provider(package, cloud, Store.from_environment(package))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(provider, server)
    print(server.add_insecure_port("127.0.0.1:0"), flush=True)
    server.start()
    server.wait_for_termination()

"""The gRPC service that a provider plugin is, over the module of one cloud."""
# ruff: noqa: N802 - the protocol names the methods

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent import futures
from importlib.metadata import version
from types import ModuleType
from typing import Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from .store import CloudError, Store
from .wire import plain, struct

DIFF = provider_pb2.DiffResponse
PROPERTY = provider_pb2.PropertyDiff
KIND = {True: PROPERTY.UPDATE_REPLACE, False: PROPERTY.UPDATE}

DEFAULTS = "__defaults"
"""The input in which the bridge keeps which inputs it filled in. Here imported resources alone have it: none of theirs
is a default at first, and the next Check keeps their names as defaults, so that what replaces them has a name of its
own and comes first (run on pulumi-terraform-bridge 3.120.0, with a provider of one resource).
"""

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
        self.turn = threading.Lock()

    # --- the plugin itself; the engine refuses one without a version

    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        return plugin_pb2.PluginInfo(version=version(f"pulumi-{self.package}"))

    def Configure(self, request: Any, context: Any) -> Any:
        self.settings |= {key: value for key, value in plain(request.args).items() if isinstance(value, str)}
        return provider_pb2.ConfigureResponse(supportsPreview=True)

    def CheckConfig(self, request: Any, context: Any) -> Any:
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: Any, context: Any) -> Any:
        return provider_pb2.DiffResponse()

    def Invoke(self, request: Any, context: Any) -> Any:
        context.abort(grpc.StatusCode.UNIMPLEMENTED, f"the fake {self.package} has no function {request.tok}")

    def Cancel(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()

    # --- resources

    def Check(self, request: Any, context: Any) -> Any:
        inputs, old = {**self.cloud.defaults(request.type, self.settings), **plain(request.news)}, plain(request.olds)
        inputs.pop(DEFAULTS, None)
        key, form = self.cloud.NAMED.get(request.type, ("", ""))
        filled = [key] if key and key not in inputs else []
        if filled:  # a physical name: the old one, or one from the logical name
            digits = bytes(request.randomSeed).hex()
            fresh = form.format(name=_name(request), hex7=digits[:7], hex8=digits[:8])
            inputs[key] = old.get(key, fresh)
        # what was read is checked against itself on import
        found = [] if plain(request.news) == old else self.cloud.refusals(request.type, inputs)
        refused = "; ".join(f"{path}: {why}" for path, why in found)
        with self.turn:
            self._log("Check", request, inputs, refused=refused)
        failures = [provider_pb2.CheckFailure(property=path, reason=why) for path, why in found]
        if DEFAULTS in old:
            inputs[DEFAULTS] = filled
        return provider_pb2.CheckResponse(inputs=struct(inputs), failures=failures)

    def Diff(self, request: Any, context: Any) -> Any:
        old, new = plain(request.old_inputs), plain(request.news)
        changed = {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)} - {DEFAULTS}
        changed -= set(request.ignoreChanges)
        is_imported = DEFAULTS in old
        changed -= self.cloud.read_alone(request.type, old, new) if is_imported else set()
        unseen = self.cloud.suppressed(request.type, old, new)
        if (unseen or is_imported) and changed <= unseen:
            return DIFF(changes=DIFF.DIFF_NONE)
        replaces = self.cloud.replaces(request.type, old, new, changed)
        if not replaces and not is_imported:  # the engine compares the inputs itself, and in detail
            return DIFF(changes=DIFF.DIFF_UNKNOWN)
        detail = {key: PROPERTY(kind=KIND[key in replaces], inputDiff=True) for key in changed}
        key, _ = self.cloud.NAMED.get(request.type, ("", ""))
        if is_imported:
            deletes_first = bool(key) and key not in new.get(DEFAULTS, [])
        else:
            deletes_first = self.cloud.deletes_before_replace(request.type, _name(request), old)
        answer = DIFF(changes=DIFF.DIFF_SOME, diffs=sorted(changed), replaces=sorted(replaces))
        answer.MergeFrom(DIFF(hasDetailedDiff=True, detailedDiff=detail, deleteBeforeReplace=deletes_first))
        return answer

    def Create(self, request: Any, context: Any) -> Any:
        inputs = _given(request.properties)
        id_, state = self._answer(context, request, inputs, lambda: self.account.create(request.type, inputs))
        return provider_pb2.CreateResponse(id=id_, properties=struct(state))

    def Update(self, request: Any, context: Any) -> Any:
        id_, old, new = request.id, _given(request.old_inputs), _given(request.news)
        _, state = self._answer(context, request, new, lambda: (id_, self.account.update(request.type, id_, old, new)))
        return provider_pb2.UpdateResponse(properties=struct(state))

    def Delete(self, request: Any, context: Any) -> Any:
        id_, inputs = request.id, plain(request.old_inputs)
        self._answer(context, request, inputs, lambda: (id_, self.account.delete(request.type, id_, inputs) or {}))
        return empty_pb2.Empty()

    def Read(self, request: Any, context: Any) -> Any:
        before = plain(request.inputs)
        if not before:
            return self._read_for_import(request)
        with self.turn:
            now = self.account.read(request.type, request.id, before)
            self._log("Read", request, now or {}, id=request.id)
        if now is None:  # gone
            return provider_pb2.ReadResponse()
        state = struct({**plain(request.properties), **now})
        return provider_pb2.ReadResponse(id=request.id, properties=state, inputs=struct(now))

    def _read_for_import(self, request: Any) -> Any:
        """By its id alone. None of its inputs is then a default of the provider, its name included."""
        with self.turn:
            inputs = self.account.imported(request.type, request.id)
            self._log("Read", request, inputs or {}, id=request.id)
        if inputs is None:
            return provider_pb2.ReadResponse()
        given = {**inputs, **({DEFAULTS: []} if self.cloud.IS_BRIDGED else {})}
        return provider_pb2.ReadResponse(id=request.id, properties=struct(inputs), inputs=struct(given))

    def _answer(self, context: Any, request: Any, inputs: dict[str, Any], act: Act) -> tuple[str, dict[str, Any]]:
        """Carry a call out, unless a test or the cloud refuses it, and log it either way. At preview nothing
        is carried out, and what only the cloud could tell stays unknown."""
        method = type(request).__name__.removesuffix("Request")
        if getattr(request, "preview", False):
            with self.turn:
                self._log(method, request, inputs, preview=True)
            return "", inputs
        with self.turn:
            id_, state = getattr(request, "id", ""), {}
            refused = self.store.ordered_refusal(request.type, _name(request), method)
            if not refused:
                try:
                    id_, state = act()
                except Exception as error:  # noqa: BLE001 - also botocore's, a module that may not be loaded
                    refused = str(error) if isinstance(error, CloudError) else f"{type(error).__name__}: {error}"
            self._log(method, request, inputs, id=id_, refused=refused)
        if refused:
            context.abort(grpc.StatusCode.UNKNOWN, refused)
        return id_, state

    def _log(self, method: str, request: Any, inputs: dict[str, Any], **more: Any) -> None:
        entry = {"method": method, "type": request.type, "name": _name(request), "urn": request.urn}
        self.store.log({**entry, "preview": False, "id": "", "refused": "", **more, "inputs": inputs})


def _given(inputs: Any) -> dict[str, Any]:
    """What goes to the cloud: all but the bridge's own notes."""
    return {key: value for key, value in plain(inputs).items() if key != DEFAULTS}


def _name(request: Any) -> str:
    """The logical name, from the URN; it may hold `::`, no type token does."""
    name: str = request.urn.split("::", 3)[3]
    return name


def serve(package: str, cloud: ModuleType) -> None:
    """Listen on a free port of the loopback, print it for the engine, and serve until it ends us."""
    server = grpc.server(futures.ThreadPoolExecutor())
    provider = Provider(package, cloud, Store.from_environment(package))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(provider, server)
    print(server.add_insecure_port("127.0.0.1:0"), flush=True)
    server.start()
    server.wait_for_termination()

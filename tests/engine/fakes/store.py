"""What a fake cloud remembers: files in the folder named by the environment variable FAKE_CLOUD.

    calls.jsonl     one line per call that a plugin answered, of all plugins, in order
    <cloud>.json    the cloud's resources by type and id; a test may seed them
    orders.json     what a test has ordered to go wrong: `Order`s of `faults.py`
    held.json       methods that are carried out last of all that the engine asks for, and the last of them first

A plugin lives as long as one command of the CLI; the files carry on to the next.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from .faults import Fault, Order

FOLDER = "FAKE_CLOUD"


class CloudError(Exception):
    """The cloud says no to a call that passed Check."""


class Store:
    """The files of one account. There is a plugin for each provider; what one changes, it changes alone."""

    def __init__(self, folder: Path, cloud: str) -> None:
        self.folder = folder
        self.cloud = cloud

    @classmethod
    def from_environment(cls, cloud: str) -> Store:
        if FOLDER not in os.environ:
            raise SystemExit(f"set {FOLDER} to the folder in which the fake {cloud} keeps its state")
        return cls(Path(os.environ[FOLDER]), cloud)

    def log(self, entry: dict[str, Any]) -> None:
        line = json.dumps({"cloud": self.cloud, **entry}) + "\n"
        with (self.folder / "calls.jsonl").open("a", encoding="utf-8") as file:
            file.write(line)

    def all(self, token: str) -> dict[str, dict[str, Any]]:
        """The resources of a type, by id."""
        return self._read(f"{self.cloud}.json", {}).get(token, {})

    def types(self) -> list[str]:
        return list(self._read(f"{self.cloud}.json", {}))

    def get(self, token: str, id_: str) -> dict[str, Any] | None:
        return self.all(token).get(id_)

    def put(self, token: str, id_: str, values: dict[str, Any]) -> None:
        with self._alone():
            state = self._read(f"{self.cloud}.json", {})
            state.setdefault(token, {})[id_] = values
            self._write(f"{self.cloud}.json", state)

    def drop(self, token: str, id_: str) -> None:
        with self._alone():
            state = self._read(f"{self.cloud}.json", {})
            state.get(token, {}).pop(id_, None)
            self._write(f"{self.cloud}.json", state)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with (self.folder / f"{self.cloud}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def order_refusal(self, token: str, name: str, message: str, method: str = "Create", times: int = 1) -> None:
        """Refuse the next `times` calls of `method` for resources of that type whose names hold `name`."""
        self.order(Order(token, name, method, Fault.REFUSED, message, times))

    def order(self, order: Order) -> None:
        self._write("orders.json", [*self._read("orders.json", []), asdict(order)])

    def ordered(self, token: str, name: str, method: str) -> Order | None:
        """The order that this call meets, which then counts as carried out once."""
        orders = [Order(**one) for one in self._read("orders.json", [])]
        for at, order in enumerate(orders):
            if order.meets(token, name, method):
                orders[at] = replace(order, times=order.times - 1)
                self._write("orders.json", [asdict(one) for one in orders])
                return order
        return None

    def is_carried_out(self) -> bool:
        """Whether every order was met."""
        return not any(one["times"] for one in self._read("orders.json", []))

    def is_to_kill(self) -> bool:
        """Whether an order that is not met yet ends a process."""
        return any(one["times"] and Fault(one["fault"]).kills for one in self._read("orders.json", []))

    def hold(self, *methods: str) -> None:
        """Carry calls of these methods out only once the engine asks for nothing else: `Create` for updates first."""
        self._write("held.json", list(methods))

    def is_held(self, method: str) -> bool:
        return method in self._read("held.json", [])

    def _read(self, file: str, default: Any) -> Any:
        path = self.folder / file
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else default

    def _write(self, file: str, value: Any) -> None:
        path = self.folder / file
        path.with_suffix(".new").write_text(json.dumps(value, indent=1), encoding="utf-8")
        path.with_suffix(".new").replace(path)

"""`Entry`: what is known of one finding before it is found."""

from __future__ import annotations

from msgspec import Struct


class Entry(Struct, frozen=True, kw_only=True):
    """One finding of the catalogue.

    Attributes:
        id: stable, kebab-case.
        severity: `error`, `warning` or `note`: the gravest that it is ever shown with.
        title: what is so, as a phrase.
        users: what happens to users, as a sentence.
        fix: what to do, as a sentence in the imperative.
        source: the code or the thread that says so.
        stops: whether the other commands refuse such a configuration, so that it cannot be ignored either.
    """

    id: str
    severity: str
    title: str
    users: str
    fix: str
    source: str
    stops: bool = False

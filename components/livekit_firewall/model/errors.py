"""The error tree, and `Problem`: one thing that is wrong with what a user wrote.

    FirewallError
    ├── ProblemsError            carries every Problem at once
    │   ├── ConfigurationError   what the user wrote cannot be used: also ProjectError, NotAPreview, InvalidArguments
    │   ├── RenderError          a platform cannot express or hold the rule set
    │   ├── NotAFirewall         what a platform printed cannot be read
    │   └── TooComplex           rules that cannot be compared
    └── StateError               a stack's state cannot be read

Nothing else is raised on purpose by this package for a user's mistake.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct

from .text import escaped


class Place(Struct, frozen=True):
    """Where something stands: an argument, or a key of a file.

    Attributes:
        path: the key as the user writes it, dotted (`turn.tls_port`); "" for a whole file.
        file: the file as the user named it, or None for arguments and stack config.
        line: 1-based line in that file, or None.
        column: 1-based column in that file, or None.
        origin: what gives the value there, if it is no key of that name: `variable UDP_PORT`, `flag --udp-port`,
            `chart default`; "" for a plain key or argument.
    """

    path: str
    file: str | None = None
    line: int | None = None
    column: int | None = None
    origin: str = ""

    @property
    def is_fact(self) -> bool:
        """Whether it belongs to what a running deployment has, and is no argument, which is written for us."""
        return self.file is not None or bool(self.origin)

    def __str__(self) -> str:
        at = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        said = f"{self.path} ({self.origin})".lstrip() if self.origin else self.path
        # names of keys and files may come from an attacker
        return escaped(": ".join(part for part in (at, said) if part))


INVALID = "invalid-value"
"""What is wrong with a value that is not of the kind expected, or not possible there."""


class Problem(Struct, frozen=True):
    """One mistake: where, what was got, what is expected, what to do.

    Attributes:
        place: where it stands.
        got: the value found, already printable and free of secrets; "" if a value is missing.
        expected: what would be right, as a phrase ("an integer from 1 to 65535").
        hint: what to do about it, as a sentence without a full stop; "" if `expected` says it.
        id: stable, kebab-case: of the finding that `lint` makes of it, where it is in the file of a service.
    """

    place: Place
    got: str
    expected: str
    hint: str = ""
    id: str = INVALID

    @property
    def path(self) -> str:
        """Of its place: `aws.vpc_id`."""
        return self.place.path

    def __str__(self) -> str:
        got = f" (got {self.got})" if self.got else ""
        hint = f"; {self.hint}" if self.hint else ""
        return f"{self.place}: {escaped(f'{self.expected}{got}{hint}')}"


class FirewallError(Exception):
    """Root of the errors that this package raises."""


class ProblemsError(FirewallError):
    """Carries every `Problem` at once, in the order in which they were found, each once."""

    title: str = "{count} problem{s}"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(dict.fromkeys(problems))
        super().__init__(self.problems)

    def __str__(self) -> str:
        count = len(self.problems)
        title = self.title.format(count=count, s="" if count == 1 else "s")
        return "\n".join([f"{title}:", *(f"  - {problem}" for problem in self.problems)])


class ConfigurationError(ProblemsError):
    """What the user wrote cannot be used; `str()` lists all of it.

    Args:
        problems: each `Problem`, of which duplicates go.
        findings: each `Finding` of the files on the way, which stops nothing.
    """

    title = "{count} problem{s} in the configuration, nothing was created"

    def __init__(self, problems: Iterable[Problem], findings: Iterable[Finding] = ()) -> None:
        super().__init__(problems)
        # a service with problems is read with its defaults, so that what has no place in a file is not about it
        self.findings = tuple(dict.fromkeys(finding for finding in findings if finding.place.is_fact))
        """What else was found in the files on the way, each once."""

    def __str__(self) -> str:
        found = [f"  - {finding}" for finding in graver(self.findings)]
        return "\n".join([super().__str__(), *(["also found:"] if found else []), *found])


class RenderError(ProblemsError):
    """A platform cannot express or hold the rule set. Raised by `render()` instead of widening or dropping.

    Args:
        platform: its name, as `render --to` takes it.
        problems: each `Problem`.
    """

    title = "{count} problem{s} for {platform}, nothing was created"
    platform: str

    def __init__(self, platform: str, problems: Iterable[Problem]) -> None:
        super().__init__(problems)
        self.platform = platform
        self.title = self.title.replace("{platform}", platform)


class Finding(Struct, frozen=True):
    """Something worth knowing that does not stop anything.

    Attributes:
        id: stable, kebab-case (`both-ice-modes`).
        severity: `error`, `warning` or `note`.
        place: where it stands.
        text: what is so, and what it means for users.
        fix: what to do.
    """

    id: str
    severity: str
    place: Place
    text: str
    fix: str = ""

    @property
    def message(self) -> str:
        """All of it but the severity, on one line."""
        return f"{self.place}: " + escaped(self.text + (f"; {self.fix}" if self.fix else "") + f" [{self.id}]")

    def __str__(self) -> str:
        return f"{self.severity}: {self.message}"


class Report(Struct):
    """Collects problems and findings while something is read, so that all are told at once."""

    problems: list[Problem] = []
    findings: list[Finding] = []
    files: list[str] = []
    """The files that were read, as messages name them, in the order of reading; a second reading is listed again."""

    def problem(self, place: Place, got: str, expected: str, hint: str = "", id: str = INVALID) -> None:
        self.problems.append(Problem(place, got, expected, hint, id))

    def finding(self, id: str, severity: str, place: Place, text: str, fix: str = "") -> None:
        """Args:
        fix: in place of the catalogue's remedy, where another one holds.
        """
        from .findings import remedy

        self.findings.append(Finding(id, severity, place, text, fix or remedy(id)))

    def is_sound(self, *places: Place) -> bool:
        """Whether nothing is wrong at these places or in their lists, so that they can be held against each other."""
        wrong = {(problem.place.file, problem.path.partition("[")[0]) for problem in self.problems}
        wrong |= {(problem.place.file, problem.path) for problem in self.problems}
        return not any((place.file, place.path) in wrong for place in places)

    def stop_if_any(self) -> None:
        """Raise `ConfigurationError` with every problem so far, if there is one."""
        if self.problems:
            raise ConfigurationError(self.problems, self.findings)


def graver(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The errors and warnings, which every command tells; notes, on which nobody has to act, are for `lint`."""
    return (one for one in findings if one.severity != "note")


def finding_as_json(finding: Finding) -> dict[str, Any]:
    """A finding as every command's JSON has it."""
    place = finding.place
    return {
        "id": finding.id,
        "severity": finding.severity,
        "path": place.path,
        "file": place.file,
        "line": place.line,
        **({"origin": place.origin} if place.origin else {}),
        "text": finding.text,
        "fix": finding.fix,
    }

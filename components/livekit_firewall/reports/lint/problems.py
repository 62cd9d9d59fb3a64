"""What every other command refuses, as findings: a file that a service does not start with is for `lint` to report.

A problem at a key of a service's file is a finding. A problem of a whole file (it cannot be read, it is no
YAML) or of the arguments is not: those stop `lint` too.
"""

from __future__ import annotations

from ...model.errors import Finding, Problem


def is_finding(problem: Problem) -> bool:
    """Whether the problem is in what a service's file says, rather than in reading it or in the arguments."""
    return problem.place.is_fact and bool(problem.place.path)


def as_finding(problem: Problem) -> Finding:
    """The problem as a finding of severity error."""
    got = f" (got {problem.got})" if problem.got else ""
    return Finding(problem.id, "error", problem.place, f"{problem.expected}{got}", problem.hint)

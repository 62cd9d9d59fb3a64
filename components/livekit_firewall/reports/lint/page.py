"""docs/findings.md, written from the catalogue.

python -m livekit_firewall.reports.lint.page > docs/findings.md
"""

from __future__ import annotations

from ...model.findings import GROUPS
from ...model.findings.entry import Entry

HEAD = """# Findings

What `livekit-firewall lint` can say, written from the catalogue in `components/livekit_firewall/model/findings`
(`PYTHONPATH=components python -m livekit_firewall.reports.lint.page > docs/findings.md`).

Ids are stable. Exit code 1 means an error, with `--strict` a warning too; notes never fail. A finding that you
decide to live with is ignored by id, with a reason: `--ignore 'unknown-key=we run 1.14'`, or in
`.livekit-firewall.yaml` in the working directory:

<!-- file .livekit-firewall.yaml -->
```yaml
lint:
  ignore:
    - {id: unknown-key, reason: we run 1.14}
```

With pre-commit, `id: livekit-firewall-lint` and `args: [--livekit, deploy/livekit.yaml, --https]` lint each commit
that touches YAML. For code scanning, upload what `--format sarif` prints.

A severity is the gravest that the finding is shown with. What the services refuse cannot be ignored; while a file
has such a finding, checks that need it are not run: the last line says so, and `"refused": true` in JSON. A file that
cannot be read and a wrong argument are no findings: exit code 2.
"""


def page() -> str:
    """The page, with a final newline."""
    parts = [HEAD]
    for heading, entries in GROUPS.items():
        parts += [f"## {heading}\n", *(_entry(entry) for entry in entries)]
    return "\n".join(parts)


def _entry(entry: Entry) -> str:
    return "\n".join(
        (
            f"### {entry.id}\n",
            f"{entry.severity.capitalize()}: {entry.title}.\n",
            f"- Users: {entry.users}",
            f"- Fix: {entry.fix}",
            f"- Source: {entry.source}\n",
        )
    )


if __name__ == "__main__":
    print(page(), end="")

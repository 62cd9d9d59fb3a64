"""Writes components/livekit_firewall/settings/schemas from the tables in tools/config_keys, or with --check says
whether they are up to date.

The tables (their README says how they were made from the services' code) have what people look up; what is written
holds only what the package reads, in releases, one key a line, by the section that the key is in: of a file with few
sections, few are decoded.
"""

import json
import sys
from pathlib import Path
from typing import Any

from bootstrap.generated import keep

ROOT = Path(__file__).parents[1]
TABLES = Path(__file__).parent / "config_keys"
SCHEMAS = ROOT / "components" / "livekit_firewall" / "settings" / "schemas"

SERVICES = {
    "livekit": "livekit-server",
    "sip": "livekit-sip",
    "ingress": "livekit-ingress",
    "egress": "livekit-egress",
}
"""What the command calls a service: what its table is called."""

UNRELEASED = ""
"""Since when a key is there that no release has yet."""

Table = dict[str, Any]


def main() -> int:
    return keep(written(), check="--check" in sys.argv)


def written() -> dict[Path, str]:
    """Each file, and what it holds."""
    services = {SCHEMAS / f"{name}.json": _service(_table(table)) for name, table in SERVICES.items()}
    return {**services, SCHEMAS / "charts.json": _charts(_table("charts"))}


def _table(name: str) -> Table:
    return json.loads((TABLES / f"{name}.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def _service(table: Table) -> str:
    versions = [release(version) for version in table["versions"] if release(version)]
    rows = {
        "base_flags": [_flag(row) for row in table["base_flags"]],
        "flag_only": [_key(path, row) for path, row in sorted(table.get("flag_only", {}).items())],
    }
    parts = [f'"{name}":[\n{_lines(some)}\n]' for name, some in rows.items()]
    levels: dict[str, list[Table]] = {}
    for path, row in sorted(table["keys"].items()):
        levels.setdefault(path.rpartition(".")[0], []).append(_key(path, row))
    below = ",\n".join(f"{_json(parent)}:[\n{_lines(some)}\n]" for parent, some in levels.items())
    parts.append(f'"keys":{{\n{below}\n}}')
    return "{" + ",\n".join([f'"is_strict":{_json(table["strict"]["default"])}', _versions(versions), *parts]) + "}\n"


def _key(path: str, row: Table) -> Table:
    since = release(row["since"])
    key = {"path": path, "type": row["type"], "since": since, "until": release(row["until"])}
    key["types"] = _history(row.get("type_history"))
    if key["types"]:
        key["type"] = key["types"][-1][1]  # of the newest release, not of what follows it
    key |= {"default": row.get("default"), "defaults": _history(row.get("default_history"))}
    for name, source in (("variable", "env"), ("flag", "flag")):
        key[name] = row.get(source)
        key[f"{name}_since"], key[f"{name}_until"] = (release(row.get(f"{source}_{end}")) for end in ("since", "until"))
    return {name: value for name, value in key.items() if name == "since" or value not in (None, "", [], False)}


def _flag(row: Table) -> Table:
    flag = {"flag": row["flag"], "variable": row.get("env"), "key": row.get("key")}
    flag |= {"since": release(row["since"]), "until": release(row["until"])}
    return {name: value for name, value in flag.items() if value is not None}


def _history(steps: list[list[Any]] | None) -> list[list[Any]]:
    return [[release(version), value] for version, value in steps or [] if release(version)]


def release(version: str | None) -> str | None:
    """`v1.9.0` without its letter; what follows the newest release is none."""
    if version is None:
        return None
    return UNRELEASED if version.startswith("HEAD-") else version.removeprefix("v")


def _charts(table: Table) -> str:
    charts = {name: _chart(chart) for name, chart in table["charts"].items()}
    rows = [f'{_json(name)}:{{"section":{_json(section)},"versions":{{\n{_entries(versions)}\n}}}}'
            for name, (section, versions) in charts.items()]  # fmt: skip
    return "{" + ",\n".join(rows) + "}\n"


def _chart(chart: Table) -> tuple[str, dict[str, Table]]:
    """The section of the values that is the service's configuration, and what each version differs in."""
    versions = {}
    for version, row in chart["versions"].items():
        kept = {
            "as": row.get("otherwise_as"),
            "app_version": release(row["app_version"]),
            "defaults": row.get("default_values"),
            "reads": row.get("reads_full"),
            "notes_read": row.get("read_only_by_notes_or_tests") or None,
            "variable": row["config_passed_by"][0] if "config_passed_by" in row else None,
            "is_strict": None if "disable_strict_config" not in row else not row["disable_strict_config"],
        }
        versions[version] = {name: value for name, value in kept.items() if value is not None}
    return chart["config_tree"], versions


def _versions(versions: list[str]) -> str:
    return f'"versions":{_json(versions)}'


def _lines(rows: list[Table]) -> str:
    return ",\n".join(map(_json, rows))


def _entries(rows: dict[str, Table]) -> str:
    return ",\n".join(f"{_json(name)}:{_json(row)}" for name, row in rows.items())


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


if __name__ == "__main__":
    sys.exit(main())

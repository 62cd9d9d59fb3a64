"""The configuration that LiveKit's Helm charts render from a user's values.

    releases = read_charts(["values.yaml"], version="", base=Path("."), report=report)
    releases["livekit"].configuration     # livekit.yaml, each value with its place in the file, or a chart's default

Values are merged as Helm merges them (helm.sh/helm/v3 pkg/cli/values, pkg/chartutil/coalesce.go): mappings are merged
key by key, a list replaces a list, a later file wins, and a null removes the chart's default.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from ..inputs.document import CHART_DEFAULT, Document, read_document
from ..inputs.kinds import certain_kind, other_kind
from ..inputs.shown import key_name, show
from ..model.errors import Place, Report
from .documents import service_of
from .schemas import UnknownVersionError, schema_of
from .schemas.charts import Chart, chart_of, charts
from .schemas.releases import CHARTS, file_of


class Release(Struct, frozen=True):
    """One chart as it is installed.

    Attributes:
        chart: the chart in the installed version.
        given: the user's values, all files merged.
        values: `given` merged into the chart's defaults, as its templates see them.
        configuration: the configuration that the service starts with.
        given_version: the release of the service by an option of the user, "" by default.
    """

    chart: Chart
    given: Document
    values: Document
    configuration: Document
    given_version: str = ""

    @property
    def service(self) -> str:
        return CHARTS[self.chart.name]

    @property
    def version(self) -> str:
        """The release of the service: the user's option, else the image's tag, else the chart's; "" if unknown."""
        number = str(self.given_version or self["image.tag"] or self.chart.app_version).removeprefix("v")
        return number if number in schema_of(self.service).versions else ""

    def __getitem__(self, key: str) -> Any:
        """The value under a dotted key; None if there is none."""
        return value_at(self.values.value, key)

    def own(self, key: str) -> Any:
        """The value under a dotted key of the service's configuration."""
        return self[f"{self.chart.section}.{key}"]

    def place(self, key: str) -> Place:
        return self.values.place(key)


def read_charts(
    files: Iterable[str], version: str, base: Path, report: Report, streams: Iterable[str] = ()
) -> dict[str, Release]:
    """Each release by its service; problems with the values go to `report`.

    Args:
        files: FILE, or CHART=FILE if the values do not identify the chart.
        version: of the charts, "" for the newest known.
        base: the folder that the paths are relative to.
        streams: the files that are standard input or a pipe.
    """
    given: dict[str, Document] = {}
    for text in files:
        path = file_of(text)
        name = text.partition("=")[0] if path != text else ""
        document = read_document(base / path, path, report, is_stream=path in streams)
        chart = None if document is None else _named(document, name, report) if name else _recognise(document, report)
        if document is None or chart is None:
            continue
        if document.head.is_blank:
            report.problem(Place("", path, 1, 1), "nothing in it", f"must hold values of the {chart} chart")
        else:
            given[chart] = document.over(given[chart]) if chart in given else document
            if document.head.further:
                text = "Helm reads the first document of the file only, and not what begins here"
                report.finding("further-document", "warning", Place("", path, document.head.further, 1), text)
    found = _versions(given, version, report)
    releases = [_release(chart, given[chart.name], report) for chart in found]
    return {release.service: release for release in releases if release}


def _named(document: Document, name: str, report: Report) -> str | None:
    """The chart that the user names; None, with a problem, if the file holds no value of it."""
    chart = chart_of(name)
    values = {key.partition(".")[0] for key in chart.reads}
    kind = certain_kind(document.value)
    if not document.head.is_blank and (kind or not values & set(document.value)):
        kind = kind or other_kind(document.value, "helm") or service_of(document.value)
        got = kind.what if kind else "none of them"
        hint = kind.instead if kind else "check that this is the file that the chart is installed with"
        report.problem(Place("", document.name or None, 1, 1), got, f"must hold values of the {name} chart", hint)
        return None
    return name


def _recognise(document: Document, report: Report) -> str | None:
    """The chart whose section the values hold; None, with a problem, if there is none or more than one."""
    if kind := certain_kind(document.value):
        place = Place("", document.name or None, 1, 1)
        report.problem(place, kind.what, "must be values of a LiveKit chart", kind.instead)
        return None
    sections = [name for name in charts() if _holds_section(document.value, chart_of(name))]
    # a dependency may be named like its section; no chart has a key within the section that is named like it
    aliases = [name for name in sections if _holds_itself(document.value, chart_of(name))]
    if "livekit-server" in sections and not aliases:  # newer values of that chart have an `ingress` of their own
        return "livekit-server"
    if len(sections) == 1 and not aliases:
        return sections[0]
    place = Place("", document.name or None, 1, 1)
    names = ", ".join(f"{name} ({chart_of(name).section})" for name in charts())
    hint = f"the chart is known by its section, {names}; else say --helm CHART=FILE"
    kind = None if aliases else other_kind(document.value, "helm") or service_of(document.value)
    inner = [key for key, one in document.value.items() if isinstance(one, Mapping) and _names_section(one)]
    if kind:
        report.problem(place, kind.what, "must be values of a LiveKit chart", kind.instead)
    elif inner:
        fix = f"give what stands below {key_name(inner[0])}, as a file of its own or by -"
        report.problem(place, "values of charts within another one", "must be values of a LiveKit chart", fix)
    elif len(sections) > 1:
        report.problem(place, f"sections of {' and '.join(sections)}", "must be values of one chart", hint)
    else:
        hint = f"livekit: must be a mapping in the values of the livekit-server chart; {hint}"
        report.problem(place, "none of their sections", "must be values of a LiveKit chart", hint)
    return None


def _holds_itself(value: Mapping[Any, Any], chart: Chart) -> bool:
    section = value[chart.section]
    return isinstance(section, Mapping) and _holds_section(section, chart)


def _names_section(value: Mapping[Any, Any]) -> bool:
    return any(_holds_section(value, chart_of(name)) for name in charts())


def _holds_section(value: Mapping[Any, Any], chart: Chart) -> bool:
    """Whether the values have the chart's section, and not another program's section of the same name, such as an
    app's `livekit: {url: ...}` or the `ingress: {enabled: true}` of most charts.
    """
    if chart.section not in value:
        return False
    section = value[chart.section]
    if chart.name != "livekit-server" and not isinstance(section, Mapping):
        return False
    if not isinstance(section, Mapping) or not section:
        return chart.name == "livekit-server"
    known = {key.split(".")[1] for key in chart.reads if key.startswith(f"{chart.section}.")}
    for path in schema_of(CHARTS[chart.name]).every:
        parts = path.partition("[")[0].split(".")
        known |= {parts[0], *(parts[1:2] if parts[0] in ("rtc", "turn") else ())}  # often written one level too high
    below = [one for one in section.values() if isinstance(one, Mapping)]  # `livekit.config`, which has no effect
    own = {"loadBalancer", "turnLoadbalancer", "storeKeysInSecret", "podHostNetwork"} & set(value)
    return any(known & set(one) for one in (section, *below)) or bool(own)


def _versions(given: Mapping[str, Document], version: str, report: Report) -> Iterator[Chart]:
    """Each chart in the installed version, or in its newest if it has no such version."""
    unknown: UnknownVersionError | None = None
    found: list[Chart] = []
    for name in given:
        try:
            found.append(chart_of(name, version or None))
        except UnknownVersionError as error:
            unknown = error
            found.append(chart_of(name))
    if unknown and all(chart.version != version.removeprefix("v") for chart in found):
        expected = f"must be a version of {unknown.title} that is known: {' or '.join(unknown.nearest)}"
        report.problem(Place("versions.chart"), show("versions.chart", version), expected, "write the nearest one")
    yield from found


def _release(chart: Chart, given: Document, report: Report) -> Release | None:
    defaults = Document("", chart.defaults, places={"": Place("", origin=CHART_DEFAULT)})
    both = given.over(defaults)
    values = replace(both, value=_without_nulls(both.value, chart.defaults), is_strict=chart.is_strict, head=given.head)
    missing = [key for key in _needed(chart) if not isinstance(value_at(values.value, key), Mapping)]
    for key in missing:
        hint = "remove the key for the chart's own values"
        expected = f"must be a mapping, or the {chart.name} chart does not render"
        report.problem(given.place(key), show(key, value_at(given.value, key)), expected, hint)
    return None if missing else Release(chart, given, values, _section(values, chart.section))


def _needed(chart: Chart) -> list[str]:
    """The sections that the templates always read: without one, rendering fails with a nil pointer."""
    always = [key for key in chart.reads if "." in key and not key.endswith(".backendConfig")]
    parents = {key.rpartition(".")[0] for key in always}
    return sorted(key for key in parents if isinstance(value_at(chart.defaults, key), Mapping))


def _without_nulls(value: Mapping[str, Any], defaults: Any) -> dict[str, Any]:
    """The values without keys whose null removes a default. Another null stays; the service ignores it."""
    kept = {}
    for key, one in value.items():
        below = defaults.get(key) if isinstance(defaults, Mapping) else None
        if one is None and isinstance(defaults, Mapping) and key in defaults:
            continue
        kept[key] = _without_nulls(one, below) if isinstance(one, Mapping) and isinstance(below, Mapping) else one
    return kept


def _section(values: Document, section: str) -> Document:
    """The service's own configuration: the values below one key."""

    def own(places: Mapping[str, Any]) -> dict[str, Any]:
        below = {key.removeprefix(f"{section}."): at for key, at in places.items() if key.startswith(f"{section}.")}
        return {**below, **({"": places[section]} if section in places else {})}

    places = own(values.places)
    if "" not in places and section not in values.marks:
        places[""] = values.place(section)
    return replace(values, value=dict(values.value[section]), marks=own(values.marks), places=places, is_strict=False)


def value_at(value: Any, key: str) -> Any:
    """The value under a dotted key; None if there is none."""
    for part in key.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


__all__ = ["Release", "read_charts", "value_at"]

"""What is no preview, or not a whole one: refused in one sentence, and never taken for no change."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livekit_firewall.reports.review import review_texts
from livekit_firewall.reports.review.preview import NotAPreview
from tests.unit.strategies import few_examples

from .programs import AWS_GROUP, UNKNOWN, Thing, changed, digest, group, ingress, preview, stream
from .test_meaning import page

OWNER = group()
BEFORE = [OWNER, ingress(OWNER, "web")]
AFTER = [OWNER, ingress(OWNER, "web", fromPort=1, description="für é 日本 \x85 \u2028 \U0001f600")]
DIGEST = preview(BEFORE, AFTER)
STREAM = stream(digest(BEFORE, AFTER))


def refused(text: str, name: str = "p.json") -> str:
    with pytest.raises(NotAPreview) as caught:
        review_texts([(name, text)])
    assert len(caught.value.problems) == 1
    told = str(caught.value)
    assert all(char == "\n" or char.isprintable() for char in told)
    assert len(told) < 1000
    return told


class TestWhatIsCutOff:
    @few_examples
    @given(st.integers(0, len(DIGEST) - 1))
    def test_a_digest_anywhere(self, at):
        refused(DIGEST[:at])

    @few_examples
    @given(st.integers(0, len(DIGEST) - 1))
    def test_a_digest_at_its_beginning(self, at):
        refused(DIGEST[at + 1 :])

    @few_examples
    @given(st.integers(0, STREAM.index('"summaryEvent"')))
    def test_an_event_stream_anywhere(self, at):
        refused(STREAM[:at])

    def test_an_event_stream_after_every_line(self):
        lines = STREAM.split("\n")
        for count in range(len(lines) - 3):
            refused("\n".join(lines[:count]))

    def test_no_event_stream_whose_last_line_alone_is_missing(self):
        assert page(STREAM.rpartition('{"sequence"')[0])["verdict"] == "wider"

    @pytest.mark.parametrize("summary", [{"create": 1}, {"same": 2, "update": 1}, {"same": 1, "delete": 3}])
    @pytest.mark.parametrize("steps", [{}, {"steps": None}, {"steps": []}])
    def test_a_digest_that_lacks_the_steps_that_it_counts(self, summary, steps):
        assert "steps" in refused(json.dumps({"config": {}, "changeSummary": summary, **steps}))


NO_PREVIEW = {
    "nothing": "",
    "spaces": " \n\t\n",
    "an object": "{}",
    "a list": "[]",
    "null": "null",
    "a number": "17",
    "a text": '"steps"',
    "true": "true",
    "another's JSON": '{"name": "x", "version": "1.0.0"}',
    "Terraform's verdict": '{"format_version": "1.0", "valid": true, "diagnostics": []}',
    "a state": '{"version": 3, "deployment": {"manifest": {}, "resources": []}}',
    "steps of something else": '{"steps": [{"name": "build"}]}',
    "steps that are none": '{"steps": 5}',
    "steps of texts": '{"steps": ["a"]}',
    "a URN that is none": '{"steps": [{"op": "create", "urn": "x"}]}',
    "HTML": "<!doctype html><html><body>502 Bad Gateway</body></html>",
    "what people are shown": "Previewing update (dev)\n\n     Type  Name  Plan\n + 1 to create\n",
    "binary": "\x00\x01\x02\ufffd",
    "zeros": "\x00" * 100,
    "two digests": '{"steps": []}{"steps": []}',
    "a comment": '{"steps": [] /* none */}',
    "NaN": '{"steps": [], "duration": NaN}',
    "a lone surrogate": '{"steps": [], "config": {"a": "\\ud800"}}',
    "deep lists": "[" * 10_000,
    "deep objects": '{"steps": ' + '{"a":' * 10_000 + "1" + "}" * 10_000 + "}",
    "no inputs": '{"steps": [{"op": "create", "urn": "urn:pulumi:a::b::c::d", "newState": {"inputs": []}}]}',
    "a first event": '{"sequence": 0, "timestamp": 1, "preludeEvent": {"config": {}}}',
}


@pytest.mark.parametrize("name", NO_PREVIEW)
def test_what_is_no_preview_is_refused(name):
    told = refused(NO_PREVIEW[name])
    assert told.startswith("1 preview that cannot be reviewed:\n  - p.json: must ")
    assert "pulumi preview --json" in told


ERROR = {"severity": "error", "message": "error: \x1b[31m<b>@x</b>\nmore"}


class TestWhatFailed:
    def test_is_refused_with_the_first_line_of_the_error(self):
        told = digest(BEFORE, AFTER) | {"diagnostics": [{"severity": "warning", "message": "w"}, ERROR]}
        said = refused(json.dumps(told))
        assert "must be of a preview that succeeded" in said
        assert "<b>@x</b>" in said
        assert "more" not in said

    def test_is_refused_without_any_step(self):
        assert "succeeded" in refused(json.dumps({"diagnostics": [ERROR]}))

    def test_is_refused_as_an_event_stream(self):
        event = json.dumps({"sequence": 9, "timestamp": 1, "diagnosticEvent": ERROR})
        assert "succeeded" in refused(f"{STREAM}{event}\n")
        assert "succeeded" in refused(f'{{"sequence": 0, "preludeEvent": {{}}}}\n{event}\n')

    def test_is_refused_where_an_operation_failed_without_a_word(self):
        """As of an update that waits for something: the stream has warnings and a summary, as if all were well."""
        failed = {"metadata": {"op": "create", "urn": "urn:pulumi:dev::app::a:b:C::web"}, "status": 0, "steps": 1}
        event = json.dumps({"sequence": 9, "timestamp": 1, "resOpFailedEvent": failed})
        said = refused(f"{STREAM}{event}\n")
        assert "must be of a preview that succeeded (got create of web failed)" in said

    def test_is_told_without_the_marks_for_colours(self):
        raw = {"severity": "error", "message": "<{%reset%}>no <{%fg 1%}>such<{%reset%}> group\n<{%reset%}>"}
        event = json.dumps({"sequence": 9, "timestamp": 1, "diagnosticEvent": raw})
        assert "(got no such group)" in refused(f"{STREAM}{event}\n")


class TestWhatIsStrangeButAPreview:
    def test_no_step_at_all_is_no_change(self):
        assert page('{"steps": [], "changeSummary": {}}')["verdict"] == "no change"
        assert page('{"changeSummary": {"same": 5}}')["verdict"] == "no change"

    def test_what_a_newer_pulumi_adds_is_passed_over(self):
        told = digest(BEFORE, AFTER) | {"newThing": {"a": [1]}}
        for step in told["steps"]:
            step["newer"] = 1
        assert page(json.dumps(told))["verdict"] == "wider"

    def test_null_stands_for_what_is_missing(self):
        told = digest(BEFORE, AFTER)
        for step in told["steps"]:
            for name in ("oldState", "newState", "detailedDiff", "diffReasons", "replaceReasons"):
                step.setdefault(name, None)
        told |= {"diagnostics": None, "duration": None, "config": None}
        assert page(json.dumps(told))["verdict"] == "wider"

    def test_all_of_unicode_is_one_line_of_an_event_stream(self):
        """Go writes neither U+0085 nor control marks of C1 as an escape; a line ends with a line feed only."""
        assert "\x85" in STREAM
        assert page(STREAM)["verdict"] == page(DIGEST)["verdict"] == "wider"
        assert page(STREAM.replace("\n", "\r\n"))["verdict"] == "wider"

    def test_a_replacement_in_three_steps_is_one(self):
        told = digest(BEFORE, AFTER)
        (step,) = (step for step in told["steps"] if step["op"] == "update")
        at = told["steps"].index(step)
        gone = {**step, "op": "delete-replaced"}
        told["steps"][at : at + 1] = [{**step, "op": "create-replacement"}, {**step, "op": "replace"}]
        told["steps"].append(gone)
        found = page(json.dumps(told))
        assert (found["verdict"], len(found["stacks"][0]["changes"])) == ("wider", 1)
        assert [one["op"] for one in found["stacks"][0]["operations"]] == ["replace"]

    @pytest.mark.parametrize("depth", [50, 300, 600, 900, 950, 980, 990, 1000, 2000, 50_000])
    @pytest.mark.parametrize("pair", ["[]", "{}"])
    def test_deep_values_are_read_or_refused(self, depth, pair):
        opening = "[" if pair == "[]" else '{"a":'
        deep = opening * depth + "1" + pair[1] * depth
        told = preview([Thing(AWS_GROUP, "g", {"ingress": [], "deep": "DEEP"})],
                       [Thing(AWS_GROUP, "g", {"ingress": "DEEP", "deep": "DEEP"})])  # fmt: skip
        with suppress(NotAPreview):
            assert page(told.replace('"DEEP"', deep))["verdict"] == "wider"

    def test_huge_numbers(self):
        told = preview([], [OWNER, ingress(OWNER, "r", fromPort=10**4000, toPort=1e308)])
        with suppress(NotAPreview):
            assert page(told)["verdict"] == "wider"

    def test_a_key_twice_does_not_hide_a_step(self):
        """As Pulumi's own reader: the last one counts; but then the summary counts more."""
        text = DIGEST[:-1] + ', "steps": []}'
        assert "steps" in refused(text)

    def test_hundreds_of_thousands_of_empty_steps_are_refused_in_time(self):
        one = '{"op":"same","urn":"urn:pulumi:a::b::c::d"}'
        assert "at most" in refused('{"steps":[' + ",".join([one] * 200_001) + "]}")


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from([UNKNOWN, "[secret]", "tcp", "-1", "0.0.0.0/0", "443", "all", ""]) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip


FIELDS = ["steps", "urn", "op", "inputs", "id", "type", "propertyDependencies", "detailedDiff", "config"]


@few_examples
@given(st.sampled_from(FIELDS), ANYTHING)
def test_anything_in_the_place_of_anything_is_reviewed_or_refused(field, value):
    told: Any = digest(BEFORE, AFTER)
    if field in told:
        told[field] = value
    for step in digest(BEFORE, AFTER)["steps"] if field in told else told["steps"]:
        for holder in (step, step.get("oldState", {}), step.get("newState", {})):
            if field in holder:
                holder[field] = value
    with suppress(NotAPreview):
        page(json.dumps(told))


def test_all_that_cannot_be_reviewed_is_reported_at_once():
    with pytest.raises(NotAPreview) as caught:
        review_texts([("a.json", "{}"), ("b.json", DIGEST), ("c.json", "")])
    assert [str(problem.place) for problem in caught.value.problems] == ["a.json", "c.json"]


def test_the_same_resource_before_and_after_is_no_change_whatever_it_holds():
    thing = Thing(AWS_GROUP, "g", {"ingress": [{"protocol": [UNKNOWN]}, 5], "egress": "x"})
    assert page(preview([thing], [thing]))["verdict"] == "no change"
    assert page(preview([thing], [changed(thing, tags={"a": "b"})]))["verdict"] == "no change"

"""The one comment: found by marker and author, updated in place, on both platforms, also on a bad day."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from livekit_firewall import cli_comment, web
from livekit_firewall.cli.group import main
from livekit_firewall.comment import is_no_change
from livekit_firewall.reports.review.change import Operation, Part, Review, Risk
from livekit_firewall.reports.review.markdown import markdown
from livekit_firewall.web import Web, WebError

from .fake_forge import GITHUB, GITLAB, TOKEN, Forge, serving

PAGE = "wider: `aws-example`\n\nMore can reach udp/50000.\n"
NOTHING = "no change in who can reach what\n"
MARK = "<!-- livekit-firewall: preview -->\n"
Post = Callable[..., tuple[int, str, str]]

COMMENTS = {"github": "/repos/o/r/issues/7/comments", "gitlab": "/api/v4/projects/42/merge_requests/3/notes"}
ONE = {"github": "PATCH /repos/o/r/issues/comments/", "gitlab": "PUT /api/v4/projects/42/merge_requests/3/notes/"}
ME = {"github": GITHUB, "gitlab": GITLAB}
BOTH = pytest.mark.parametrize("on", ["github", "gitlab"])


@pytest.fixture
def forge() -> Iterator[Forge]:
    with serving(Forge()) as running:
        yield running


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    waited: list[float] = []
    monkeypatch.setattr(cli_comment.time, "sleep", waited.append)
    defaults = Web.__init__.__defaults__
    monkeypatch.setattr(Web.__init__, "__defaults__", (waited.append,))
    assert defaults is not None
    return waited


@pytest.fixture
def post(
    forge: Forge,
    waits: list[float],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Post:
    """`post(page, "--on", "github")`: exit code, stdout, stderr; never a trace of the token."""
    (tmp_path / "event.json").write_text(json.dumps({"pull_request": {"number": 7}}))
    environment = {
        "GITHUB_TOKEN": TOKEN,
        "GITHUB_API_URL": forge.base,
        "GITHUB_REPOSITORY": "o/r",
        "GITHUB_EVENT_PATH": str(tmp_path / "event.json"),
        "GITLAB_TOKEN": TOKEN,
        "CI_API_V4_URL": f"{forge.base}/api/v4",
        "CI_PROJECT_ID": "42",
        "CI_MERGE_REQUEST_IID": "3",
        "no_proxy": "",
        "http_proxy": "http://127.0.0.1:9",
    }
    for name in ("GITHUB_ACTIONS", "GITLAB_CI", "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    page = tmp_path / "page.md"

    def command(text: str, *arguments: str) -> tuple[int, str, str]:
        page.write_text(text)
        with pytest.raises(SystemExit) as stopped:
            main(["comment", str(page), *arguments])
        out, err = capsys.readouterr()
        assert TOKEN not in out + err
        assert "Traceback" not in err
        assert isinstance(stopped.value.code, int)
        return stopped.value.code, out, err

    return command


@BOTH
def test_a_page_is_posted_once_and_then_updated_in_place(on: str, post: Post, forge: Forge) -> None:
    assert post(PAGE, "--on", on)[0] == 0
    assert forge.comments == [(1, ME[on], f"{MARK}{PAGE}")]
    code, out, err = post(PAGE.replace("50000", "50001"), "--on", on)
    assert (code, err) == (0, "")
    assert out.startswith("updated ")
    assert forge.comments == [(1, ME[on], MARK + PAGE.replace("50000", "50001"))]
    assert forge.writes == [f"POST {COMMENTS[on]}", f"{ONE[on]}1"]


@BOTH
def test_the_same_text_is_not_sent_again(on: str, post: Post, forge: Forge) -> None:
    forge.add(ME[on], f"{MARK}{PAGE}".replace("\n", "\r\n"))
    assert post(PAGE, "--on", on)[1].startswith("the comment says so already")
    assert forge.writes == []


@BOTH
def test_no_change_posts_nothing_but_takes_back_what_was_said(on: str, post: Post, forge: Forge) -> None:
    assert post(NOTHING, "--on", on) == (0, "no change, and no comment yet: nothing posted\n", "")
    assert forge.comments == []
    post(PAGE, "--on", on)
    post(NOTHING, "--on", on)
    assert forge.comments == [(1, ME[on], f"{MARK}{NOTHING}")]


@BOTH
@pytest.mark.parametrize("is_new", [True, False])
def test_risks_are_posted_also_if_nobody_gains_or_loses(on: str, is_new: bool, post: Post, forge: Forge) -> None:
    risk = Risk("ssh-public", "warning", "group", "SSH is open", "guessed", "close it", is_new)
    page = markdown(Review((Part("dev", risks=(risk,)),)))
    assert page.startswith("no change in who can reach what; ")
    assert post(page, "--on", on)[1].startswith("posted ")
    assert forge.comments == [(1, ME[on], f"{MARK}{page}")]


@BOTH
def test_what_the_review_did_not_understand_is_posted(on: str, post: Post, forge: Forge) -> None:
    assert post(markdown(Review((Part("dev", unclear=("rule 7",)),))), "--on", on)[1].startswith("posted ")
    assert len(forge.comments) == 1


@BOTH
@pytest.mark.parametrize("stacks", [1, 2])
def test_operations_that_change_nobodys_reach_post_nothing(on: str, stacks: int, post: Post, forge: Forge) -> None:
    renamed = Part("dev", operations=(Operation("update", "aws:vpc/x:Y", "rule", ("tags",)),))
    assert post(markdown(Review((renamed,) * stacks)), "--on", on)[1].startswith("no change, ")
    assert forge.comments == []


@BOTH
@pytest.mark.parametrize("size", [1, 7, 100])
def test_the_comment_is_found_on_any_page(on: str, size: int, post: Post, forge: Forge) -> None:
    forge.page = size
    for number in range(15):
        forge.add("somebody", f"comment {number}")
    forge.add(ME[on], f"{MARK}old")
    forge.add("somebody", "the last")
    post(PAGE, "--on", on)
    assert forge.writes == [f"{ONE[on]}16"]
    assert len(forge.comments) == 17


@BOTH
def test_a_marker_of_somebody_else_or_of_another_name_or_quoted_is_none(on: str, post: Post, forge: Forge) -> None:
    forge.add("somebody", f"{MARK}mine")
    forge.add("", f"{MARK}of a deleted account")
    forge.add("system", f"{MARK}changed the title")
    forge.add(ME[on], f"quoted: {MARK}")
    forge.add(ME[on], "<!-- livekit-firewall: preview-2 -->\nanother")
    post(PAGE, "--on", on)
    assert forge.writes == [f"POST {COMMENTS[on]}"]


@BOTH
def test_two_names_are_two_comments(on: str, post: Post, forge: Forge) -> None:
    post(PAGE, "--on", on)
    post(PAGE, "--on", on, "--marker", "staging")
    post("narrower", "--on", on, "--marker", "staging")
    assert [body for _, _, body in forge.comments] == [
        f"{MARK}{PAGE}",
        "<!-- livekit-firewall: staging -->\nnarrower\n",
    ]


@BOTH
def test_of_duplicates_the_oldest_is_updated_and_the_others_are_named(on: str, post: Post, forge: Forge) -> None:
    forge.add(ME[on], f"{MARK}one")
    forge.add(ME[on], f"{MARK}two")
    code, _, err = post(PAGE, "--on", on)
    assert code == 0
    assert [body for _, _, body in forge.comments] == [f"{MARK}{PAGE}", f"{MARK}two"]
    assert err.startswith("warning: one more comment with this marker, left as it is: ")
    assert err.rstrip().endswith("2")


@BOTH
def test_a_post_that_failed_but_was_done_is_not_done_twice(
    on: str, post: Post, forge: Forge, waits: list[float]
) -> None:
    forge.answers[f"POST {COMMENTS[on]}"] = [(502, {}, b"<html>Bad Gateway</html>", True)]
    code, out, _ = post(PAGE, "--on", on)
    assert (code, len(forge.comments), waits) == (0, 1, [1.0])
    assert out.startswith("the comment says so already")


@BOTH
def test_a_post_that_failed_and_was_not_done_is_done_again(on: str, post: Post, forge: Forge) -> None:
    forge.answers[f"POST {COMMENTS[on]}"] = [(503, {}, {}, False), (429, {"Retry-After": "0"}, {}, False)]
    assert post(PAGE, "--on", on)[1].startswith("posted")
    assert len(forge.comments) == 1


@BOTH
def test_reading_is_tried_again_as_long_as_the_api_asks(on: str, post: Post, forge: Forge, waits: list[float]) -> None:
    forge.answers[f"GET {COMMENTS[on]}"] = [
        (502, {}, {}, False),
        (429, {"Retry-After": "7"}, {}, False),
        (429, {"Retry-After": "99999"}, {}, False),
    ]
    assert post(PAGE, "--on", on)[0] == 0
    assert waits == [1.0, 7.0, 60.0]


@BOTH
def test_an_api_that_stays_broken_is_exit_2_after_four_tries(on: str, post: Post, forge: Forge) -> None:
    forge.answers[f"GET {COMMENTS[on]}"] = [(500, {}, {"message": "boom \x1b[31m"}, False)] * 9
    code, out, err = post(PAGE, "--on", on)
    assert (code, out) == (2, "")
    assert err == f"livekit-firewall: GET {url(forge, on)}: 500 boom  [31m\n"
    assert forge.log.count(f"GET {COMMENTS[on]}") == 4


def url(forge: Forge, on: str) -> str:
    query = "?per_page=100" + ("&order_by=created_at&sort=asc&page=1" if on == "gitlab" else "")
    return f"{forge.base}{COMMENTS[on]}{query}"


def test_githubs_second_limit_is_a_403_that_passes(post: Post, forge: Forge, waits: list[float]) -> None:
    limited = (403, {"Retry-After": "3"}, {"message": "You have exceeded a secondary rate limit"}, False)
    forge.answers["GET /user"] = [limited]
    forge.answers[f"POST {COMMENTS['github']}"] = [limited]
    assert post(PAGE, "--on", "github")[0] == 0
    assert waits == [3.0, 3.0]


def test_a_limit_that_lasts_is_not_taken_for_a_jobs_token(post: Post, forge: Forge) -> None:
    forge.answers["GET /user"] = [(403, {"Retry-After": "3"}, {"message": "secondary rate limit"}, False)] * 4
    assert post(PAGE, "--on", "github")[0] == 2
    assert forge.writes == []


@BOTH
def test_a_token_that_only_reads_is_told_what_to_do(on: str, post: Post, forge: Forge) -> None:
    forge.may_write = False
    code, _, err = post(PAGE, "--on", on)
    assert code == 2
    assert f"POST {forge.base}{COMMENTS[on]}: 403 " in err
    assert "the token may not write comments" in err
    assert "a pull request from a fork has a token that only reads" in err
    assert forge.log.count(f"POST {COMMENTS[on]}") == 1


@BOTH
@pytest.mark.parametrize(("status", "advice"), [(401, "the token is not valid"), (404, "does not see this pull")])
def test_a_refusal_is_explained(on: str, status: int, advice: str, post: Post, forge: Forge) -> None:
    forge.answers[f"GET {COMMENTS[on]}"] = [(status, {}, {"message": "No"}, False)]
    code, _, err = post(PAGE, "--on", on)
    assert code == 2
    assert f": {status} No; " in err
    assert advice in err


def test_an_error_of_validation_says_what_the_api_says(post: Post, forge: Forge) -> None:
    errors = [{"message": "Body is too long (maximum is 65536 characters)"}]
    told = {"message": "Validation Failed", "errors": errors}
    forge.answers[f"POST {COMMENTS['github']}"] = [(422, {}, told, False)]
    code, _, err = post(PAGE, "--on", "github")
    assert (code, "422 Validation Failed" in err, "maximum is 65536" in err) == (2, True, True)


@pytest.mark.parametrize(("on", "limit", "unit"), [("github", 65536, "characters"), ("gitlab", 1_000_000, "bytes")])
def test_a_page_that_is_too_long_is_refused_whole(on: str, limit: int, unit: str, post: Post, forge: Forge) -> None:
    # one character that is four bytes and, in UTF-16, two units
    one = "🌈"
    room = limit - len(MARK) - 1
    fits = one * (room if on == "github" else room // 4)
    assert post(fits, "--on", on)[0] == 0
    before = list(forge.log)
    code, out, err = post(fits + "xxxx", "--on", on)
    assert (code, out, forge.log) == (2, "", before)
    said = f"the page has {limit + 4 if on == 'github' else 1_000_000 - (room % 4) + 4:,} {unit}, a comment at most "
    assert err == (f"livekit-firewall: {said}{limit:,}; shorten it by meaning: livekit-firewall review --limit 65000\n")


def test_a_line_is_no_order_to_gitlab_and_is_not_sent_twice(post: Post, forge: Forge) -> None:
    page = "wider\n\n/merge\n  /approve\na /path and\n//x\n/\n"
    post(page, "--on", "gitlab")
    assert forge.comments[0][2] == f"{MARK}wider\n\n&#47;merge\n  &#47;approve\na /path and\n//x\n/\n"
    assert post(page, "--on", "gitlab")[1].startswith("the comment says so already")
    post(page, "--on", "github")
    assert forge.sent[-1]["body"] == f"{MARK}{page}"


def test_a_persons_token_writes_as_that_person(post: Post, forge: Forge) -> None:
    forge.is_app = False
    forge.answers["GET /user"] = [(200, {}, {"login": "ann"}, False)]
    forge.add(GITHUB, f"{MARK}of the job")
    forge.add("ann", f"{MARK}of Ann")
    post(PAGE, "--on", "github")
    assert forge.writes == [f"{ONE['github']}2"]


def test_another_apps_token_is_told_how_its_comment_is_found(post: Post, forge: Forge) -> None:
    made = {"id": 5, "user": {"login": "our-app[bot]"}, "body": "", "html_url": "https://github.com/x"}
    forge.answers[f"POST {COMMENTS['github']}"] = [(201, {}, made, False)]
    code, out, err = post(PAGE, "--on", "github")
    assert (code, out) == (0, "posted https://github.com/x\n")
    assert err == (
        "warning: the comment was written as our-app[bot]; give --author 'our-app[bot]', or the next run does not "
        "find it\n"
    )
    forge.add("our-app[bot]", f"{MARK}x")
    post(PAGE, "--on", "github", "--author", "our-app[bot]")
    assert forge.writes[-1] == f"{ONE['github']}1"


@BOTH
def test_a_redirect_is_not_followed(on: str, post: Post, forge: Forge) -> None:
    with serving(Forge()) as other:
        moved = (301, {"Location": f"{other.base}/elsewhere"}, {}, False)
        forge.answers[f"GET {COMMENTS[on]}"] = [moved]
        code, _, err = post(PAGE, "--on", on)
        assert (code, other.log) == (2, [])
        assert f"301, redirected to {other.base.removeprefix('http://')}, which is not followed" in err


def test_a_next_page_on_another_host_is_not_fetched(post: Post, forge: Forge) -> None:
    with serving(Forge()) as other:
        link = {"Link": f'<{other.base}/comments?page=2>; rel="next"'}
        forge.answers[f"GET {COMMENTS['github']}"] = [(200, link, [], False)]
        code, _, err = post(PAGE, "--on", "github")
        assert (code, other.log) == (2, [])
        assert "the API's next page must be on" in err


def test_pages_without_an_end_end(post: Post, forge: Forge, monkeypatch: pytest.MonkeyPatch) -> None:
    path = COMMENTS["github"]
    forge.answers[f"GET {path}"] = [(200, {"Link": f'<{forge.base}{path}?page=2>; rel="next"'}, [], False)] * 300
    code, _, err = post(PAGE, "--on", "github")
    assert (code, "more than 200 pages" in err) == (2, True)


@pytest.mark.parametrize("answer", [b"", b"<html>", b"{}", b'[{"no": "id"}]', b"[1]", b"[" * 100_000, b"\xff"])
@BOTH
def test_an_answer_of_another_form_is_exit_2(on: str, answer: bytes, post: Post, forge: Forge) -> None:
    forge.answers[f"GET {COMMENTS[on]}"] = [(200, {}, answer, False)]
    code, _, err = post(PAGE, "--on", on)
    assert (code, err.count("\n"), forge.writes) == (2, 1, [])


@pytest.mark.parametrize(
    "base", ["http://api.example.com", "ftp://127.0.0.1", "file:///etc", "https://", "", "http://127.0.0.1.example.com"]
)
def test_a_token_is_only_sent_encrypted_or_to_this_machine(base: str) -> None:
    with pytest.raises(WebError, match="must be an https address"):
        Web(base, {}, TOKEN)


def test_a_server_that_is_gone_is_told_without_the_token(waits: list[float]) -> None:
    with serving(Forge()) as gone:
        base = gone.base
    for path in ("/x", f"/{TOKEN}"):
        with pytest.raises(web.PassingError) as caught:
            Web(base, {}, TOKEN).get(path)
        assert "refused" in str(caught.value)
        assert TOKEN not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("GITHUB_TOKEN", None, "GITHUB_TOKEN is not set"),
        ("GITHUB_TOKEN", f"{TOKEN}\nX-Evil: 1", "GITHUB_TOKEN has another form than expected"),
        ("GITHUB_REPOSITORY", "o/r/../x", "GITHUB_REPOSITORY has another form"),
        ("GITHUB_EVENT_PATH", None, "GITHUB_EVENT_PATH is not set"),
        ("GITLAB_TOKEN", "", "GITLAB_TOKEN is not set: a project access token"),
        ("CI_PROJECT_ID", "42/x", "CI_PROJECT_ID has another form"),
        ("CI_MERGE_REQUEST_IID", None, "CI_MERGE_REQUEST_IID is not set"),
        ("CI_API_V4_URL", "http://gitlab.example.com/api/v4", "must be an https address"),
    ],
)
def test_what_the_environment_lacks_is_named_and_never_shown(
    name: str, value: str | None, expected: str, post: Post, forge: Forge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(name) if value is None else monkeypatch.setenv(name, value)
    code, out, err = post(PAGE, "--on", "gitlab" if name.startswith(("GITLAB", "CI")) else "github")
    assert (code, out, forge.log) == (2, "", [])
    assert expected in err


@pytest.mark.parametrize(
    ("event", "number"),
    [
        ({"pull_request": {"number": 7}}, 7),
        ({"issue": {"number": 7, "pull_request": {}}}, 7),
        ({"issue": {"number": 7}}, None),
        ({"pull_request": {"number": True}}, None),
        ({"pull_request": {"number": "7/../8"}}, None),
        ({"number": 7}, None),
        ([], None),
    ],
)
def test_the_number_is_that_of_a_pull_request(event: Any, number: int | None, post: Post, tmp_path: Path) -> None:
    (tmp_path / "event.json").write_text(json.dumps(event))
    code, _, err = post(PAGE, "--on", "github")
    assert code == (2 if number is None else 0)
    assert ("of no pull request" in err) is (number is None)


def test_the_platform_is_found_out_in_ci_and_asked_for_elsewhere(
    post: Post, forge: Forge, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "give --on github or --on gitlab" in post(PAGE)[2]
    monkeypatch.setenv("GITLAB_CI", "true")
    post(PAGE)
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    post(PAGE)
    assert forge.writes == [f"POST {COMMENTS['gitlab']}", f"POST {COMMENTS['github']}"]


def test_the_summary_is_written_even_where_nothing_may_be_posted(
    post: Post, forge: Forge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    forge.may_write = False
    assert post(PAGE, "--on", "github")[0] == 2
    assert post(NOTHING, "--on", "summary") == (0, "", "")
    assert summary.read_text() == f"{PAGE}\n{NOTHING}\n"
    assert post(PAGE, "--on", "gitlab")[0] == 2
    assert summary.read_text() == f"{PAGE}\n{NOTHING}\n"
    summary.write_text("x" * (1_048_576 - len(PAGE) - 1))
    post(PAGE, "--on", "summary")
    assert len(summary.read_text()) == 1_048_576
    code, _, err = post(PAGE, "--on", "summary")
    assert code == 0
    assert "it is left out" in err
    assert len(summary.read_text()) == 1_048_576
    monkeypatch.delenv("GITHUB_STEP_SUMMARY")
    assert post(PAGE, "--on", "summary")[0] == 2


@pytest.mark.parametrize("page", ["", " \n", "\udcff"])
def test_a_page_that_is_none_is_refused(page: str, post: Post, forge: Forge, tmp_path: Path) -> None:
    path = tmp_path / "bad.md"
    path.write_bytes(page.encode(errors="surrogateescape"))
    with pytest.raises(SystemExit) as stopped:
        main(["comment", str(path), "--on", "github"])
    assert (stopped.value.code, forge.log) == (2, [])


@pytest.mark.parametrize("name", ["", "a -->", "a b", "-x", "x" * 51, "é"])
def test_a_name_cannot_end_the_marker(name: str, post: Post, forge: Forge) -> None:
    code, _, err = post(PAGE, "--on", "github", "--marker", name)
    assert (code, "--marker: must be" in err, forge.log) == (2, True, [])


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("no change\n", True), ("no change\n\nThis change touches no stack.\n", True),
        ("no change in who can reach what\r\n\r\nmore", True),
        ("no change in who can reach what in 12 stacks\n\n### `a`: no change\n", True),
        ("no change in who can reach what; **1 risk**\n\n### Risks\n", False),
        ("no change in who can reach what in 2 stacks; 2 risks as before\n", False),
        ("no change 1 not understood\n", False), ("no change, 3", False), ("# No change: aws", False),
        ("no changes could be read", False), ("no change-over", False), ("wider; no change elsewhere", False),
        ("narrower", False), ("incomplete: no preview of a", False), ("wider\nno change\n", False),
    ],
)  # fmt: skip
def test_only_a_page_with_nothing_to_tell_says_that_nothing_changes(page: str, expected: bool) -> None:
    assert is_no_change(page) is expected

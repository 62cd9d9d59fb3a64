"""The token: what a person copies gives the same run back, and what was mistyped gives none."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livekit_firewall.probe.wire.token import PREFIX, SECRET_SIZE, Token

tokens = st.builds(Token, st.binary(min_size=SECRET_SIZE, max_size=SECRET_SIZE), st.integers(0, 2**32 - 1))
LETTERS = string.ascii_letters + string.digits + "-_"
ONE = Token(bytes(range(SECRET_SIZE)), 1_800_000_000)


@given(tokens, st.sampled_from(["", " ", "\n", "\t \r\n"]))
def test_a_token_is_what_its_text_says(token, space):
    assert Token.parse(f"{space}{token.text()}{space}") == token


def test_a_token_is_one_word_that_every_shell_takes_as_it_is():
    text = ONE.text()
    assert text.startswith(PREFIX)
    assert set(text.removeprefix(PREFIX)) <= set(LETTERS)
    assert len(text) == len(PREFIX) + 43


def test_a_new_token_is_random_has_192_bits_and_expires_at_the_given_time():
    some = {Token.new(seconds=300, now=1000.9).secret for _ in range(100)}
    assert len(some) == 100
    assert {len(secret) * 8 for secret in some} == {192}
    assert Token.new(seconds=300, now=1000.9).expires == 1300


@pytest.mark.parametrize("at", range(len(ONE.text())))
def test_a_token_with_one_other_letter_is_refused(at):
    """Also the last one, of which two bits say nothing; and the letters of the other base64 alphabet."""
    text = ONE.text()
    for letter in LETTERS + "+/=. é":
        if letter != text[at]:
            with pytest.raises(ValueError, match="copy the whole line"):
                Token.parse(text[:at] + letter + text[at + 1 :])


def test_a_token_that_is_cut_or_has_more_is_refused():
    text = ONE.text()
    for length in range(len(text)):
        with pytest.raises(ValueError, match="copy the whole line"):
            Token.parse(text[:length])
    for more in ("A", "AAAA", "=", "==", text, " " + text):
        with pytest.raises(ValueError, match="the token is cut or mistyped"):
            Token.parse(text + more)


@given(st.text(max_size=100) | st.text(LETTERS, max_size=60).map(PREFIX.__add__))
def test_any_other_text_is_refused_in_words_and_is_not_shown(text):
    with pytest.raises(ValueError, match="copy the whole line that `probe listen` printed") as refused:
        Token.parse(text)
    assert refused.value.args[0] in (
        f"a token begins with {PREFIX}; copy the whole line that `probe listen` printed",
        "the token is cut or mistyped; copy the whole line that `probe listen` printed",
    )


def test_the_secret_is_not_in_what_a_log_shows():
    assert repr(ONE) == str(ONE) == f"{ONE}" == "Token(<secret>, expires=1800000000)"


def test_no_name_that_is_derived_has_anything_in_common_with_another_or_with_the_secret():
    purposes = ["selector", "reply selector", "request mac", "reply mac", "request seal", "reply seal"]
    derived = [ONE.derive(purpose, 32) for purpose in purposes]
    pieces = [one[at : at + 4] for one in [*derived, ONE.secret] for at in range(0, len(one), 4)]
    assert len(set(pieces)) == len(pieces)
    other = Token(ONE.secret[:-1] + b"\0", ONE.expires)
    assert other.derive("selector", 8) != ONE.derive("selector", 8)
    assert [len(ONE.derive("selector", size)) for size in (8, 32)] == [8, 32]

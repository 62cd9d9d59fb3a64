"""A command line as Compose splits it into words (mattn/go-shellwords without variables and backticks)."""

from __future__ import annotations


def split_words(text: str) -> tuple[str, ...]:
    """The words of `command: livekit-server --config "/etc/livekit.yaml"`; the rest after `;`, `&`, `|`, `<`, `>` is
    dropped.

    Raises:
        ValueError: a quote or a bracket is not closed, or is in a wrong position.
    """
    words: list[str] = []
    word, has_word, is_escaped = "", False, False
    open_: set[str] = set()  # open double quotes, single quotes, backticks and `$(`
    for sign in text:
        if is_escaped:
            word, has_word, is_escaped = word + sign, True, False
        elif sign == "\\" and "'" not in open_:
            is_escaped = True
        elif sign in " \t\r\n":
            if open_:
                word += sign
            elif has_word:
                words.append(word)
                word, has_word = "", False
        elif sign in _HIDDEN_BY and sign not in "`)(" and not open_ & _HIDDEN_BY[sign]:
            has_word = has_word or sign in open_
            open_ ^= {sign}
        elif sign == "(" and not open_ & _HIDDEN_BY[sign]:
            if "$" in open_ or not word.endswith("$"):
                raise ValueError("must not hold a bracket outside of quotes")
            word, open_ = word + sign, open_ | {"$"}
        elif sign in ";&|<>" and not open_:
            if sign == ">" and word[:1].isdigit():
                has_word = False
            break
        else:
            if sign in "`)" and not open_ & _HIDDEN_BY[sign]:
                open_ ^= {"`" if sign == "`" else "$"}
            word, has_word = word + sign, True
    if open_ or is_escaped:
        raise ValueError("must close its quotes and brackets")
    return (*words, word) if has_word else tuple(words)


_HIDDEN_BY = {'"': {"'", "$"}, "'": {'"', "$"}, "`": {"'", '"', "$"}, ")": {"'", '"', "`"}, "(": {"'", '"', "`"}}
"""A quote or bracket to the open ones within which it is plain text."""

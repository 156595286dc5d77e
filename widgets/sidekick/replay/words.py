"""Python in colors: the words of each line, with the color that JupyterLab's editor gives them."""

from __future__ import annotations

import io
import keyword
import token
import tokenize
from collections.abc import Sequence
from typing import Final, TypeAlias

Word: TypeAlias = "tuple[str, str | None]"  # the text, and its color as CSS has it

_KEYWORD: Final = "var(--jp-mirror-editor-keyword-color, light-dark(#00702c, #7ee787))"
_STRING: Final = "var(--jp-mirror-editor-string-color, light-dark(#b02020, #ffa198))"
_NUMBER: Final = "var(--jp-mirror-editor-number-color, light-dark(#06705a, #79c0ff))"
_COMMENT: Final = "var(--jp-mirror-editor-comment-color, light-dark(#4c7a7a, #8b949e))"
_STRINGS: Final = {
    token.STRING,
    *(getattr(token, name) for name in ("FSTRING_START", "FSTRING_MIDDLE", "FSTRING_END") if hasattr(token, name)),
    *(getattr(token, name) for name in ("TSTRING_START", "TSTRING_MIDDLE", "TSTRING_END") if hasattr(token, name)),
}


def colored(lines: Sequence[str]) -> list[list[Word]]:
    """The words of each line. What is no Python, as a magic, keeps the color of the text."""
    spans: list[list[tuple[int, int, str]]] = [[] for _ in lines]
    source = "".join(f"{_without_magic(line)}\n" for line in lines)
    try:
        for each in tokenize.generate_tokens(io.StringIO(source).readline):
            color = _color(each)
            if color is None:
                continue
            (first, start), (last, end) = each.start, each.end
            for number in range(first, min(last, len(lines)) + 1):
                line = lines[number - 1]
                spans[number - 1].append((start if number == first else 0, end if number == last else len(line), color))
    except (tokenize.TokenError, SyntaxError):  # the rest is not colored
        pass
    return [_words(line, found) for line, found in zip(lines, spans, strict=True)]


def _without_magic(line: str) -> str:
    return "" if line.lstrip().startswith(("%", "!", "?")) else line


def _color(each: tokenize.TokenInfo) -> str | None:
    if each.type in _STRINGS:
        return _STRING
    if each.type == token.NUMBER:
        return _NUMBER
    if each.type == tokenize.COMMENT:
        return _COMMENT
    return _KEYWORD if each.type == token.NAME and keyword.iskeyword(each.string) else None


def _words(line: str, spans: Sequence[tuple[int, int, str]]) -> list[Word]:
    words: list[Word] = []
    at = 0
    for start, end, color in spans:
        if start > at:
            words.append((line[at:start], None))
        if end > max(at, start):
            words.append((line[max(at, start) : end], color))
        at = max(at, end)
    if at < len(line):
        words.append((line[at:], None))
    return words

"""No secret of an app gets into a page, whatever its source does to get it there."""

from __future__ import annotations

import ast
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from types import CodeType
from typing import Any

import pytest

from flow.compiler import Split, SplitError, split
from support.hostile_apps import CASES, SECRET, Case


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_no_secret_gets_into_a_page(case: Case, tmp_path: Path) -> None:
    if not case.is_python:
        pytest.skip("is no Python before")
    entry = case.write(tmp_path)
    if case.refused is not None:
        with pytest.raises(SplitError) as caught:
            split(entry, rules=case.rules)
        told = [(Path(each.path).name, each.line, " -> ".join(each.chain)) for each in caught.value.findings]
        expected = case.refused
        assert any(
            file == Path(expected.file).name and line == expected.line and chain.startswith(expected.chain)
            for file, line, chain in told
        ), told
        return
    made = split(entry, rules=case.rules)
    assert not [*leaks(made)]
    for each in case.has:
        assert any(each in source for source in made.sources.values()), made.sources


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 60
    assert len({case.title for case in CASES}) == len(CASES)


def test_the_search_finds_the_secret_in_every_form() -> None:
    for source in (
        "a = 'sesame'",
        "a = 'ses' 'ame'",
        "a = b'se\\x73ame'",
        "def f(sesame): 0",
        "# SESAME",
        "a = 'ses' + 'ame'",
    ):
        assert [*leaks(Split("app", {"app": source}, {}, frozenset(), ()))], source
    assert not [*leaks(Split("app", {"app": "a = 'open'"}, {}, frozenset(), ()))]


def leaks(made: Split) -> Iterator[str]:
    """Where the secret is: in a text, its escapes, or in the constants and names of the code."""
    for name, source in made.sources.items():
        code = compile(source, name, "exec", dont_inherit=True)
        texts = [
            source,
            *texts_of(code),
            *(str(each.value) for each in ast.walk(ast.parse(source)) if isinstance(each, ast.Constant)),
        ]
        for text in texts:
            if SECRET in unicodedata.normalize("NFKC", text).casefold():
                yield f"{name}: {text}"


def texts_of(code: CodeType) -> Iterator[str]:
    """Each text in a code object, and in those in it."""
    yield from (*code.co_names, *code.co_varnames, *code.co_freevars, code.co_name)
    waiting: list[Any] = [*code.co_consts]
    while waiting:
        each = waiting.pop()
        if isinstance(each, CodeType):
            yield from texts_of(each)
        elif isinstance(each, tuple | frozenset):
            waiting += each
        else:
            yield each.decode("latin-1") if isinstance(each, bytes) else str(each)

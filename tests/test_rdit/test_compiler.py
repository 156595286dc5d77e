"""The kernel's compiler: the same names as ipykernel's, and each text parsed once."""

from __future__ import annotations

import ast

from hypothesis import given
from hypothesis import strategies as st
from ipykernel.compiler import get_file_name, murmur2_x86

from rdit.compiler import RditCompiler, murmur2


@given(st.text(max_size=60), st.integers(min_value=0, max_value=2**32 - 1))
def test_the_hash_is_the_one_that_front_ends_compute(text: str, seed: int) -> None:
    text = text.encode("utf8", "ignore").decode("utf8")
    assert murmur2(text.encode("utf8"), seed) == murmur2_x86(text, seed)


def test_a_cell_has_the_file_name_that_breakpoints_use() -> None:
    code = "x = 'é'\n1/0\n"
    assert RditCompiler().get_code_name(code, code, 1) == get_file_name(code)


def test_what_was_parsed_ahead_is_given_away_once() -> None:
    compiler = RditCompiler()
    compiler.parse_ahead("x = 1\n", "<cell>")
    first = compiler.ast_parse("x = 1\n", "<cell>")
    second = compiler.ast_parse("x = 1\n", "<cell>")
    assert first is not second
    assert ast.dump(first) == ast.dump(second)


def test_another_text_is_never_answered_with_what_was_parsed_ahead() -> None:
    compiler = RditCompiler()
    compiler.parse_ahead("x = 1\n", "<cell>")
    assert "'y'" in ast.dump(compiler.ast_parse("y = 1\n", "<cell>"))

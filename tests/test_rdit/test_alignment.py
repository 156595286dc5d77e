"""Which items of two sequences belong together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rdit.alignment import aligned

words = st.lists(st.sampled_from("abc"), max_size=12)


@given(words, words)
def test_blocks_are_equal_in_order_and_apart(before: list[str], after: list[str]) -> None:
    blocks = aligned(before, after)
    assert blocks[-1] == (len(before), len(after), 0)
    ends = (0, 0)
    for i, j, size in blocks:
        assert before[i : i + size] == after[j : j + size]
        assert (i, j) >= ends
        assert i >= ends[0]
        assert j >= ends[1]
        ends = (i + size, j + size)


@pytest.mark.parametrize(
    ("before", "after", "blocks"),
    [
        ("abcd", "abcd", [(0, 0, 4)]),
        ("abcd", "abxd", [(0, 0, 2), (3, 3, 1)]),
        ("bcd", "abcd", [(0, 1, 3)]),
        ("abcd", "acd", [(0, 0, 1), (2, 1, 2)]),
        ("", "ab", []),
        ("ab", "xy", []),
    ],
)
def test_what_is_alike_is_paired(before: str, after: str, blocks: list[tuple[int, int, int]]) -> None:
    assert aligned(before, after)[:-1] == blocks


def test_a_long_text_with_one_change_is_paired_around_it() -> None:
    # Item by item this would be a hundred million comparisons.
    assert aligned(["x"] * 10_000, ["x"] * 5_000 + ["y"] + ["x"] * 5_000)[0] == (0, 0, 5_000)
    assert aligned(["x", "y"] * 5_000, ["y", "x"] * 5_000) == [(10_000, 10_000, 0)]

"""Values of all kinds, as a Viz may be given them, and all that it tells of one."""

from __future__ import annotations

import dataclasses
import types
from collections import deque
from typing import Any, NamedTuple

from hypothesis import strategies as st

from sidekick import ObservableValue
from sidekick.viz.look import look


class Point(NamedTuple):
    """A tuple with names."""

    x: Any
    y: Any


@dataclasses.dataclass
class Player:
    """An object with a default."""

    score: int
    name: str = "Ada"


def all_told(value: Any, depth: int = 6) -> Any:
    """All that is told of a value."""
    node = look(value)
    inside = [(entry.shown, all_told(entry.value, depth - 1)) for entry in node.entries(0, 50)] if depth else ()
    return node.type, node.text, node.length, node.is_tracked, inside


def no_id(value: object) -> str:
    """No id is made of a value: that would run its code."""
    return ""


_leaves = st.one_of(
    *(st.none(), st.booleans(), st.integers(), st.floats(), st.complex_numbers(), st.text(), st.binary()),
    *(st.dates(), st.decimals(), st.fractions(), st.timedeltas(), st.uuids(), st.text('\ud800\udfffé\n"')),
)
_keys = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.tuples(st.integers(), st.text()))
VALUES = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        st.lists(inner),
        st.dictionaries(_keys, inner),
        st.lists(inner).map(tuple),
        st.lists(inner).map(deque),
        st.frozensets(_keys),
        st.sets(_keys),
        st.builds(types.SimpleNamespace, a=inner),
        inner.map(ObservableValue),
    ),
    max_leaves=40,
)

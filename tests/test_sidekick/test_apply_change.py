"""Replaying: the changes that were told, applied to a deep copy of the start, always give the value.

The laws are state machines. Each has an observed value and a plain twin, and does the same to both: whatever a random
container somewhere inside can do, right or wrong. The two must answer alike, raise alike, and stay equal; what failed
has told nothing and changed nothing; and a replica that hears of nothing but the changes must equal the value.
"""

from __future__ import annotations

import copy
import operator
import warnings
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from sidekick import ObservableValue, apply_change

np = pytest.importorskip("numpy")

MANY = 80  # containers and items; bigger values say nothing new


@dataclass
class Thing:
    """An object with attributes, a property that is set, and methods that change what is inside."""

    name: Any = None
    parts: Any = field(default_factory=list)

    @property
    def label(self) -> Any:
        return f"<{self.name}>"

    @label.setter
    def label(self, new: Any) -> None:
        if new is None:
            raise ValueError("no label")
        self.name = new
        self.labelled = True

    def grow(self, item: Any) -> int:
        self.parts = [*self.parts, item] if isinstance(self.parts, list) else [item]
        self.parts.append(item)
        self.grown = getattr(self, "grown", 0) + 1
        return len(self.parts)

    def shuffle(self) -> None:
        if isinstance(self.parts, list):
            self.parts.reverse()
        self.other, self.name = self.name, getattr(self, "other", None)

    def fail(self) -> None:
        self.name = "half"
        raise RuntimeError("half way")


class Slotted:
    __slots__ = ("left", "right")

    def __init__(self, left: Any) -> None:
        self.left = left

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Slotted) and _state(self) == _state(other)

    __hash__ = None  # type: ignore[assignment]


def _state(thing: Any) -> Any:
    if isinstance(thing, Slotted):
        return {name: getattr(thing, name) for name in Slotted.__slots__ if hasattr(thing, name)}
    return vars(thing)


def same(one: Any, other: Any) -> bool:
    """Equal in every respect: kinds, order of dicts, greatest lengths, shapes."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        return one.shape == other.shape and one.dtype == other.dtype and bool((one == other).all())
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, (list, tuple, deque)):
        alike = len(one) == len(other) and all(map(same, one, other))
        return alike and getattr(one, "maxlen", 0) == getattr(other, "maxlen", 0)
    if isinstance(one, (Thing, Slotted)):
        return set(_state(one)) == set(_state(other)) and all(
            same(each, _state(other)[name]) for name, each in _state(one).items()
        )
    return bool(one == other)


def size(value: Any) -> int:
    return 1 + sum(map(size, inside(value).values()))


def inside(value: Any) -> dict[Any, Any]:
    """What is inside of a value, by how to get it."""
    if isinstance(value, (list, tuple, deque)):
        return dict(enumerate(value))
    if isinstance(value, dict):
        return dict(value)
    return {f".{name}": each for name, each in _state(value).items()} if isinstance(value, (Thing, Slotted)) else {}


def get(value: Any, step: Any) -> Any:
    return getattr(value, step[1:]) if isinstance(step, str) and step.startswith(".") else value[step]


small = st.integers(-2, 3)
keys = st.sampled_from(["a", "b", "c", 1, (1, 2)])
leaves = small | st.sampled_from(["x", "y", None, 1.5, (1, "z")])
slices = st.builds(
    slice, st.none() | st.integers(-4, 5), st.none() | st.integers(-4, 5), st.sampled_from([None, 1, 2, -1, -2])
)
arrays = st.tuples(st.integers(1, 3), st.integers(1, 3)).map(
    lambda shape: np.arange(shape[0] * shape[1]).reshape(shape).copy()
)


def nested(items: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    few = st.lists(items, max_size=3)
    return st.one_of(
        few,
        st.dictionaries(keys, items, max_size=3),
        st.dictionaries(keys, items, max_size=2).map(OrderedDict),
        st.tuples(few, st.none() | st.integers(0, 4)).map(lambda made: deque(*made)),
        st.tuples(items, items),
        st.builds(Thing, items, few),
        st.builds(Slotted, items),
    )


plain_sets = st.sets(small | st.sampled_from(["x", "y"]), max_size=4)
values = st.recursive(leaves | plain_sets | st.binary(max_size=4).map(bytearray) | arrays, nested, max_leaves=5)

# What can be done, by the kind of container: functions of the container and of what was drawn.
Step = Callable[..., Any]


def call(name: str, *drawn: st.SearchStrategy[Any]) -> tuple[Step, tuple[st.SearchStrategy[Any], ...]]:
    return (lambda container, *args: getattr(container, name)(*args)), drawn


def do(operation: Step, *drawn: st.SearchStrategy[Any]) -> tuple[Step, tuple[st.SearchStrategy[Any], ...]]:
    return operation, drawn


def in_place(operation: Step) -> Step:
    """An operator whose answer is compared by its value, for in place it is the container itself."""

    def run(container: Any, other: Any) -> Any:
        operation(container, other)

    return run


def size_key(item: Any) -> str:
    return str(type(item))


SOME = st.lists(values, max_size=3)
WRONG = st.sampled_from([None, 7, "no"])
SEQUENCE = [
    call("append", values),
    call("insert", small, values),
    call("remove", leaves),
    call("clear"),
    call("extend", SOME),
    call("extend", WRONG),
    call("reverse"),
    call("count", leaves),
    call("index", leaves),
    do(operator.setitem, small, values),
    do(operator.setitem, WRONG, values),
    do(operator.delitem, small),
    do(in_place(operator.iadd), SOME),
    do(in_place(operator.iadd), WRONG),
    do(in_place(operator.imul), st.integers(-1, 2)),
    do(in_place(operator.imul), WRONG.filter(lambda wrong: wrong != 7)),
]
SLICES = [
    do(operator.setitem, slices, SOME),
    do(operator.setitem, slices, WRONG),
    do(operator.delitem, slices),
    do(lambda container, key: len(container[key]), slices),
]
OPERATIONS: dict[type, list[tuple[Step, tuple[st.SearchStrategy[Any], ...]]]] = {
    list: [
        *SEQUENCE,
        *SLICES,
        call("pop"),
        call("pop", small),
        call("sort"),
        do(lambda container: container.sort(key=size_key, reverse=True)),
        do(lambda container: container.extend(container)),
        do(lambda container, key: operator.setitem(container, key, container), slices),
    ],
    deque: [
        *SEQUENCE,
        *(call(name) for name in ("pop", "popleft", "rotate")),
        call("rotate", small),
        call("appendleft", values),
        call("extendleft", SOME),
    ],
    bytearray: [
        *(call(name) for name in ("pop", "clear", "reverse", "hex", "upper")),
        *(call(name, st.integers(-1, 256)) for name in ("append", "remove", "pop")),
        call("insert", small, st.integers(0, 256)),
        *(call("extend", made) for made in (st.binary(max_size=3), WRONG, st.lists(st.integers(0, 256), max_size=3))),
        *(do(in_place(operator.iadd), made) for made in (st.binary(max_size=3), WRONG)),
        do(in_place(operator.imul), st.integers(-1, 2)),
        do(operator.setitem, small, st.integers(-1, 256)),
        do(operator.setitem, slices, st.binary(max_size=3)),
        do(operator.setitem, slices, WRONG.filter(lambda wrong: wrong != 7)),
        do(operator.delitem, slices),
    ],
    dict: [
        do(operator.setitem, keys, values),
        do(operator.setitem, st.builds(list), values),
        do(operator.delitem, keys),
        do(operator.delitem, st.builds(list)),
        call("pop", keys),
        call("pop", keys, leaves),
        call("setdefault", keys, leaves),
        call("setdefault", keys),
        *(call(name) for name in ("popitem", "clear", "copy")),
        call("update", st.dictionaries(keys, values, max_size=3)),
        call("update", st.lists(st.tuples(keys, values), max_size=3)),
        call("update", WRONG),
        do(lambda container, item: container.update({"a": 1}, b=item), values),
        do(in_place(operator.ior), st.dictionaries(keys, values, max_size=3)),
        do(in_place(operator.ior), WRONG),
        call("get", keys),
    ],
    set: [
        *(call(name, small) for name in ("add", "discard", "remove")),
        call("add", st.builds(list)),
        call("remove", st.builds(list)),
        call("clear"),
        *(
            call(f"{name}update", made)
            for name in ("", "difference_", "intersection_", "symmetric_difference_")
            for made in (plain_sets, st.lists(small, max_size=3), WRONG)
        ),
        call("update", plain_sets, plain_sets),
        *(
            do(in_place(operation), made)
            for operation in (operator.ior, operator.iand, operator.isub, operator.ixor)
            for made in (plain_sets, WRONG)
        ),
        do(lambda container: len(container) and container.discard(min(container, key=str))),
    ],
    Thing: [
        *(do(setattr, st.just(name), values) for name in ("name", "parts", "new", "label")),
        *(do(delattr, st.just(name)) for name in ("name", "new", "label", "missing")),
        call("grow", values),
        call("shuffle"),
        call("fail"),
    ],
    Slotted: [
        *(do(setattr, st.just(name), values) for name in ("left", "right", "missing")),
        *(do(delattr, st.just(name)) for name in ("left", "right")),
    ],
    np.ndarray: [
        do(operator.setitem, small, small),
        do(operator.setitem, st.tuples(small, small), small),
        do(operator.setitem, slices, small),
        do(operator.setitem, st.tuples(st.just(...), small), st.lists(small, max_size=3)),
        do(lambda container, row, column, item: operator.setitem(container[row], column, item), small, small, small),
        do(lambda container, item: operator.setitem(container, container > 1, item), small),
        do(lambda container, row: in_place(operator.iadd)(container[row], 1), small),
        *(
            do(in_place(operation), small)
            for operation in (operator.iadd, operator.imul, operator.ipow, operator.itruediv)
        ),
        call("fill", small),
        call("sort"),
        call("partition", small),
        call("put", small, small),
        call("sum"),
        do(lambda container: np.add(container, 1, out=container) is container),
        do(lambda container: container.T.fill(3)),
        do(lambda container: np.copyto(container, 4)),
        do(operator.delitem, small),
    ],
}
OPERATIONS[OrderedDict] = [
    *OPERATIONS[dict],
    call("move_to_end", keys),
    do(lambda container: container.popitem(last=False)),
]


def outcome(step: Step, *args: Any) -> tuple[Any, Any]:
    """What a step gives, or the kind and the words of what it raises."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return step(*args), None
    except Exception as error:
        return None, (type(error), str(error))


class Replaying(RuleBasedStateMachine):
    """See the module. ``start`` makes the value that is observed."""

    start: ClassVar[st.SearchStrategy[Any]] = values

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        start = data.draw(self.start)
        self.twin = copy.deepcopy(start)
        self.replica = copy.deepcopy(start)
        self.observed = ObservableValue(start)
        self.heard: list[dict[str, Any]] = []
        self.observed.subscribe(lambda change: self.heard.append(copy.deepcopy(change)))

    def somewhere(self, data: st.DataObject) -> list[Any]:
        """The steps to a random container inside."""
        steps: list[Any] = []
        value = self.twin
        while True:
            ways = [step for step, each in inside(value).items() if type(each) in OPERATIONS or inside(each)]
            if not ways or (type(value) in OPERATIONS and data.draw(st.booleans(), label="stay")):
                return steps
            steps.append(data.draw(st.sampled_from(ways), label="step"))
            value = get(value, steps[-1])

    def at(self, value: Any, steps: list[Any]) -> Any:
        for step in steps:
            value = get(value, step)
        return value

    @rule(data=st.data())
    def change_something(self, data: st.DataObject) -> None:
        steps = self.somewhere(data)
        container = self.at(self.twin, steps)
        choices = OPERATIONS.get(type(container))
        if not choices:
            return
        step, drawn = data.draw(st.sampled_from(choices), label=type(container).__name__)
        args = [data.draw(each) for each in drawn]
        if size(self.twin) + sum(map(size, args)) > MANY:
            return
        before, told = copy.deepcopy(self.observed.get()), len(self.heard)
        expected, error = outcome(step, container, *copy.deepcopy(args))
        result, raised = outcome(step, self.at(self.observed, steps), *copy.deepcopy(args))
        assert raised == error
        assert error is not None or same(copy.deepcopy(result), expected)
        if error is not None and error[0] is not RuntimeError:  # a method of the user's may fail half way
            assert len(self.heard) == told
            assert same(self.observed.get(), before)
            self.twin = copy.deepcopy(before)

    @rule(data=st.data())
    def put_one_thing_in_two_places(self, data: st.DataObject) -> None:
        source, target = self.somewhere(data), self.somewhere(data)
        container = self.at(self.twin, target)
        if not isinstance(container, (list, dict)) or source == target[: len(source)]:
            return
        shared = self.at(self.twin, source)
        if size(self.twin) + size(shared) > MANY or is_inside(container, shared):
            return
        if isinstance(container, list):
            container.append(shared)
            self.at(self.observed, target).append(self.at(self.observed, source))
        else:
            key = data.draw(keys)
            container[key] = shared
            self.at(self.observed, target)[key] = self.at(self.observed, source)

    @rule(data=st.data())
    def put_another_value_in_its_place(self, data: st.DataObject) -> None:
        new = data.draw(self.start)
        self.twin = copy.deepcopy(new)
        self.observed.set(new)

    @invariant()
    def the_changes_give_the_value(self) -> None:
        for change in self.heard:
            assert set(change) == {"type", "path", "value", "key", "old_value", "length"}
            self.replica = apply_change(self.replica, change)
        self.heard.clear()
        assert same(self.observed.get(), self.twin)
        assert same(self.replica, self.twin)


def is_inside(one: Any, other: Any) -> bool:
    return one is other or any(is_inside(one, each) for each in inside(other).values())


few = st.lists(values, max_size=3)
STARTS: dict[str, st.SearchStrategy[Any]] = {
    "list": few,
    "dict": st.dictionaries(keys, values, max_size=3),
    "set": plain_sets,
    "deque": st.tuples(few, st.none() | st.integers(0, 4)).map(lambda made: deque(*made)),
    "bytearray": st.binary(max_size=5).map(bytearray),
    "object": st.builds(Thing, values, few) | st.builds(Slotted, values),
    "array": arrays | st.lists(arrays, min_size=1, max_size=2),
    "mixed": nested(values),
}


@pytest.mark.parametrize("kind", STARTS)
def test_all_changes_applied_to_a_copy_of_the_start_give_the_value(kind: str) -> None:
    machine = type(f"Replaying{kind.title()}", (Replaying,), {"start": STARTS[kind]})
    run_state_machine_as_test(machine, settings=settings(max_examples=25, stateful_step_count=20, deadline=None))

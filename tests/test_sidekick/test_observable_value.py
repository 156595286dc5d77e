"""ObservableValue's own side: what it tells, to whom, what it refuses, and how it is copied, compared and shown."""

from __future__ import annotations

import copy
import gc
import json
import logging
import pickle
import weakref
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable
from typing import Any

import pytest

import sidekick
from sidekick import ObservableValue

Told = list[dict[str, Any]]


def told(value: Any, change: Callable[[ObservableValue[Any]], object]) -> Told:
    """What the subscriber of an observed value hears of a change."""
    observed, heard = ObservableValue(value), Told()
    observed.subscribe(heard.append)
    change(observed)
    return heard


def row(kind: str, path: list[Any], value: Any, key: Any, old_value: Any, length: int | None) -> dict[str, Any]:
    return {"type": kind, "path": path, "value": value, "key": key, "old_value": old_value, "length": length}


def setting(key: Any, item: Any) -> Callable[[Any], None]:
    return lambda observed: observed.__setitem__(key, item)


ROWS: dict[str, tuple[Any, Callable[[ObservableValue[Any]], object], Told]] = {
    "set": ([1], lambda o: o.set([2]), [row("set", [], [2], None, [1], None)]),
    "append": ([1], lambda o: o.append(5), [row("append", [1], 5, None, None, 2)]),
    "insert": ([1], lambda o: o.insert(0, 5), [row("insert", [0], 5, None, None, 2)]),
    "insert before the start": ([1], lambda o: o.insert(-9, 5), [row("insert", [-9], 5, None, None, 2)]),
    "insert after the end": ([1], lambda o: o.insert(9, 5), [row("insert", [9], 5, None, None, 2)]),
    "pop": ([1, 2], lambda o: o.pop(), [row("pop", [1], None, None, 2, 1)]),
    "pop from the end": ([1, 2, 3], lambda o: o.pop(-2), [row("pop", [1], None, None, 2, 2)]),
    "remove": ([1, 2], lambda o: o.remove(2), [row("remove", [1], None, None, 2, 1)]),
    "clear": ([1, 2], lambda o: o.clear(), [row("clear", [], [], None, None, 0)]),
    "clear of an empty list": ([], lambda o: o.clear(), [row("clear", [], [], None, None, 0)]),
    "clear of a dict": ({1: 2}, lambda o: o.clear(), [row("clear", [], {}, None, None, 0)]),
    "clear of a set": ({1}, lambda o: o.clear(), [row("clear", [], set(), None, None, 0)]),
    "an item": ([1, 2], setting(1, 5), [row("setitem", [1], 5, None, 2, None)]),
    "an item from the end": ([1, 2], setting(-1, 5), [row("setitem", [-1], 5, None, None, None)]),
    "a key": ({"a": 1}, setting("a", 5), [row("setitem", ["a"], 5, "a", 1, None)]),
    "a new key": ({}, setting(None, 5), [row("setitem", [None], 5, None, None, None)]),
    "del of an item": ([1, 2], lambda o: o.__delitem__(-1), [row("delitem", [-1], None, None, 2, 1)]),
    "del of a key": ({"a": 1}, lambda o: o.__delitem__("a"), [row("delitem", ["a"], None, "a", 1, 0)]),
    "update": (
        {"a": 1},
        lambda o: o.update({"b": 2}, a=3),
        [row("setitem", ["b"], 2, "b", None, None), row("setitem", ["a"], 3, "a", 1, None)],
    ),
    "add": ({1}, lambda o: o.add(2), [row("add_set", [], 2, None, None, 2)]),
    "add of what is in": ({1}, lambda o: o.add(1), []),
    "discard": ({1, 2}, lambda o: o.discard(2), [row("discard_set", [], None, None, 2, 1)]),
    "discard of what is not in": ({1}, lambda o: o.discard(2), []),
    # and what the original did not tell
    "extend": ([1], lambda o: o.extend([2, 3]), [row("extend", [1], [2, 3], None, None, 3)]),
    "extend by nothing": ([1], lambda o: o.extend([]), []),
    "+=": ([1], lambda o: o.__iadd__((2,)), [row("extend", [1], [2], None, None, 2)]),
    "*=": ([1], lambda o: o.__imul__(2), [row("extend", [1], [1], None, None, 2)]),
    "*= 0": ([1], lambda o: o.__imul__(0), [row("clear", [], [], None, None, 0)]),
    "+= of a number": (1, lambda o: o.__iadd__(2), [row("set", [], 3, None, 1, None)]),
    "sort": ([2, 1], lambda o: o.sort(), [row("sort", [], [1, 2], None, [2, 1], 2)]),
    "reverse": ([2, 1], lambda o: o.reverse(), [row("reverse", [], [1, 2], None, [2, 1], 2)]),
    "a slice": ([1, 2, 3], setting(slice(0, 2), [5]), [row("setitem", [slice(0, 2)], [5], None, [1, 2], 2)]),
    "every second item": (
        [1, 2, 3],
        setting(slice(None, None, 2), "ab"),
        [row("setitem", [slice(None, None, 2)], ["a", "b"], None, [1, 3], 3)],
    ),
    "del of a slice": (
        [1, 2, 3],
        lambda o: o.__delitem__(slice(1, None)),
        [row("delitem", [slice(1, None)], None, None, [2, 3], 1)],
    ),
    "pop of a key": ({"a": 1}, lambda o: o.pop("a"), [row("delitem", ["a"], None, "a", 1, 0)]),
    "pop of no key": ({"a": 1}, lambda o: o.pop("b", None), []),
    "popitem": ({"a": 1}, lambda o: o.popitem(), [row("delitem", ["a"], None, "a", 1, 0)]),
    "setdefault": ({}, lambda o: o.setdefault("a", 1), [row("setitem", ["a"], 1, "a", None, None)]),
    "setdefault of what is there": ({"a": 0}, lambda o: o.setdefault("a", 1), []),
    "|= of a dict": ({}, lambda o: o.__ior__({"a": 1}), [row("setitem", ["a"], 1, "a", None, None)]),
    "reading a defaultdict": (defaultdict(int), lambda o: o["a"], [row("setitem", ["a"], 0, "a", None, None)]),
    "popitem of the first": (
        OrderedDict(a=1, b=2),
        lambda o: o.popitem(last=False),
        [row("delitem", ["a"], None, "a", 1, 1)],
    ),
    "moving to the end": (
        OrderedDict(a=1, b=2),
        lambda o: o.move_to_end("a"),
        [
            row("clear", [], OrderedDict(b=2, a=1), None, None, 0),
            row("setitem", ["b"], 2, "b", None, None),
            row("setitem", ["a"], 1, "a", None, None),
        ],
    ),
    "counting": (Counter("a"), lambda o: o.update("a"), [row("setitem", ["a"], 2, "a", 1, None)]),
    "|= of a set": ({1}, lambda o: o.__ior__({2}), [row("add_set", [], 2, None, None, 2)]),
    "-= of a set": ({1}, lambda o: o.__isub__({1}), [row("discard_set", [], None, None, 1, 0)]),
    "&= of a set": ({1}, lambda o: o.__iand__({2}), [row("discard_set", [], None, None, 1, 0)]),
    "^= of a set": ({1}, lambda o: o.__ixor__({1}), [row("discard_set", [], None, None, 1, 0)]),
    "pop of a set": ({1}, lambda o: o.pop(), [row("discard_set", [], None, None, 1, 0)]),
    "appendleft": (deque([1]), lambda o: o.appendleft(0), [row("insert", [0], 0, None, None, 2)]),
    "popleft": (deque([1]), lambda o: o.popleft(), [row("pop", [0], None, None, 1, 0)]),
    "rotate": (deque([1, 2]), lambda o: o.rotate(), [row("rotate", [], [2, 1], None, [1, 2], 2)]),
    "append to a full deque": (
        deque([1, 2], 2),
        lambda o: o.append(3),
        [row("delitem", [0], None, None, 1, 1), row("append", [1], 3, None, None, 2)],
    ),
    "bytes": (bytearray(b"a"), lambda o: o.extend(b"bc"), [row("extend", [1], b"bc", None, None, 3)]),
    "notify": ([1], lambda o: o.notify(), [row("set", [], [1], None, [1], None)]),
    "touch": ([1], lambda o: o.touch(), [row("set", [], [1], None, [1], None)]),
}


@pytest.mark.parametrize("name", ROWS)
def test_a_change_is_told_with_six_keys(name: str) -> None:
    value, change, expected = ROWS[name]
    assert told(copy.deepcopy(value), change) == expected


WRONG: dict[str, tuple[Any, Callable[[ObservableValue[Any]], object], type[Exception], str]] = {
    "append to a dict": (
        {},
        lambda o: o.append(1),
        TypeError,
        "append() needs a mutable sequence, and the value is a dict",
    ),
    "insert into a set": (set(), lambda o: o.insert(0, 1), TypeError, "insert() needs"),
    "pop of a number": (
        5,
        lambda o: o.pop(),
        TypeError,
        "pop() needs a mutable list, dict or set, and the value is an int",
    ),
    "remove from a tuple": ((1,), lambda o: o.remove(1), TypeError, "remove() needs"),
    "clear of a text": ("a", lambda o: o.clear(), TypeError, "clear() needs"),
    "update of a list": ([], lambda o: o.update({}), TypeError, "update() needs"),
    "add to a list": ([], lambda o: o.add(1), TypeError, "add() needs"),
    "discard from a list": ([], lambda o: o.discard(1), TypeError, "discard() needs"),
    "an item of a number": (5, setting(0, 1), TypeError, "'int' object does not support item assignment"),
    "del of an item of a tuple": ((1,), lambda o: o.__delitem__(0), TypeError, "doesn't support item deletion"),
    "pop of nothing": ([], lambda o: o.pop(), IndexError, "pop from empty list"),
    "pop out of range": ([1], lambda o: o.pop(5), IndexError, "pop index out of range"),
    "an index out of range": ([1], setting(5, 1), IndexError, "list assignment index out of range"),
    "del of no index": ([1], lambda o: o.__delitem__(5), IndexError, "list assignment index out of range"),
    "del of no key": ({}, lambda o: o.__delitem__("a"), KeyError, "'a'"),
    "remove of what is not in": ([1], lambda o: o.remove(2), ValueError, "not in list"),
    "an unhashable key": ({}, setting([], 1), TypeError, "unhashable type: 'list'"),
    "a text as an index": ([1], setting("a", 1), TypeError, "list indices must be integers or slices, not str"),
    "an extended slice": ([1, 2], setting(slice(None, None, 2), []), ValueError, "extended slice of size 1"),
    "update with an unhashable key": ({}, lambda o: o.update([(1, 1), ([], 2)]), TypeError, "unhashable type: 'list'"),
    "a subscriber that cannot be called": ([], lambda o: o.subscribe(5), TypeError, "a function of one argument"),
    "get with a key of a list": ([1], lambda o: o.get(0), TypeError, "only where the value is a mapping"),
    "a set of itself unhashed": (set(), lambda o: o.add([]), TypeError, "unhashable type: 'list'"),
    "an attribute of a number": (5, lambda o: setattr(o, "x", 1), AttributeError, "'int' object has no attribute 'x'"),
    "no such attribute": ([], lambda o: o.nothing, AttributeError, "'list' object has no attribute 'nothing'"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_fails_raises_as_the_value_does_and_tells_and_changes_nothing(name: str) -> None:
    value, change, error, words = WRONG[name]
    observed, heard = ObservableValue(copy.deepcopy(value)), Told()
    observed.subscribe(heard.append)
    with pytest.raises(error) as caught:
        change(observed)
    assert words in str(caught.value)
    assert heard == []
    assert observed == value


def failing_halfway() -> Any:
    yield 2
    raise RuntimeError("half way")


class Stubborn:
    def __lt__(self, other: object) -> bool:
        raise RuntimeError("half way")


@pytest.mark.parametrize(
    ("value", "change"),
    [
        ([1], lambda o: o.extend(failing_halfway())),
        ([1], lambda o: o.__iadd__(failing_halfway())),
        ([1], lambda o: o.__setitem__(slice(None), failing_halfway())),
        ([1, 3, 2, Stubborn()], lambda o: o.sort()),
        ({1}, lambda o: o.update([5], failing_halfway())),
        ({1: 2}, lambda o: o.update(failing_halfway_pairs())),
        (deque([1], 1), lambda o: o.extend(failing_halfway())),
        (bytearray(b"a"), lambda o: o.extend(failing_halfway())),
    ],
)
def test_what_fails_half_way_has_done_nothing(value: Any, change: Callable[[Any], object]) -> None:
    observed, heard, before = ObservableValue(value), Told(), copy.copy(value)
    observed.subscribe(heard.append)
    with pytest.raises(RuntimeError, match="half way"):
        change(observed)
    assert heard == []
    assert observed == before


def failing_halfway_pairs() -> Any:
    yield 1, 3
    raise RuntimeError("half way")


def test_get_gives_the_very_value_and_set_of_the_very_value_is_no_change() -> None:
    value = [1]
    observed, heard = ObservableValue(value), Told()
    observed.subscribe(heard.append)
    assert observed.get() is value
    observed.set(value)
    assert heard == []
    observed.set([1])
    assert [change["type"] for change in heard] == ["set"]


def test_get_with_a_key_is_that_of_a_mapping() -> None:
    observed = ObservableValue({"a": 1})
    assert (observed.get("a"), observed.get("b"), observed.get("b", 7)) == (1, None, 7)


def test_the_same_dict_goes_to_all_subscribers_and_a_subscriber_counts_once() -> None:
    observed = ObservableValue([1])
    first, second = Told(), Told()
    hear = first.append
    observed.subscribe(hear)
    observed.subscribe(hear)
    observed.subscribe(second.append)
    observed.append(2)
    assert len(first) == len(second) == 1
    assert first[0] is second[0]


def test_what_subscribe_gives_ends_it_and_does_no_harm_twice() -> None:
    observed, heard = ObservableValue([1]), Told()
    end = observed.subscribe(heard.append)
    end()
    end()
    observed.unsubscribe(print)
    observed.append(2)
    assert heard == []


def test_a_subscriber_that_fails_is_logged_with_its_name_and_the_others_hear(caplog: pytest.LogCaptureFixture) -> None:
    observed, heard = ObservableValue([1]), Told()

    def fails(change: dict[str, Any]) -> None:
        raise RuntimeError("on purpose")

    observed.subscribe(fails)
    observed.subscribe(heard.append)
    with caplog.at_level(logging.ERROR, logger="sidekick"):
        observed.append(2)
    assert len(heard) == 1
    assert "fails" in caplog.text
    assert "on purpose" in caplog.text
    assert __file__ in caplog.text


def test_an_interrupt_in_a_subscriber_comes_through_and_the_others_hear_later() -> None:
    observed, heard = ObservableValue([1]), Told()

    def interrupts(change: dict[str, Any]) -> None:
        observed.unsubscribe(interrupts)
        raise KeyboardInterrupt

    observed.subscribe(interrupts)
    observed.subscribe(heard.append)
    with pytest.raises(KeyboardInterrupt):
        observed.append(2)
    observed.append(3)
    assert [change["value"] for change in heard] == [2, 3]


def test_one_that_is_unsubscribed_while_a_change_is_told_does_not_hear_of_it() -> None:
    observed, heard = ObservableValue([1]), Told()
    observed.subscribe(lambda change: observed.unsubscribe(second))

    def second(change: dict[str, Any]) -> None:
        heard.append(change)

    observed.subscribe(second)
    observed.append(2)
    assert heard == []


def test_what_a_subscriber_changes_is_told_to_all_after_the_change_it_heard_of() -> None:
    observed, heard = ObservableValue([1]), Told()

    def doubles(change: dict[str, Any]) -> None:
        if change["value"] < 4:
            observed.append(change["value"] * 2)

    observed.subscribe(doubles)
    observed.subscribe(heard.append)
    observed.append(1)
    assert [change["value"] for change in heard] == [1, 2, 4]


def test_an_observable_nobody_holds_any_more_is_let_go_with_what_it_held() -> None:
    class Held:
        pass

    held = Held()
    observed = ObservableValue([held])
    observed.subscribe(print)
    alive = weakref.ref(held), weakref.ref(observed)
    del held, observed
    gc.collect()
    assert [each() for each in alive] == [None, None]


@pytest.mark.parametrize("clone", [copy.deepcopy, copy.copy, lambda o: pickle.loads(pickle.dumps(o))])
def test_a_copy_has_no_subscribers(clone: Callable[[Any], Any]) -> None:
    observed, heard = ObservableValue({"a": [1]}), Told()
    observed.subscribe(heard.append)
    other = clone(observed)
    other["b"] = 5
    assert heard == []
    assert type(other) is ObservableValue
    assert other == {"a": [1], "b": 5}
    assert observed == {"a": [1]}


def test_a_deep_copy_of_a_value_that_holds_its_wrapper_holds_the_new_wrapper() -> None:
    observed = ObservableValue([1])
    observed.append(observed)
    other = copy.deepcopy(observed)
    assert other.get()[1] is other


def test_it_is_no_list_no_key_and_no_json() -> None:
    observed = ObservableValue([1])
    assert not isinstance(observed, list)
    with pytest.raises(TypeError, match="unhashable type: 'ObservableValue'"):
        hash(observed)
    with pytest.raises(TypeError, match="not JSON serializable"):
        json.dumps(observed)


def test_the_names_that_scripts_know_are_there() -> None:
    observed = ObservableValue([1])
    observed.subscribe(print)
    assert observed._value is observed.get()
    assert observed._subscribers == {print}
    assert observed._obs_value_id.startswith("obs_")
    assert observed._obs_value_id != ObservableValue([1])._obs_value_id
    assert sidekick.ObservableValue is ObservableValue

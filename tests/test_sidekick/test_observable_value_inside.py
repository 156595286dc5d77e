"""What is inside of an observed value is observed too: wherever it stands, however it got there, in several places."""

from __future__ import annotations

import copy
from collections import UserDict, UserList, deque
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from sidekick import ObservableValue, apply_change


class Heard(list[Any]):
    """What was told of a value: type, path and value of each change."""

    def __init__(self, observed: ObservableValue[Any]) -> None:
        super().__init__()
        observed.subscribe(lambda change: self.append((change["type"], change["path"], change["value"])))


@dataclass
class Player:
    name: str
    scores: list[int] = field(default_factory=list)
    friend: Player | None = None


class Celsius:
    """A property that is set, and counts how often."""

    def __init__(self) -> None:
        self._kelvin = 273.0
        self._times = 0

    @property
    def degrees(self) -> float:
        return self._kelvin - 273

    @degrees.setter
    def degrees(self, new: float) -> None:
        if new < -273:
            raise ValueError("colder than cold")
        self._kelvin = new + 273
        self._times += 1

    @degrees.deleter
    def degrees(self) -> None:
        self._kelvin = 0.0


class Slots:
    __slots__ = ("left", "right")


def test_a_change_deep_inside_is_told_with_its_path() -> None:
    observed = ObservableValue({"players": [Player("Ada"), Player("Bob")], "queue": deque([(1, [2])])})
    heard = Heard(observed)
    observed["players"][1].scores.append(5)
    observed["players"][0].name = "Eve"
    observed["queue"][0][1].append(3)
    assert heard == [
        ("append", ["players", 1, "scores", 0], 5),
        ("setattr", ["players", 0, "name"], "Eve"),
        ("append", ["queue", 0, 1, 1], 3),
    ]


def test_what_is_inside_is_reached_by_iterating_unpacking_slicing_and_asking() -> None:
    observed = ObservableValue([[1], [2], [3]])
    heard = Heard(observed)
    for row in observed:
        row.append(0)
    first, *_ = observed
    first.append(1)
    observed[1:][0].append(2)
    next(reversed(observed)).append(3)
    assert [path for _, path, _ in heard] == [[0, 1], [1, 1], [2, 1], [0, 2], [1, 2], [2, 2]]
    mapping = ObservableValue[Any]({"a": [1]})
    heard = Heard(mapping)
    for _, item in mapping.items():
        item.append(2)
    for item in mapping.values():
        item.append(3)
    mapping.setdefault("b", []).append(4)
    mapping.get("b").append(5)
    assert [path for _, path, _ in heard] == [["a", 1], ["a", 2], ["b"], ["b", 0], ["b", 1]]


def test_a_path_is_the_one_at_the_time_of_the_change() -> None:
    observed = ObservableValue([["a"], ["b"]])
    heard = Heard(observed)
    row = observed[1]
    observed.insert(0, ["c"])
    row.append(1)
    observed.sort(reverse=True)
    row.append(2)
    observed.reverse()
    row.append(3)
    observed[0], observed[2] = observed[2], observed[0]
    row.append(4)
    assert [path for kind, path, _ in heard if kind == "append"] == [[2, 1], [1, 2], [1, 3], [1, 4]]
    assert all(type(each) is list for each in observed.get())


def test_what_was_taken_out_is_not_told_any_more_until_it_is_put_back() -> None:
    observed = ObservableValue[Any]({"a": [1]})
    row = observed["a"]
    heard = Heard(observed)
    observed["a"] = None
    row.append(2)
    observed["b"] = row
    row.append(3)
    assert heard == [("setitem", ["a"], None), ("setitem", ["b"], [1, 2, 3]), ("append", ["b", 2], 3)]
    assert type(observed.get()["b"]) is list


def test_what_is_in_several_places_is_told_once_for_each() -> None:
    shared = [1]
    start: dict[str, Any] = {"a": shared, "b": [shared, shared]}
    observed, replica = ObservableValue(start), copy.deepcopy(start)
    heard: list[Any] = []
    observed.subscribe(heard.append)
    observed["b"][0].append(2)
    assert sorted(change["path"] for change in heard if change["path"][0] == "b") == [["b", 0, 1], ["b", 1, 1]]
    assert [change["path"] for change in heard if change["path"][0] == "a"] == [["a", 1]]
    apart = {"a": [1], "b": [[1], [1]]}
    for change in heard:
        replica, apart = apply_change(replica, change), apply_change(apart, change)
    assert replica == apart == {"a": [1, 2], "b": [[1, 2], [1, 2]]}
    assert replica["a"] is replica["b"][0]


def test_what_is_taken_from_one_of_its_places_is_told_at_the_others() -> None:
    shared = [1]
    observed = ObservableValue([shared, 0, shared])
    part, heard = observed[0], Heard(observed)
    del observed[0]
    part.append(2)
    observed.pop()
    part.append(3)
    assert heard == [("delitem", [0], None), ("append", [1, 1], 2), ("pop", [1], None)]


def test_a_method_that_changes_an_observable_inside_tells_it_once() -> None:
    class Holder:
        def __init__(self) -> None:
            self.inner = ObservableValue([1])

        def grow(self) -> None:
            self.inner.append(2)

    observed = ObservableValue[Any](Holder())
    heard = Heard(observed)
    observed.grow()
    assert heard == [("append", ["inner", 1], 2)]


def test_every_observable_that_a_container_is_in_hears_of_it() -> None:
    shared = [1]
    one, other = ObservableValue([shared]), ObservableValue({"a": shared})
    heard_by_one, heard_by_other = Heard(one), Heard(other)
    whole = ObservableValue(shared)
    third = Heard(whole)
    one[0].append(2)
    assert heard_by_one == [("append", [0, 1], 2)]
    assert heard_by_other == [("append", ["a", 1], 2)]
    assert third == [("append", [1], 2)]


def test_a_cycle_is_told_by_the_ways_that_do_not_pass_twice() -> None:
    start: list[Any] = [1]
    start.append(start)
    observed, replica = ObservableValue(start), copy.deepcopy(start)
    heard: list[Any] = []
    observed.subscribe(heard.append)
    observed[1][1].append(2)
    assert [(change["type"], change["path"]) for change in heard] == [("append", [2])]
    for change in heard:
        apply_change(replica, change)
    assert replica[1] is replica
    assert len(replica) == 3
    assert repr(observed) == "ObservableValue([1, [...], 2])"
    observed.append(observed)
    assert "[...]" in repr(observed)


def test_friends_of_each_other_are_told_by_every_way() -> None:
    ada, bob = Player("Ada"), Player("Bob")
    ada.friend, bob.friend = bob, ada
    observed = ObservableValue([ada, bob])
    heard = Heard(observed)
    observed[0].name = "Eve"
    assert heard == [("setattr", [0, "name"], "Eve"), ("setattr", [1, "friend", "name"], "Eve")]


def test_a_net_of_many_cycles_is_told_in_a_time_that_has_an_end() -> None:
    nodes: list[SimpleNamespace] = [SimpleNamespace(name=number) for number in range(30)]
    for node in nodes:
        node.others = nodes
    observed = ObservableValue(nodes)
    heard = Heard(observed)
    observed[3].name = "found"
    assert ("setattr", [3, "name"], "found") in heard
    assert len(heard) <= 64


def test_a_long_linked_list_is_told_to_its_end() -> None:
    head: Any = None
    for number in range(3000):
        head = SimpleNamespace(number=number, next=head)
    observed = ObservableValue(head)
    heard = Heard(observed)
    node = observed
    while node.next is not None:
        node = node.next
    node.number = "last"
    assert heard == [("setattr", ["next"] * 2999 + ["number"], "last")]


def test_an_observable_inside_of_another_is_told_by_both() -> None:
    inner = ObservableValue([1])
    outer = ObservableValue({"a": inner})
    start = copy.deepcopy(outer.get())
    log: list[Any] = []
    outer.subscribe(lambda change: log.append(copy.deepcopy(change)))
    heard = Heard(inner)
    inner.append(2)
    outer["a"].append([3])
    inner[2].append(4)
    inner.set([5])
    assert [path for _, path, _ in heard] == [[1], [2], [2, 1], []]
    assert [change["path"] for change in log] == [["a", 1], ["a", 2], ["a", 2, 1], ["a"]]
    assert outer.get()["a"] is inner
    for change in log:
        start = apply_change(start, change)
    assert start == {"a": [5]}
    assert type(start["a"]) is ObservableValue
    outer["a"] = None
    inner.append(6)
    assert len(log) == 5


def test_what_was_put_in_behind_the_back_is_observed_from_when_it_is_read() -> None:
    observed = ObservableValue[Any]({})
    heard = Heard(observed)
    observed.get()["a"] = [1]
    observed["a"].append(2)
    assert heard == [("append", ["a", 1], 2)]


def test_after_notify_what_was_changed_behind_the_back_is_known() -> None:
    inner = ObservableValue([1])
    observed = ObservableValue[Any]([])
    heard = Heard(observed)
    observed.get().append(inner)
    observed.notify()
    inner.append(2)
    assert [(kind, path) for kind, path, _ in heard] == [("set", []), ("append", [0, 1])]


def test_attributes_are_told_wherever_they_are_kept() -> None:
    slots = Slots()
    slots.left = 1
    for value in (slots, SimpleNamespace(left=1)):
        observed = ObservableValue[Any](value)
        heard: list[Any] = []
        observed.subscribe(heard.append)
        observed.left = 2
        observed.right = [1]
        observed.right.append(2)
        del observed.left
        assert [(each["type"], each["path"], each["key"], each["old_value"]) for each in heard] == [
            ("setattr", ["left"], "left", 1),
            ("setattr", ["right"], "right", None),
            ("append", ["right", 1], None, None),
            ("delattr", ["left"], "left", 2),
        ]
        with pytest.raises(AttributeError):
            del observed.left
        assert len(heard) == 4


def test_a_property_is_told_and_what_it_changed_after_it() -> None:
    observed = ObservableValue[Any](Celsius())
    start = copy.deepcopy(observed.get())
    log: list[Any] = []
    observed.subscribe(log.append)
    observed.degrees = 20
    assert [(each["type"], each["key"], each["value"]) for each in log] == [
        ("setattr", "degrees", 20),
        ("setattr", "_kelvin", 293),
        ("setattr", "_times", 1),
    ]
    with pytest.raises(ValueError, match="colder than cold"):
        observed.degrees = -300
    assert len(log) == 3
    del observed.degrees
    for change in log:
        start = apply_change(start, change)
    assert vars(start) == vars(observed.get()) == {"_kelvin": 0.0, "_times": 1}


def test_what_a_method_of_an_own_class_changes_is_told_when_it_returns_or_raises() -> None:
    class Stack:
        def __init__(self) -> None:
            self.items: list[int] = []
            self.pushed = 0

        def push(self, item: int) -> Stack:
            self.items.append(item)
            self.pushed += 1
            if item < 0:
                raise ValueError("negative")
            return self

        def __len__(self) -> int:
            return len(self.items)

    observed = ObservableValue[Any]([Stack()])
    heard = Heard(observed)
    stack = observed[0]
    assert stack.push(5) is stack
    assert heard == [("setattr", [0, "pushed"], 1), ("setitem", [0, "items", slice(0, 0)], [5])]
    with pytest.raises(ValueError, match="negative"):
        stack.push(-1)
    assert len(heard) == 4
    assert len(stack) == 2


def test_a_method_of_a_subclass_that_does_more_is_told_by_what_it_did() -> None:
    class Sorted(list[int]):
        def append(self, item: int) -> None:
            super().append(item)
            self.sort()

    observed = ObservableValue[Any](Sorted([1, 5]))
    heard = Heard(observed)
    observed.append(3)
    assert heard == [("setitem", [slice(1, 1)], [3])]


def test_a_coroutine_of_an_own_class_is_told_when_it_ends() -> None:
    class Later:
        value = 0

        async def work(self) -> str:
            self.value = 7
            return "done"

    observed = ObservableValue[Any](Later())
    heard = Heard(observed)
    running = observed.work()
    assert heard == []
    with pytest.raises(StopIteration, match="done"):
        running.send(None)
    assert heard == [("setattr", ["value"], 7)]


@pytest.mark.parametrize("make", [UserList, lambda items: UserDict(enumerate(items))])
def test_containers_by_protocol_are_observed_as_those_built_in(make: Any) -> None:
    observed = ObservableValue(make([[1], [2]]))
    heard = Heard(observed)
    observed[1].append(3)
    observed[0] = 5
    del observed[0]
    assert [(kind, path) for kind, path, _ in heard] == [("append", [1, 1]), ("setitem", [0]), ("delitem", [0])]


def test_in_place_operators_on_what_is_inside_are_told_once() -> None:
    observed = ObservableValue[Any]({"list": [1], "set": {1}, "number": 1, "tuple": (1,)})
    heard = Heard(observed)
    observed["list"] += [2]
    observed["set"] |= {2}
    observed["number"] += 1
    observed["tuple"] += (2,)
    assert heard == [
        ("extend", ["list", 1], [2]),
        ("add_set", ["set"], 2),
        ("setitem", ["number"], 2),
        ("setitem", ["tuple"], (1, 2)),
    ]


def test_an_observable_is_given_itself() -> None:
    observed = ObservableValue([1, 2])
    observed.extend(observed)
    observed += observed[:1]
    observed[1:2] = observed
    assert observed == [1, 1, 2, 1, 2, 1, 1, 2, 1]
    assert observed == ObservableValue([1, 1, 2, 1, 2, 1, 1, 2, 1])


def test_what_is_not_of_the_users_own_is_read_as_it_is() -> None:
    import pathlib
    import threading

    lock, path = threading.Lock(), pathlib.Path()
    observed = ObservableValue([lock, path, len, int])
    assert observed[0] is lock
    assert observed[1] is path
    assert observed[2] is len
    assert observed[3] is int


def test_keys_and_items_of_sets_are_read_as_they_are() -> None:
    class Key:
        pass

    key = Key()
    assert [each is key for each in ObservableValue({key: 1})] == [True]
    assert [each is key for each in ObservableValue({key})] == [True]


def test_a_change_of_no_known_type_cannot_be_applied() -> None:
    with pytest.raises(ValueError, match="not of type 'explode'"):
        apply_change([], {"type": "explode", "path": [], "value": None, "key": None, "old_value": None, "length": None})


def test_changes_can_be_applied_to_an_observable_which_tells_them() -> None:
    source, mirror = ObservableValue([[1]]), ObservableValue([[1]])
    heard = Heard(mirror)
    source.subscribe(lambda change: apply_change(mirror, change))
    source[0].append(2)
    source.set([])
    assert heard == [("append", [0, 1], 2), ("set", [], [])]
    assert mirror == []


def test_a_log_can_be_applied_twice() -> None:
    observed, log = ObservableValue[Any]([]), list[Any]()
    observed.subscribe(lambda change: log.append(copy.deepcopy(change)))
    observed.append([1])
    observed[0].append(2)
    for _ in range(2):
        replica: list[Any] = []
        for change in log:
            replica = apply_change(replica, change)
        assert replica == [[1, 2]]
        assert log[0]["value"] == [1]

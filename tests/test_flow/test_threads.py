"""Threads: no lost update, no torn graph, nothing twice at a time, and no waiting without end.

The stress is seeded in what it does; the interleaving is the machine's, with the switch interval at its shortest. These
tests run under a GIL where the Python at hand has one.
"""

from __future__ import annotations

import contextvars
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from flow import Computed, Effect, Signal, batch
from flow.errors import CycleError

THREADS = 6


@pytest.fixture(autouse=True)
def _switch_often() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def in_threads(*functions: Callable[[], object], seconds: float = 60) -> None:
    """Run all at a time, and raise what one of them raised."""
    errors: list[BaseException] = []
    start = threading.Barrier(len(functions))

    def run(function: Callable[[], object]) -> None:
        try:
            start.wait()
            function()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(function,), daemon=True) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(seconds)
    if errors:
        raise errors[0]
    assert not any(thread.is_alive() for thread in threads), "a thread waits without end"


def test_no_update_is_lost() -> None:
    count, seen = Signal(0), []
    double = Computed(lambda: count.value * 2)
    Effect(lambda: seen.append(double.value))

    def work() -> None:
        for _ in range(300):
            count.update(lambda n: n + 1)

    in_threads(*[work] * THREADS)
    assert count.value == 300 * THREADS
    assert (double.value, seen[-1]) == (600 * THREADS, 600 * THREADS)
    assert seen == sorted(seen)


def test_an_effect_never_runs_twice_at_a_time_and_sees_the_last_write() -> None:
    signals = [Signal(0) for _ in range(THREADS)]
    running, most, last = [0], [0], [0]

    def effect() -> None:
        running[0] += 1
        most[0] = max(most[0], running[0])
        last[0] = sum(signal.value for signal in signals)
        time.sleep(0.0005)
        running[0] -= 1

    Effect(effect)

    def work(index: int) -> None:
        for n in range(30):
            signals[index].value = n + 1

    in_threads(*[lambda index=index: work(index) for index in range(THREADS)])  # type: ignore[misc]
    assert (most, last) == ([1], [30 * THREADS])


def test_a_computed_is_computed_by_one_thread_while_the_others_wait_for_it() -> None:
    source, runs = Signal(1), []

    def work() -> int:
        runs.append(threading.get_ident())
        time.sleep(0.05)
        return source.value

    slow = Computed(work)
    values: list[int] = []
    for _ in range(3):
        in_threads(*[lambda: values.append(slow.value)] * THREADS)
        source.value += 1
    assert (values, len(runs)) == ([1] * THREADS + [2] * THREADS + [3] * THREADS, 3)


def test_a_run_that_ends_while_another_thread_computes_what_it_read_is_followed_by_another() -> None:
    # thread 1 runs the effect, which has read double; thread 2 writes a and computes double; then the effect ends
    a, trigger, seen = Signal(0), Signal(0), []
    has_read, may_end, computes, may_finish = (threading.Event() for _ in range(4))

    def compute() -> int:
        value = a.value
        if value:
            computes.set()
            may_finish.wait(10)
        return value * 2

    double = Computed(compute)

    def effect() -> None:
        seen.append((trigger.value, double.value))
        if seen[-1] == (1, 0):
            has_read.set()
            may_end.wait(10)

    Effect(effect)

    def second() -> None:
        has_read.wait(10)
        a.value = 1
        in_threads(lambda: double.value, conduct)

    def conduct() -> None:
        computes.wait(10)
        may_end.set()
        time.sleep(0.05)
        may_finish.set()

    in_threads(lambda: trigger.set(1), second)
    assert seen == [(0, 0), (1, 0), (1, 2)]


def test_who_waited_for_another_thread_takes_what_that_has_computed() -> None:
    a = Signal(0)
    computes, may_finish = threading.Event(), threading.Event()

    def compute() -> int:
        if a.value:
            computes.set()
            may_finish.wait(10)
        return a.value * 2

    double = Computed(compute)
    total = Computed(lambda: double.value + 1)
    assert total.value == 1
    a.value = 1
    values: list[int] = []

    def wait() -> None:
        computes.wait(10)
        threading.Timer(0.05, may_finish.set).start()
        values.append(total.value)

    in_threads(lambda: double.value, wait)
    assert values == [3]


def test_a_write_to_what_was_just_found_unchanged_is_not_lost() -> None:
    # thread 1 looks at s, then computes tens, whose value stays; meanwhile thread 2 writes s
    s, n, seen = Signal(0), Signal(0), []
    computes, may_finish = threading.Event(), threading.Event()

    def compute() -> int:
        if n.value:
            computes.set()
            may_finish.wait(10)
        return n.value // 10

    tens = Computed(compute)
    total = Computed(lambda: s.value + tens.value)
    Effect(lambda: seen.append(total.value))

    def second() -> None:
        computes.wait(10)
        s.value = 100
        may_finish.set()

    in_threads(lambda: n.set(1), second)
    assert seen == [0, 100]
    s.value = 200
    assert seen == [0, 100, 200]


def test_two_threads_that_need_each_others_computeds_get_an_error_not_a_wait_without_end() -> None:
    inside = threading.Barrier(2)
    first_runs = {"a": True, "b": True}
    nodes: dict[str, Computed[int]] = {}

    def read(name: str, other: str) -> int:
        if first_runs[name]:
            first_runs[name] = False
            inside.wait(10)
        return nodes[other].value

    nodes["a"] = Computed(lambda: read("a", "b"), name="a")
    nodes["b"] = Computed(lambda: read("b", "a"), name="b")
    caught: list[CycleError] = []

    def get(name: str) -> None:
        with pytest.raises(CycleError) as error:
            _ = nodes[name].value
        caught.append(error.value)

    in_threads(lambda: get("a"), lambda: get("b"), seconds=20)
    assert {name for error in caught for name in error.names} == {"a", "b"}


def test_threads_that_compute_diamonds_from_both_ends_do_not_block_each_other() -> None:
    head = Signal(0)
    left: list[Any] = [head]
    right: list[Any] = [head]
    for _ in range(20):
        a, b = left[-1], right[-1]
        left.append(Computed(lambda a=a, b=b: a.value + b.value))
        right.append(Computed(lambda a=a, b=b: b.value + a.value))

    def read(nodes: list[Any]) -> None:
        for n in range(50):
            assert nodes[-1].value % 2**20 == 0
            if n % 5 == 0:
                head.update(lambda value: value + 1)

    in_threads(*[lambda: read(left), lambda: read(right)] * (THREADS // 2))


@pytest.mark.parametrize("seed", range(4))
def test_a_graph_written_read_observed_and_disposed_by_all_at_once_ends_up_right(seed: int) -> None:
    signals = [Signal(0, name=f"s{n}") for n in range(4)]
    nodes: list[Any] = list(signals)
    build = random.Random(seed)
    for _ in range(12):
        first, *others = build.sample(nodes, 3)

        def compute(first: Any = first, others: list[Any] = others) -> int:
            value = int(first.value)
            return (value + int(others[value % 2].value)) % 1000

        nodes.append(Computed(compute))
    last: dict[int, int] = {}
    watched = nodes[-6:]
    for index, node in enumerate(watched):
        Effect(lambda index=index, node=node: last.__setitem__(index, node.value))

    def work(seed: int) -> None:
        dice = random.Random(seed)

        def watch(node: Any) -> Effect:
            return Effect(lambda: node.value)

        own: list[Effect] = []
        for _ in range(150):
            action = dice.random()
            if action < 0.4:
                dice.choice(signals).update(lambda n: n + 1)
            elif action < 0.5:
                with batch():
                    for signal in dice.sample(signals, 2):
                        signal.value = dice.randrange(100)
            elif action < 0.7:
                _ = dice.choice(nodes).value
            elif action < 0.85 or not own:
                own.append(watch(dice.choice(nodes)))
            else:
                own.pop(dice.randrange(len(own))).dispose()
        for effect in own:
            effect.dispose()

    in_threads(*[lambda n=n: work(seed * 100 + n) for n in range(THREADS)])  # type: ignore[misc]

    def oracle(node: Any, seen: dict[int, int]) -> int:
        if isinstance(node, Signal):
            return int(node.peek())
        if id(node) not in seen:
            first, others = node._function.__defaults__
            value = oracle(first, seen)
            seen[id(node)] = (value + oracle(others[value % 2], seen)) % 1000
        return seen[id(node)]

    right: dict[int, int] = {}
    for node in nodes:
        assert node.value == oracle(node, right)
    assert last == {index: oracle(node, right) for index, node in enumerate(watched)}
    for node in nodes:
        assert getattr(node, "_running", None) is None
        assert all(node in observer._sources for observer in node._observers or ())


def test_an_effect_that_other_threads_make_due_again_and_again_is_no_endless_loop() -> None:
    count, runs = Signal(0), [0]

    def effect() -> None:
        runs[0] += 1
        if count.value < 150:
            thread = threading.Thread(target=lambda: count.update(lambda n: n + 1))
            thread.start()
            thread.join()

    Effect(effect)
    assert (count.value, runs[0]) == (150, 151)


def test_a_context_of_a_run_used_by_another_thread_while_it_runs_breaks_nothing() -> None:
    a, b, runs = Signal(0), Signal(0), []

    def effect() -> None:
        runs.append(a.value)
        context = contextvars.copy_context()
        thread = threading.Thread(target=lambda: context.run(lambda: [b.value for _ in range(100)]))
        thread.start()
        thread.join()

    Effect(effect)
    a.value = 1
    assert runs == [0, 1]


_INTERRUPTED = """
import contextlib, signal, threading, time
from flow import Computed, Effect, Signal

def main():
    source, other, which = Signal(0), Signal(0), Signal(0)
    nodes = [source]
    for _ in range(5):
        nodes.append(Computed(lambda above=nodes[-1]: above.value + (other.value if above.value % 2 else 0)))
    spare = [Computed(lambda n=n: Computed(lambda: source.value + n).value) for n in range(3)]
    seen = []
    Effect(lambda: seen.append((nodes[-1].value, spare[which.value % 3].value)))
    is_armed, interrupts, ignored, n = False, 0, 0, 0
    end = time.monotonic() + 2

    def interrupt(number, frame):
        nonlocal is_armed, interrupts, ignored
        ignored += 1
        if time.monotonic() < end and (is_armed or ignored > 20):  # or the last one was swallowed
            is_armed, ignored = False, 0
            interrupts += 1
            raise KeyboardInterrupt

    def write():
        # A function of its own: an interrupt just where a loop begins anew may pass by a `with` around it (3.13).
        nonlocal is_armed, n
        is_armed = True
        while time.monotonic() < end:
            n += 1
            source.value = n
            other.value = n % 7
            which.value = n

    def expected():
        value = source.peek()
        for _ in range(5):
            value += other.peek() if value % 2 else 0
        return value, source.peek() + which.peek() % 3

    signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.0013, 0.0013)
    while time.monotonic() < end:
        with contextlib.suppress(KeyboardInterrupt):
            write()
    signal.setitimer(signal.ITIMER_REAL, 0)
    assert interrupts > 100, interrupts
    for source.value, other.value, which.value in ((-1, 3, 1), (-2, 3, 2), (-3, 100, 0)):
        assert (nodes[-1].value, spare[which.value].value) == expected()
        assert seen[-1] == expected(), (seen[-1], expected())
    writers = [threading.Thread(target=source.set, args=(5,)), threading.Thread(target=other.set, args=(6,))]
    for each in writers:
        each.start()
    for each in writers:
        each.join(10)
    assert seen[-1] == expected(), (seen[-1], expected())

main()
"""


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs a timer that interrupts the main thread")
def test_an_interrupt_at_any_moment_leaves_a_graph_that_works() -> None:
    """KeyboardInterrupts come between any two instructions of a loop that writes, as from the kernel's stop button."""
    # In a process of its own, because Python reports the interrupts that it swallows, as in weak references' callbacks.
    done = subprocess.run([sys.executable, "-c", _INTERRUPTED], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


def test_a_thread_started_in_a_computed_evaluates_one_deep_chain_after_the_other() -> None:
    """Its context is the computed's, but how deep that is nested says nothing of the stack of the thread."""

    def chain() -> Computed[int]:
        last = Computed(lambda: 0)
        for _ in range(300):
            last = Computed(lambda above=last: above.value + 1)
        return last

    def in_a_thread() -> list[int]:
        found: list[int] = []
        context = contextvars.copy_context()
        thread = threading.Thread(target=lambda: context.run(lambda: found.extend(chain().value for _ in range(3))))
        thread.start()
        thread.join()
        return found

    assert Computed(lambda: Computed(in_a_thread).value).value == [300, 300, 300]

"""Recordings: which steps a program has, what each changed, and that it runs as it would without."""

from __future__ import annotations

import contextlib
import io
import logging
import sys
from typing import Any

import pytest

from sidekick.replay.recorder import Options, Recorder
from sidekick.replay.recording import Recorded, record
from sidekick.replay.sources import read_source
from sidekick.replay.steps import Recording, Step, Timeline
from sidekick.replay.tracing import Settrace


def steps_of(source: str, **options: Any) -> list[Step]:
    return record(source, options=Options(**options)).steps


def told(step: Step) -> str:
    """A step as ``kind frame ran>next name=value``."""
    changes = [f"{each.name}={each.form.text if each.form else '-'}" for each in step.changes]
    where = "" if step.frame.number == 0 else f"{step.frame.name} "
    kind = "" if step.kind == "line" else f"{step.kind} "
    value = f" ({step.told})" if step.told else ""
    return f"{kind}{where}{step.ran}>{step.next}{value}{''.join(f' {each}' for each in changes)}"


def test_each_statement_is_a_step_with_what_it_changed() -> None:
    assert [told(step) for step in steps_of("x = 1\ny = x\nx += 1\ndel y")] == [
        "0>1",
        "1>2 x=1",
        "2>3 y=1",
        "3>4 x=2",
        "4>0 y=-",
    ]


def test_a_change_in_place_is_seen_under_each_of_the_names_of_the_object() -> None:
    assert told(steps_of("a = [1]\nb = a\nb.append(2)")[-1]) == "3>0 a=[1, 2] b=[1, 2]"


def test_a_call_is_entered_and_left_with_its_value() -> None:
    assert [told(step) for step in steps_of("def f(n):\n    m = n + 1\n    return m\n\nx = f(1)")][2:] == [
        "call f 0>2 n=1",
        "f 2>3 m=2",
        "return f 3>5 (2)",
        "5>0 x=2",
    ]


def test_a_caller_s_variables_change_with_the_object_that_a_function_was_given() -> None:
    source = "def add(to):\n    to.append(1)\ndef f():\n    mine = []\n    add(mine)\nf()"
    step = next(each for each in steps_of(source) if each.kind == "return" and each.frame.name == "add")
    assert {(each.scope, each.name, each.form.text if each.form else "") for each in step.changes} == {
        (1, "mine", "[1]"),
        (2, "to", "[1]"),
    }


def test_each_call_of_a_recursion_has_variables_of_its_own() -> None:
    steps = steps_of("def fact(n):\n    return 1 if n < 2 else n * fact(n - 1)\nx = fact(3)")
    assert [told(each) for each in steps if each.kind in ("call", "return")] == [
        "call fact 0>2 n=3",
        "call fact 0>2 n=2",
        "call fact 0>2 n=1",
        "return fact 2>2 (1)",
        "return fact 2>2 (2)",
        "return fact 2>3 (6)",
    ]
    assert [each.frame.depth for each in steps if each.kind == "call"] == [1, 2, 3]


def passes(source: str) -> list[str]:
    """For each step in a loop the passes of it, the outermost first, as ``2>3: 1.2``."""
    return [
        f"{step.ran}>{step.next}: {'.'.join(str(each.number) for each in step.passes)}"
        for step in steps_of(source)
        if step.passes
    ]


def test_passes_of_loops_are_counted_and_an_inner_loop_begins_anew() -> None:
    assert passes("for i in range(2):\n    for j in 'ab':\n        x = i, j") == [
        "0>1: 0",
        "1>2: 1.0",
        "2>3: 1.1",
        "3>2: 1.1",
        "2>3: 1.2",
        "3>2: 1.2",
        "2>1: 1",
        "1>2: 2.0",
        "2>3: 2.1",
        "3>2: 2.1",
        "2>3: 2.2",
        "3>2: 2.2",
        "2>1: 2",
    ]


def test_two_loops_that_follow_each_other_are_counted_apart() -> None:
    source = "for i in 'ab':\n    x = i\nfor j in 'cd':\n    x = j"
    assert [each.split(": ")[1] for each in passes(source)] == ["0", "1", "1", "2", "2", "0", "1", "1", "2", "2"]


def test_passes_are_counted_of_a_loop_without_a_condition() -> None:
    source = "k = 0\nwhile True:\n    k += 1\n    if k == 3:\n        break\nx = k"
    numbers = [each.passes[0].number for each in steps_of(source) if each.passes and each.next == 3]
    assert numbers == [1, 2, 3]


def test_the_passes_of_a_loop_in_one_line_are_steps() -> None:
    assert [told(each) for each in steps_of("x = 0\nfor k in range(3): x += k\ny = [j for j in 'ab']")] == [
        "0>1",
        "1>2 x=0",
        "2>2 k=0",
        "2>2 k=1 x=1",
        "2>2 k=2 x=3",
        "2>3",
        "3>0 y=['a', 'b']",
    ]
    assert passes("for k in 'ab': x = k\ny = 1") == ["0>1: 0", "1>1: 1", "1>1: 2"]
    assert passes("for k in [i for i in 'ab']: x = [j for j in 'cd']\ny = 1") == ["0>1: 0", "1>1: 1", "1>1: 2"]


def test_continue_begins_the_next_pass_and_break_ends_the_loop() -> None:
    source = "for k in range(9):\n    if k == 1:\n        continue\n    if k == 3:\n        break\n    x = k\ny = 0"
    steps = steps_of(source)
    assert max(each.passes[0].number for each in steps if each.passes) == 4
    assert steps[-1].passes == ()


def test_what_is_called_in_a_loop_is_part_of_its_pass() -> None:
    steps = steps_of("def f(x):\n    return x\nfor k in range(3):\n    f(k)")
    inside = [each.passes[0].number for each in steps if each.frame.name == "f"]
    assert inside == [1, 1, 2, 2, 3, 3]


def test_a_statement_over_several_lines_is_one_step() -> None:
    source = "x = [\n    1,\n    2,\n]\ny = dict(\n    a=x,\n    b=len(\n        x\n    ),\n)\nz = 1"
    assert [(each.ran, each.next) for each in steps_of(source)] == [(0, 1), (1, 5), (5, 11), (11, 0)]


def test_comprehensions_and_lambdas_are_part_of_their_statement() -> None:
    source = "xs = [\n    x * 2\n    for x in range(9)\n]\nys = sorted(xs, key=lambda x: -x)\nz = sum(x for x in xs)"
    assert [(each.ran, each.next) for each in steps_of(source)] == [(0, 1), (1, 5), (5, 6), (6, 0)]


def test_a_generator_yields_its_values_and_goes_on_where_it_was() -> None:
    source = "def two():\n    a = 1\n    yield a\n    a = 2\n    yield a\nfor v in two():\n    w = v"
    found = [told(each) for each in steps_of(source) if each.frame.name == "two"]
    assert found == [
        "call two 0>2",
        "two 2>3 a=1",
        "yield two 3>6 (1)",
        "two 3>4",
        "two 4>5 a=2",
        "yield two 5>6 (2)",
        "return two 5>6 (None)",
    ]


def test_an_exception_is_told_once_at_the_line_that_raised_it_and_the_program_goes_on() -> None:
    source = "def f():\n    raise ValueError('no')\ntry:\n    f()\nexcept ValueError:\n    x = 1"
    found = [told(each) for each in steps_of(source)]
    assert found[-5:] == [
        "exception f 2>0 (ValueError: no)",
        "unwind f 2>4",
        "4>5",
        "5>6",
        "6>0 x=1",
    ]


def test_a_program_that_fails_has_its_steps_up_to_the_error() -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        record("x = 1\nx / 0\ny = 2")
    recording: Recording = caught.value.recording  # type: ignore[attr-defined]
    assert told(recording.steps[-1]) == "exception 2>0 (ZeroDivisionError: division by zero)"


def test_what_ends_a_loop_inside_python_is_no_exception() -> None:
    source = (
        "class Up:\n    def __init__(self): self.n = 0\n    def __iter__(self): return self\n"
        "    def __next__(self):\n        self.n += 1\n        if self.n > 2:\n            raise StopIteration\n"
        "        return self.n\nfor k in Up():\n    x = k"
    )
    assert "exception" not in {each.kind for each in steps_of(source)}


def test_the_attributes_of_an_object_are_told_and_its_own_code_does_not_run_for_that() -> None:
    source = (
        "class Point:\n    def __init__(self, x):\n        self.x = x\n"
        "    def __repr__(self):\n        raise SystemExit\n    def __eq__(self, other):\n        raise SystemExit\n"
        "    __hash__ = None\np = Point(1)\np.x = 2"
    )
    assert told(steps_of(source)[-1]) == "10>0 p=Point(x=2)"


def test_what_is_printed_is_known_for_each_step(capsys: pytest.CaptureFixture[str]) -> None:
    recording = record("print('a')\nx = 1\nprint('bc')")
    assert [each.written for each in recording.steps] == [0, 2, 2, 5]
    assert recording.output == "a\nbc\n" == capsys.readouterr().out


def test_the_stream_has_its_own_write_again() -> None:
    stream = io.StringIO()

    class Stream(io.StringIO):
        pass

    stream = Stream()
    with contextlib.redirect_stdout(stream):
        record("print(1)")
        assert "write" not in vars(stream)
        print(2)
    assert stream.getvalue() == "1\n2\n"


def test_at_the_most_steps_recording_ends_and_the_program_runs_on() -> None:
    space: dict[str, Any] = {}
    source = (
        "import sys\nx = 0\nfor k in range(1000):\n    x += k\n"
        "tracers = sys.gettrace() or [*filter(None, map(sys.monitoring.get_tool, range(2, 6)))]"
    )
    if not hasattr(sys, "monitoring"):
        source = source.replace("[*filter(None, map(sys.monitoring.get_tool, range(2, 6)))]", "[]")
    before = sys.gettrace()
    recording = record(source, space, Options(max_steps=20))
    assert space["x"] == sum(range(1000))
    assert space["tracers"] == (before or [])  # so nobody listens any more, and it costs nothing
    assert len(recording) == 20
    assert "stopped after 20 steps" in recording.end


def test_functions_can_be_left_out_and_calls_be_recorded_to_a_depth() -> None:
    source = "def f(n):\n    if n:\n        f(n - 1)\nx = 1\nf(5)"
    assert {each.frame.name for each in steps_of(source, has_functions=False)} == {"the cell"}
    assert max(each.frame.depth for each in steps_of(source, depth=2)) == 2
    assert max(each.frame.depth for each in steps_of(source)) == 6


def test_the_variables_that_are_asked_for_are_the_only_ones() -> None:
    steps = steps_of("a = 1\nb = 2\ndef f(a, c):\n    return a\nf(3, 4)", names=frozenset({"a"}))
    assert {change.name for step in steps for change in step.changes} == {"a"}


def test_modules_functions_and_classes_are_no_variables() -> None:
    steps = steps_of("import math\ndef f(): pass\nclass C: pass\nx = math, f, C")
    assert {change.name for step in steps for change in step.changes} == {"x"}


def test_what_was_there_before_is_no_change() -> None:
    recording = record("y = x", {"x": 1})
    assert [told(each) for each in recording.steps] == ["0>1", "1>0 y=1"]


def test_other_code_than_the_user_s_has_no_steps() -> None:
    steps = steps_of("import json\nx = json.loads('[1, 2]')\ny = json.dumps({'a': x}, indent=1)")
    assert [each.ran for each in steps] == [0, 1, 2, 3]


def test_another_thread_has_no_steps() -> None:
    source = "import threading\ndef f():\n    x = 1\nt = threading.Thread(target=f)\nt.start()\nt.join()"
    assert {each.frame.name for each in steps_of(source)} == {"the cell"}


def test_async_functions_have_their_steps_in_the_order_in_which_they_ran() -> None:
    source = (
        "import asyncio\nasync def f(name):\n    a = name\n    await asyncio.sleep(0)\n    b = name\n"
        "async def main():\n    await asyncio.gather(f('x'), f('y'))\nasyncio.run(main())"
    )
    order = [
        change.name + change.form.text
        for step in steps_of(source)
        for change in step.changes
        if change.form and change.name in ("a", "b")
    ]
    assert order == ["a'x'", "a'y'", "b'x'", "b'y'"]


def test_a_recursion_without_end_is_python_s_own_error() -> None:
    with pytest.raises(RecursionError):
        record("def f(n):\n    return f(n + 1)\nf(0)", options=Options(max_steps=100_000))


def test_a_tracer_that_was_there_before_is_there_again() -> None:
    def other(*_: Any) -> None:
        return None

    before = sys.gettrace()
    sys.settrace(other)
    try:
        record("x = 1")
        found = sys.gettrace()
    finally:
        sys.settrace(before)
    assert found is other


def test_an_error_of_the_recorder_s_ends_the_recording_and_not_the_program(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any) -> None:
        raise OSError("broken")

    monkeypatch.setattr(Recorder, "line", fail)
    space: dict[str, Any] = {}
    with caplog.at_level(logging.ERROR, "sidekick"):
        recording = record("x = 1\nx += 1", space)
    assert space["x"] == 2
    assert "could not be recorded" in recording.end
    assert "broken" in caplog.text


@pytest.mark.skipif(not hasattr(sys, "monitoring"), reason="this Python has sys.settrace alone")
def test_both_ways_of_tracing_tell_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    source = (
        "def gen(n):\n    for k in range(n):\n        yield k\ndef f(n):\n    if n > 2:\n        raise ValueError(n)\n"
        "    return n\ntotal = 0\nfor v in gen(3):\n    total += f(v)\ntry:\n    f(3)\nexcept ValueError:\n    pass\n"
        "while total:\n    total -= 1"
    )
    one = [told(each) for each in steps_of(source)]
    monkeypatch.setattr("sidekick.replay.recording.make_tracer", Settrace)
    assert [told(each) for each in steps_of(source)] == one
    assert len(one) > 40


def test_a_recording_can_be_stopped_twice_and_another_be_made() -> None:
    recorded = Recorded(read_source("x = 1", "<a>"), {}, Options(), lambda name: name == "<a>")
    recorded.start()
    recorded.stop()
    recorded.stop()
    assert len(record("x = 1")) == 2


def test_functions_that_ran_before_the_recording_are_seen_in_the_next() -> None:
    space: dict[str, Any] = {}
    record("def f():\n    y = 1\n    return y\nf()", space)
    steps = record("f()\nz = f()", space).steps
    assert [each.kind for each in steps if each.frame.name == "f"] == ["call", "line", "return"] * 2


# -- Through a recording


def timeline(source: str) -> Timeline:
    return Timeline(record(source))


def test_the_state_after_each_step_is_what_its_changes_come_to() -> None:
    line = timeline("x = 0\nfor k in range(400):\n    x += k\ndel x")
    steps = line.steps
    for at in (0, 1, 255, 256, 257, 600, len(steps) - 2):
        state: dict[tuple[int, str], Any] = {}
        for step in steps[: at + 1]:
            for change in step.changes:
                state[change.scope, change.name] = change.form
        assert line.state(at) == state
    assert (0, "x") not in line.state(len(steps) - 1)


def test_the_changes_of_a_variable_follow_each_other_and_then_begin_anew() -> None:
    line = timeline("x = 1\ny = 2\nx = 3\ny = 4")
    assert [line.next_change(0, "x", at) for at in (0, 1, 2, 3, 4)] == [1, 3, 3, 1, 1]
    assert line.next_change(0, "nothing", 0) is None


def test_the_numbers_of_a_variable_are_those_up_to_a_step() -> None:
    line = timeline("x = 1\nx = 2.5\nx = True\nx = 4\ny = 'a'")
    assert line.numbers(0, "x", 2, 10) == [1, 2.5]
    assert line.numbers(0, "x", 4, 10) == []
    assert line.numbers(0, "y", 5, 10) == []


def test_the_passes_of_each_run_of_a_loop_have_their_first_steps() -> None:
    line = timeline("for i in range(2):\n    for j in range(3):\n        x = j")
    runs = line.runs()
    assert [(loop.words, len(line.passes(run))) for run, loop, _ in runs] == [("for i", 2), ("for j", 3), ("for j", 3)]
    steps = [line.steps[at] for at in line.passes(runs[2][0])]
    assert [(each.ran, each.next) for each in steps] == [(2, 3)] * 3

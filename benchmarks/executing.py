"""Cells: how long one takes, and how its outputs arrive.

300 shown expressions: rdit shows the value of every expression statement, python3 only that of the last one unless
its shell is told ``ast_node_interactivity = 'all'``. Both are told so for this case, so that both publish 300 results;
in python3's default mode it would publish one, and comparing that with 300 would say nothing.

The first visible print: the cell prints the time, the client subtracts it from the time of arrival. The kernel's and
the client's clock are the same one.
"""

from __future__ import annotations

import time

from case import Case, Effort, Row, Sample, milliseconds
from wire import Arrival, Exchange, Wire

_PRINTS = 20_000
_DISPLAYS = 1_000
_SHOWN = 300
_INTERRUPTED = "print('started', flush=True)\nwhile True:\n    pass"


def _trivial(wire: Wire, effort: Effort) -> list[Sample]:
    runs = [wire.run("1") for _ in range(effort.times(50))]
    return [
        Sample([milliseconds(run.replied) for run in runs]),
        Sample([milliseconds(run.done) for run in runs]),
    ]


def _assignments(wire: Wire, effort: Effort) -> list[Sample]:
    code = "\n".join(f"a{i} = {i}" for i in range(1000))
    return [Sample([milliseconds(wire.run(code).done) for _ in range(effort.times(3))])]


def _shown_expressions(wire: Wire, effort: Effort) -> list[Sample]:
    wire.run("_before = get_ipython().ast_node_interactivity\nget_ipython().ast_node_interactivity = 'all'")
    run = wire.run("\n".join(f"{i} + 1" for i in range(_SHOWN)))
    wire.run("get_ipython().ast_node_interactivity = _before")
    return [Sample([milliseconds(run.done)], lost=_SHOWN - len(run.of("execute_result")))]


def _displays(wire: Wire, effort: Effort) -> list[Sample]:
    run = wire.run(f"for i in range({_DISPLAYS}): display(i)")
    return [Sample([milliseconds(run.done)], lost=_DISPLAYS - len(run.of("display_data")))]


def _prints(wire: Wire, effort: Effort) -> list[Sample]:
    run = wire.run(f"for i in range({_PRINTS}): print(i)")
    expected = {str(i) for i in range(_PRINTS)}
    return [Sample([milliseconds(run.done)], lost=len(expected.difference(run.text().split())))]


def _first_print_then_sleep(wire: Wire, effort: Effort) -> list[Sample]:
    return _lateness(wire, "import time\nprint(time.time())\ntime.sleep(0.4)", effort)


def _first_print_then_loop(wire: Wire, effort: Effort) -> list[Sample]:
    return _lateness(wire, "import time\nprint(time.time())\nfor _ in range(6_000_000): pass", effort)


def _first_print_in_loop(wire: Wire, effort: Effort) -> list[Sample]:
    return _lateness(wire, "import time\nfor _ in range(5):\n    print(time.time())\n    time.sleep(0.08)", effort)


def _first_print_in_tight_loop(wire: Wire, effort: Effort) -> list[Sample]:
    code = "import time\nfor k in range(6_000_000):\n    if k == 0: print(time.time())"
    return _lateness(wire, code, effort)


def _lateness(wire: Wire, code: str, effort: Effort) -> list[Sample]:
    epoch = time.time() - time.perf_counter()
    late = [_first_text_late(wire.run(code), epoch) for _ in range(effort.times(5))]
    return [Sample([milliseconds(each) for each in late])]


def _first_text_late(run: Exchange, epoch: float) -> float:
    first: Arrival = run.of("stream")[0]
    written = float(first.content["text"].split("\n")[0])
    return first.when + epoch - written


def _interrupts(wire: Wire, effort: Effort) -> list[Sample]:
    latencies = []
    for _ in range(effort.times(8)):
        exchange = wire.follow(wire.execute(_INTERRUPTED), lambda it: bool(it.of("stream")), timeout=10)
        time.sleep(0.03)
        interrupted = time.perf_counter()
        wire.interrupt()
        wire.follow(exchange, timeout=10)
        latencies.append(milliseconds(exchange.sent + exchange.replied - interrupted))
    return [Sample(latencies)]


def _many_cells(wire: Wire, effort: Effort) -> list[Sample]:
    count = effort.times(1000)
    began = time.perf_counter()
    for i in range(count):
        wire.run(f"x = {i}")
    return [Sample([(time.perf_counter() - began) * 1000 / count])]


CASES = (
    Case((Row("trivial cell, reply", "ms", goal=0.6), Row("trivial cell, idle", "ms", goal=0.6)), _trivial),
    Case((Row("1000 assignments", "ms", goal=0.9),), _assignments),
    Case((Row("300 shown expressions (both 'all')", "ms", goal=0.8),), _shown_expressions),
    Case((Row("1000 display()", "ms", goal=0.3),), _displays),
    Case((Row("20,000 prints", "ms"),), _prints),
    Case((Row("print visible, then a sleep", "ms", limit=5),), _first_print_then_sleep),
    Case((Row("print visible, then a tight loop", "ms", limit=5),), _first_print_then_loop),
    Case((Row("print visible, in a loop that sleeps", "ms", limit=5),), _first_print_in_loop),
    # Here the loop holds the GIL, which another thread gets after 5 ms at the earliest, and needs more than once.
    Case((Row("print visible, in a tight loop", "ms"),), _first_print_in_tight_loop),
    Case((Row("interrupt of a tight loop", "ms"),), _interrupts),
    Case((Row("1000 cells in a row", "s"),), _many_cells),
)

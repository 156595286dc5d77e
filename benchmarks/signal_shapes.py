"""The shapes of the signals benchmark: those of kairo (as in the JavaScript reactivity benchmarks) and cellx.

Each builds its graph with a kit and returns what makes its n-th write. ``V(x)`` reads a signal and ``C(x)`` a computed:
they stand for the idiom of each library, which `signal_libraries.py` puts in their place before it compiles this file,
so that no library pays for a wrapper of ours. The last argument of ``computed`` and ``effect`` are the sources, for the
libraries that have to be told.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Step = Callable[[int], None]

if False:  # what the reads become

    def V(node: Any) -> Any: ...

    def C(node: Any) -> Any: ...


def deep(kit: Any) -> Step:
    """A chain of 50."""
    head = kit.signal(0)
    last = kit.computed(lambda: V(head) + 1, [head])
    for _ in range(49):
        last = kit.computed(lambda above=last: C(above) + 1, [last])
    kit.effect(lambda: C(last), [last])
    return lambda n: kit.write((head, n))


def broad(kit: Any) -> Step:
    """50 computeds side by side, each with an effect."""
    head = kit.signal(0)
    for index in range(50):
        computed = kit.computed(lambda index=index: V(head) + index, [head])
        kit.effect(lambda computed=computed: C(computed), [computed])
    return lambda n: kit.write((head, n))


def diamond(kit: Any) -> Step:
    """5 computeds that meet in a sum."""
    head = kit.signal(0)
    arms = [kit.computed(lambda: V(head) + 1, [head]) for _ in range(5)]
    total = kit.computed(lambda: sum([C(arm) for arm in arms]), arms)
    kit.effect(lambda: C(total), [total])
    return lambda n: kit.write((head, n))


def triangle(kit: Any) -> Step:
    """A chain of 10 and the sum of all its links."""
    head = kit.signal(0)
    links = [kit.computed(lambda: V(head) + 1, [head])]
    for _ in range(9):
        links.append(kit.computed(lambda above=links[-1]: C(above) + 1, [links[-1]]))
    total = kit.computed(lambda: V(head) + sum([C(link) for link in links]), [head, *links])
    kit.effect(lambda: C(total), [total])
    return lambda n: kit.write((head, n))


def mux(kit: Any) -> Step:
    """100 signals gathered in one dict, and taken out of it again: one write concerns one of them."""
    heads = [kit.signal(0) for _ in range(100)]
    gathered = kit.computed(lambda: {index: V(head) for index, head in enumerate(heads)}, heads)
    for index in range(100):
        one = kit.computed(lambda index=index: C(gathered)[index], [gathered])
        more = kit.computed(lambda one=one: C(one) + 1, [one])
        kit.effect(lambda more=more: C(more), [more])
    return lambda n: kit.write((heads[n % 10], n))


def repeated(kit: Any) -> Step:
    """A computed that reads one signal 30 times."""
    head = kit.signal(0)

    def add() -> int:
        total = 0
        for _ in range(30):
            total += V(head)
        return total

    total = kit.computed(add, [head])
    kit.effect(lambda: C(total), [total])
    return lambda n: kit.write((head, n))


def unstable(kit: Any) -> Step:
    """A computed that reads one or another, by the value it reads first."""
    head = kit.signal(0)
    double = kit.computed(lambda: V(head) * 2, [head])
    inverse = kit.computed(lambda: -V(head), [head])

    def add() -> int:
        total = 0
        for _ in range(20):
            total += C(double) if V(head) % 2 else C(inverse)
        return total

    total = kit.computed(add, [head, double, inverse])
    kit.effect(lambda: C(total), [total])
    return lambda n: kit.write((head, n))


def avoidable(kit: Any) -> Step:
    """A chain whose second link never changes: what is below need not run."""
    head = kit.signal(0)
    first = kit.computed(lambda: V(head), [head])

    def constant() -> int:
        _ = C(first)
        return 0

    second = kit.computed(constant, [first])
    third = kit.computed(lambda: sum(range(100)) + C(second) + 1, [second])
    fourth = kit.computed(lambda: C(third) + 2, [third])
    fifth = kit.computed(lambda: C(fourth) + 3, [fourth])
    kit.effect(lambda: C(fifth), [fifth])
    return lambda n: kit.write((head, n))


def cellx(kit: Any) -> Step:
    """10 layers of four cells, each read by the next layer and by an effect; four writes in a batch."""
    heads = [kit.signal(index) for index in range(4)]
    a, b, c, d = heads
    layer = [
        kit.computed(lambda: V(b), [b]),
        kit.computed(lambda: V(a) - V(c), [a, c]),
        kit.computed(lambda: V(b) + V(d), [b, d]),
        kit.computed(lambda: V(c), [c]),
    ]
    for depth in range(10):
        if depth:
            w, x, y, z = layer
            layer = [
                kit.computed(lambda x=x: C(x), [x]),
                kit.computed(lambda w=w, y=y: C(w) - C(y), [w, y]),
                kit.computed(lambda x=x, z=z: C(x) + C(z), [x, z]),
                kit.computed(lambda y=y: C(y), [y]),
            ]
        for cell in layer:
            kit.effect(lambda cell=cell: C(cell), [cell])
    return lambda n: kit.write((a, n), (b, n + 1), (c, n * 3), (d, n * 7))


SHAPES = (deep, broad, diamond, triangle, mux, repeated, unstable, avoidable, cellx)

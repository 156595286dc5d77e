"""The libraries of the signals benchmark, each behind the four verbs that the shapes need, and the two references.

A library that is not installed is left out. psygnal and param have events, not computeds: what stands for a computed is
run by each event of its sources, as their users would write it.
"""

from __future__ import annotations

import importlib.util
import inspect
import re
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from types import ModuleType
from typing import Any, ClassVar

import signal_shapes

Function = Callable[[], Any]
Write = tuple[Any, Any]


class Kit:
    """What a shape is built with. ``runs`` counts the runs of functions, if it is asked to."""

    name: ClassVar[str]
    module: ClassVar[str | None] = None
    reads_signal: ClassVar[str] = ".value"
    reads_computed: ClassVar[str] = ".value"

    def __init__(self, *, counts: bool = False) -> None:
        self.counts = counts
        self.runs = 0
        self.kept: list[Any] = []  # some libraries hold observers weakly

    @classmethod
    def is_there(cls) -> bool:
        return cls.module is None or importlib.util.find_spec(cls.module) is not None

    def counted(self, function: Function) -> Function:
        if not self.counts:
            return function

        def run() -> Any:
            self.runs += 1
            return function()

        return run

    # Abstract: each library says these four in its own words.

    def signal(self, value: Any) -> Any:
        raise NotImplementedError

    def computed(self, function: Function, sources: Sequence[Any]) -> Any:
        raise NotImplementedError

    def effect(self, function: Function, sources: Sequence[Any]) -> None:
        raise NotImplementedError

    def write(self, *writes: Write) -> None:
        raise NotImplementedError

    def end(self) -> None:
        """Let go of what the library would hold for good."""


def shapes_for(kit: type[Kit]) -> ModuleType:
    """The shapes, compiled with the library's own way to read."""
    source = inspect.getsource(signal_shapes)
    source = re.sub(r"\bV\((\w+)\)", rf"\1{kit.reads_signal}", source)
    source = re.sub(r"\bC\((\w+)\)", rf"\1{kit.reads_computed}", source)
    module = ModuleType(f"shapes for {kit.name}")
    exec(compile(re.sub(r"(?m)^if False:.*\n(\n|    .*\n)*", "", source), module.__name__, "exec"), module.__dict__)
    return module


class _Cell:
    """A node of the reference: its value is an attribute, and nothing notes that it is read."""

    __slots__ = ("function", "is_due", "observers", "plan", "value")

    def __init__(self, value: Any, function: Function | None) -> None:
        self.value = value
        self.function: Any = function
        self.is_due = False
        self.observers: list[_Cell] = []
        self.plan: list[_Cell] = []


class ByHand(Kit):
    """The reference: scheduled by hand from the sources it is told, with nothing else done.

    The order is made once. A write runs each node that can have changed once, in that order, and passes on what did.
    """

    name = "by hand"
    cell = _Cell

    def __init__(self, *, counts: bool = False) -> None:
        super().__init__(counts=counts)
        self.order: list[Any] = []
        self.is_planned = False

    def signal(self, value: Any) -> Any:
        return self._add(None, ())

    def computed(self, function: Function, sources: Sequence[Any]) -> Any:
        return self._add(self.counted(function), sources)

    def effect(self, function: Function, sources: Sequence[Any]) -> None:
        self._add(self.counted(function), sources)

    def _add(self, function: Function | None, sources: Sequence[Any]) -> Any:
        cell = self.cell(0, function)
        if function is not None:
            cell.value = self.call(cell)
        for source in sources:
            source.observers.append(cell)
        self.order.append(cell)
        return cell

    def call(self, cell: Any) -> Any:
        return cell.function()

    def _plan(self) -> None:
        self.is_planned = True
        for signal in self.order:
            if signal.function is None:
                reached = {signal}
                for cell in self.order:
                    if cell in reached:
                        reached.update(cell.observers)
                signal.plan = [cell for cell in self.order if cell in reached and cell.function is not None]

    def write(self, *writes: Write) -> None:
        if not self.is_planned:
            self._plan()
        plan: list[Any] = []
        for signal, value in writes:
            if value != signal.value:
                signal.value = value
                plan = signal.plan
                for observer in signal.observers:
                    observer.is_due = True
        if len(writes) > 1:  # all signals of cellx reach everything, but for the first layer
            plan = [cell for cell in self.order if cell.function is not None]
        for cell in plan:
            if cell.is_due:
                cell.is_due = False
                value = cell.function()
                if value != cell.value:
                    cell.value = value
                    for observer in cell.observers:
                        observer.is_due = True


_reads: ContextVar[list[Any] | None] = ContextVar("reads", default=None)


class _TrackedCell(_Cell):
    """A node whose reads are noted."""

    __slots__ = ("held", "sources")

    held: Any
    sources: list[Any]

    @property
    def value(self) -> Any:  # type: ignore[override]
        reads = _reads.get()
        if reads is not None:
            reads.append(self)
        return self.held

    @value.setter
    def value(self, value: Any) -> None:
        self.held = value


class ByHandTracked(ByHand):
    """The same schedule, with reads noted and compared: the least that serves graphs that change, without any lock."""

    name = "by hand, noting reads"
    cell = _TrackedCell

    def call(self, cell: Any) -> Any:
        reads: list[Any] = []
        token = _reads.set(reads)
        try:
            return cell.function()
        finally:
            _reads.reset(token)
            cell.sources = reads

    def write(self, *writes: Write) -> None:
        if not self.is_planned:
            self._plan()
        plan: list[Any] = []
        for signal, value in writes:
            if value != signal.held:
                signal.held = value
                plan = signal.plan
                for observer in signal.observers:
                    observer.is_due = True
        if len(writes) > 1:
            plan = [cell for cell in self.order if cell.function is not None]
        for cell in plan:
            if cell.is_due:
                cell.is_due = False
                reads: list[Any] = []
                _reads.set(reads)
                value = cell.function()
                if reads != cell.sources:
                    cell.sources = reads
                if value != cell.held:
                    cell.held = value
                    for observer in cell.observers:
                        observer.is_due = True
        _reads.set(None)


class Flow(Kit):
    name = "flow"
    module = "flow"

    def __init__(self, *, counts: bool = False) -> None:
        super().__init__(counts=counts)
        import flow

        self.flow = flow
        self.effects: list[flow.Effect] = []

    def signal(self, value: Any) -> Any:
        return self.flow.Signal(value)

    def computed(self, function: Function, sources: Sequence[Any]) -> Any:
        return self.flow.Computed(self.counted(function))

    def effect(self, function: Function, sources: Sequence[Any]) -> None:
        self.effects.append(self.flow.Effect(self.counted(function)))

    def write(self, *writes: Write) -> None:
        if len(writes) == 1:
            [(signal, signal.value)] = writes
        else:
            with self.flow.batch():
                for signal, signal.value in writes:  # noqa: B007
                    pass

    def end(self) -> None:
        for effect in self.effects:
            effect.dispose()


class Reaktiv(Kit):
    name = "reaktiv"
    module = "reaktiv"
    reads_signal = reads_computed = "()"

    def __init__(self, *, counts: bool = False) -> None:
        super().__init__(counts=counts)
        import reaktiv

        self.reaktiv = reaktiv

    def signal(self, value: Any) -> Any:
        return self.reaktiv.Signal(value)

    def computed(self, function: Function, sources: Sequence[Any]) -> Any:
        return self.reaktiv.Computed(self.counted(function))

    def effect(self, function: Function, sources: Sequence[Any]) -> None:
        run = self.counted(function)

        def effect() -> None:
            run()

        self.kept.append(self.reaktiv.Effect(effect))

    def write(self, *writes: Write) -> None:
        if len(writes) == 1:
            [(signal, value)] = writes
            signal.set(value)
        else:
            with self.reaktiv.batch():
                for signal, value in writes:
                    signal.set(value)

    def end(self) -> None:
        for effect in self.kept:
            effect.dispose()


class Observ(Kit):
    name = "observ"
    module = "observ"
    reads_signal = '["value"]'
    reads_computed = "()"

    def __init__(self, *, counts: bool = False) -> None:
        super().__init__(counts=counts)
        import observ

        self.observ = observ
        observ.scheduler.register_request_flush(lambda: None)  # we flush after each write

    def signal(self, value: Any) -> Any:
        return self.observ.ref(value)

    def computed(self, function: Function, sources: Sequence[Any]) -> Any:
        return self.observ.computed(self.counted(function))

    def effect(self, function: Function, sources: Sequence[Any]) -> None:
        self.kept.append(self.observ.watch_effect(self.counted(function)))

    def write(self, *writes: Write) -> None:
        for signal, value in writes:
            signal["value"] = value
        self.observ.scheduler.flush()


class Signified(Kit):
    name = "signified"
    module = "signified"

    def __init__(self, *, counts: bool = False) -> None:
        super().__init__(counts=counts)
        import signified

        self.signified = signified

    def signal(self, value: Any) -> Any:
        return self.signified.Signal(value)

    def computed(self, function: Function, sources: Sequence[Any]) -> Any:
        return self.signified.Computed(self.counted(function), list(sources))

    def effect(self, function: Function, sources: Sequence[Any]) -> None:
        self.kept.append(self.computed(function, sources))

    def write(self, *writes: Write) -> None:
        for signal, signal.value in writes:  # noqa: B007
            pass


class Psygnal(Kit):
    name = "psygnal"
    module = "psygnal"

    def __init__(self, *, counts: bool = False) -> None:
        super().__init__(counts=counts)
        import psygnal

        class Node:
            changed = psygnal.Signal(object)

            def __init__(self, value: Any) -> None:
                self.value = value

            def set(self, value: Any) -> None:
                if value != self.value:
                    self.value = value
                    self.changed.emit(value)

        self.node = Node

    def signal(self, value: Any) -> Any:
        return self.node(value)

    def computed(self, function: Function, sources: Sequence[Any]) -> Any:
        run = self.counted(function)
        node = self.node(run())

        def update() -> None:
            node.set(run())

        for source in sources:
            source.changed.connect(update)
        self.kept.append(update)
        return node

    def effect(self, function: Function, sources: Sequence[Any]) -> None:
        self.computed(function, sources)

    def write(self, *writes: Write) -> None:
        for signal, value in writes:
            signal.set(value)


class Param(Kit):
    name = "param"
    module = "param"

    def __init__(self, *, counts: bool = False) -> None:
        super().__init__(counts=counts)
        import param

        class Node(param.Parameterized):  # type: ignore[misc]
            value = param.Parameter()

        self.param, self.node = param, Node

    def signal(self, value: Any) -> Any:
        return self.node(value=value)

    def computed(self, function: Function, sources: Sequence[Any]) -> Any:
        run = self.counted(function)
        node = self.node(value=run())

        def update(*events: object) -> None:
            node.value = run()

        for source in sources:
            source.param.watch(update, "value")
        return node

    def effect(self, function: Function, sources: Sequence[Any]) -> None:
        self.computed(function, sources)

    def write(self, *writes: Write) -> None:
        for signal, signal.value in writes:  # noqa: B007
            pass


LIBRARIES: tuple[type[Kit], ...] = (ByHand, ByHandTracked, Flow, Reaktiv, Observ, Signified, Psygnal, Param)

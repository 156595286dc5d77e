"""Arrays of NumPy and tensors of PyTorch: shape, type and the values in the corners. Neither library is imported here.

Nothing is computed over a whole array, so one of a million cells is looked at as quickly as a small one.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

from sidekick.viz.nodes import NOTHING, Entry, Grating, Inside, Node
from sidekick.viz.texts import TIMES


def look_for(kind: type) -> Callable[[Any], Node] | None:
    """How to look at the values of a class, if it is one of these libraries'."""
    numpy, torch = sys.modules.get("numpy"), sys.modules.get("torch")
    if numpy is not None and issubclass(kind, numpy.ndarray):
        return _array
    if numpy is not None and issubclass(kind, numpy.generic):
        return _scalar
    if numpy is not None and issubclass(kind, numpy.dtype):
        return lambda value: Node("dtype", "word", str(value))
    tensor = getattr(torch, "Tensor", None)
    if isinstance(tensor, type) and issubclass(kind, tensor):
        return _tensor
    return None


def _array(value: Any) -> Node:
    np: Any = sys.modules["numpy"]

    plain = np.ndarray.view(value, np.ndarray)  # without the methods of a class that was made from it
    masked = getattr(value, "mask", None) if isinstance(value, np.ma.MaskedArray) else None
    kind = type(value).__name__
    return _grid(value, plain if masked is None else np.where(masked, np.nan, plain), kind, str(plain.dtype))


def _tensor(value: Any) -> Node:
    plain = value.detach()
    kind = str(plain.dtype).removeprefix("torch.")
    where = "" if plain.device.type == "cpu" else f" on {plain.device}"
    return _grid(value, plain, type(value).__name__, kind + where)


def _grid(value: Any, plain: Any, kind: str, cells: str) -> Node:
    """The node of what has a shape and is indexed."""
    shape = tuple(int(size) for size in plain.shape)
    if not shape:
        inner = _cell(plain.item())
        return Node(kind, inner.form, f"{inner.text} ({cells})", number=inner.number, identity=id(value), hold=value)
    sizes = TIMES.join(f"{size:,}" for size in shape)
    if len(shape) == 1:
        inside = Inside(shape[0], lambda start, stop: _items(plain, start, stop))
    else:
        inside = Inside(shape[0], lambda start, stop: [_entry(at, plain[at]) for at in range(start, stop)])
    return Node(
        *(kind, "container", f"{sizes} {cells}", shape[0]),
        inside=inside if 0 not in shape else NOTHING,
        identity=id(value),
        grating=_grating(plain, shape) if len(shape) == 2 and 0 not in shape else None,
        hold=value,
    )


def _items(plain: Any, start: int, stop: int) -> Sequence[Entry]:
    return [_entry(at, cell) for at, cell in enumerate(plain[start:stop].tolist(), start)]


def _entry(at: int, value: Any) -> Entry:
    return Entry("index", at, str(at), value)


def _grating(plain: Any, shape: tuple[int, ...]) -> Grating:
    return Grating(
        shape[0],
        range(shape[1]),  # type: ignore[arg-type]  # names are made texts when they are shown
        str,
        lambda row, columns: [plain[row, column].item() for column in columns],
    )


def _scalar(value: Any) -> Node:
    inner = _cell(value.item())
    return Node(type(value).__name__, inner.form, inner.text, number=inner.number)


def _cell(value: Any) -> Node:
    from sidekick.viz.look import look

    return look(value)

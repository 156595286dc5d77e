"""The table as a value that is never changed, for the libraries that render it anew from its state."""

from __future__ import annotations

from dataclasses import dataclass, replace

import rows_table
from rows_table import new_label, new_labels, swapped


@dataclass(frozen=True, slots=True)
class Item:
    id: int
    label: str


@dataclass(frozen=True, slots=True)
class State:
    items: tuple[Item, ...] = ()
    chosen: int | None = None


def new_items(rows: int = rows_table.COUNT) -> tuple[Item, ...]:
    return tuple(Item(id, label) for id, label in new_labels(rows))


def after(state: State, action: tuple[str, int | None]) -> State:
    """The state after an operation, given by its name and the id of the row it was asked for in, if any."""
    name, id = action
    items = state.items
    if name in ("create", "replace"):
        return replace(state, items=new_items())
    if name == "append":
        return replace(state, items=items + new_items())
    if name == "clear":
        return replace(state, items=())
    if name == "update":
        updated = (replace(each, label=f"{each.label} !!!") if at % 10 == 0 else each for at, each in enumerate(items))
        return replace(state, items=tuple(updated))
    if name == "label":
        at = rows_table.RELABELLED
        return replace(state, items=(*items[:at], replace(items[at], label=new_label()), *items[at + 1 :]))
    if name == "select":
        return replace(state, chosen=id)
    if name == "swap":
        return replace(state, items=tuple(swapped([*items])))
    if name == "remove":
        return replace(state, items=tuple(each for each in items if each.id != id))
    raise ValueError(name)

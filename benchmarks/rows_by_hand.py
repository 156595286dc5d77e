"""The table by hand: one anywidget and messages made for this table alone. The floor of what a table can cost."""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets

import rows_table
from rows_table import new_label, new_labels, swapped

ESM = """
function render({ model, el }) {
  const bar = el.appendChild(document.createElement('div'));
  for (const name of model.get('buttons')) {
    const button = bar.appendChild(document.createElement('button'));
    button.className = `do-${name}`;
    button.textContent = name;
    button.onclick = () => model.send({ do: name });
  }
  const body = el.appendChild(document.createElement('table')).appendChild(document.createElement('tbody'));
  const rows = new Map();
  let chosen;
  body.onclick = ({ target }) => {
    const id = Number(target.parentNode.firstChild.textContent);
    if (target.className === 'bench-label') model.send({ do: 'select', id });
    else if (target.className === 'bench-remove') model.send({ do: 'remove', id });
  };
  const add = pairs => {
    const fragment = document.createDocumentFragment();
    for (const [id, label] of pairs) {
      const row = fragment.appendChild(document.createElement('tr'));
      row.className = 'bench-row';
      const cells = [id, label, 'x'].map(text => {
        const cell = row.appendChild(document.createElement('td'));
        cell.textContent = text;
        return cell;
      });
      cells[1].className = 'bench-label';
      cells[2].className = 'bench-remove';
      rows.set(id, row);
    }
    body.append(fragment);
  };
  const clear = () => { rows.clear(); body.replaceChildren(); };
  const acts = {
    clear,
    append: add,
    replace: pairs => { clear(); add(pairs); },
    update: pairs => { for (const [id, label] of pairs) rows.get(id).childNodes[1].firstChild.data = label; },
    select: id => {
      if (chosen) chosen.className = 'bench-row';
      chosen = rows.get(id);
      if (chosen) chosen.className = 'bench-row bench-chosen';
    },
    swap: ([one, other]) => {
      const [first, second] = [rows.get(one), rows.get(other)], next = second.nextSibling;
      first.before(second);
      body.insertBefore(first, next);
    },
    remove: id => { rows.get(id).remove(); rows.delete(id); },
  };
  model.on('msg:custom', message => { for (const [name, what] of Object.entries(message)) acts[name](what); });
  add(model.get('rows'));
}
export default { render };
"""


class Shown(anywidget.AnyWidget):
    _esm = ESM
    buttons = traitlets.List(rows_table.BUTTONS).tag(sync=True)
    rows = traitlets.List().tag(sync=True)


class Table:
    def __init__(self, rows: int = 0) -> None:
        self.items = new_labels(rows)
        self.root = Shown(rows=self.items)
        self.root.on_msg(lambda _, content, buffers: self.act(**content))
        self.at = 0

    def act(self, do: str, **row: int) -> None:
        self.root.send(getattr(self, do)(**row))

    def create(self) -> dict[str, Any]:
        self.items = new_labels()
        return {"replace": self.items}

    replace = create

    def append(self) -> dict[str, Any]:
        new = new_labels()
        self.items += new
        return {"append": new}

    def clear(self) -> dict[str, Any]:
        self.items = []
        return {"clear": None}

    def update(self) -> dict[str, Any]:
        changed = [(id, f"{label} !!!") for id, label in self.items[::10]]
        self.items[::10] = changed
        return {"update": changed}

    def label(self) -> dict[str, Any]:
        changed = self.items[rows_table.RELABELLED] = self.items[rows_table.RELABELLED][0], new_label()
        return {"update": [changed]}

    def select(self, id: int) -> dict[str, Any]:
        return {"select": id}

    def swap(self) -> dict[str, Any]:
        self.items = swapped(self.items)
        return {"swap": [self.items[at][0] for at in reversed(rows_table.SWAPPED)]}

    def remove(self, id: int) -> dict[str, Any]:
        self.items = [each for each in self.items if each[0] != id]
        return {"remove": id}

    def press(self, operation: str) -> None:
        message: dict[str, Any] = {"do": operation}
        if operation in rows_table.IN_ROWS:
            self.at += 1
            message["id"] = self.items[rows_table.REMOVED if operation == "remove" else self.at][0]
        self.root._handle_custom_msg(message, [])

    def painted(self) -> None:
        """The page does not tell."""

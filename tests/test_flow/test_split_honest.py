"""Honest apps: what their page renders is what the whole app does, from the client's half alone."""

# ruff: noqa: E501 -- a source is one line
from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from flow.compiler import split

HEAD = "from flow import Signal, component, rpc\nfrom flow.ui import Button, Div, Li, Text, Ul\n"
RENDER = """
import asyncio, sys
sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
from importlib import import_module
from flow.renderer import HTMLRenderer
App = import_module(sys.argv[2]).App
async def shown():
    element = App()
    ready = getattr(element, "ready", None)
    if ready is not None:
        await ready()
    return HTMLRenderer(ids=False).render(element)
print(asyncio.run(shown()))
"""


@dataclass(frozen=True)
class App:
    """``files`` by their paths, ``entry`` among them; ``shows`` is in the page, ``lacks`` is not in its sources."""

    title: str
    files: dict[str, str]
    shows: str
    lacks: str = "server_only"
    entry: str = "app.py"


def app(title: str, source: str, shows: str, *, entry: str = "app.py", **files: str) -> App:
    """An app of these files, whose names have ``__in__`` for a slash."""
    others = {
        f"{name.replace('__in__', '/').replace('_dunder_init', '__init__')}.py": text for name, text in files.items()
    }
    return App(title, {entry: source, **others}, shows, entry=entry)


_SHOW = "@component\ndef App():\n    with Div() as root:\n        Text(str({}))\n    return root\n"


def show(expression: str) -> str:
    """A component that shows a value."""
    return _SHOW.format(expression)


APPS = [
    app(
        "an error of a call is caught",
        "from flow import component, rpc\nfrom flow.rpc import RpcError\nfrom flow.ui import Div, Text\n"
        "@rpc\nasync def save(): return 'server_only'\n"
        "async def saved():\n    try:\n        return await save()\n    except RpcError as error:\n        return str(error)\n"
        "@component\ndef App():\n    with Div() as root:\n        Text(saved.__name__)\n    return root\n",
        "saved",
    ),
    app("one text", HEAD + "server_only = 1\n" + show("'hello'"), "hello"),
    app("a signal", HEAD + "count = Signal(3)\n" + show("count.value"), "3"),
    app("helpers of helpers", HEAD + "def a(): return b() + 1\ndef b(): return C\nC = 4\n" + show("a()"), "5"),
    app("what is changed after it is made", HEAD + "items = []\nitems.append(1)\nitems[0:0] = [7]\nitems += [2]\n" + show("items"), "[7, 1, 2]"),
    app("what is changed in a loop", HEAD + "items = []\nfor n in range(9):\n    if n % 2: continue\n    if n > 4: break\n    items.append(n)\n" + show("items"), "[0, 2, 4]"),
    app("a loop that breaks", HEAD + "n = 0\nwhile True:\n    n += 1\n    if n > 5: break\n" + show("n"), "6"),
    app("names that change places", HEAD + "a, b, c = 1, 2, 3\na, b, c = b, a, 'server_only'\n" + show("(a, b)"), "(2, 1)"),
    app("one of two versions", HEAD + "try:\n    import no_such_module as json\nexcept ImportError:\n    import json\n" + show("json.dumps([1])"), "[1]"),
    app("an import for types", HEAD + "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import server_only\nelse:\n    A = 4\n" + show("A"), "4"),
    app("not the main program", HEAD + "if __name__ != '__main__':\n    A = 1\nelse:\n    A = 2\n" + show("A"), "1"),
    app("a class with its own", HEAD + "title = 'a'\nclass State:\n    title = title + 'b'\n    def shown(self): return self.title * 2\n" + show("State().shown()"), "abab"),
    app("an annotation with a class", "from __future__ import annotations\n" + HEAD + "class State: title = 'a'\ndef make(s: 'State | None' = None) -> State: return s or State()\n" + show("make().title"), "a"),
    app("a decorator", HEAD + "def twice(f): return lambda: f() * 2\n@twice\ndef a(): return 4\n" + show("a()"), "8"),
    app("a dataclass", HEAD + "from dataclasses import dataclass\n@dataclass\nclass P:\n    x: int = 1\n" + show("P().x + 1"), "2"),
    app("a match", HEAD + "match (1, 2):\n    case (x, int(y)):\n        total = x + y\n    case _:\n        total = 'server'\n" + show("total"), "3"),
    app("a global that is set by a call", HEAD + "def go():\n    global title\n    title = 'set'\ngo()\n" + show("title"), "set"),
    app("rpc functions beside", HEAD + "import os\nKEY = os.environ.get('server_only')\n@rpc\nasync def save(x: int = KEY): return os.getpid()\n" + show("'rpc ' + str(callable(save))"), "rpc True"),
    app("rpc methods beside", HEAD + "import os\nclass Api:\n    title = 'a'\n    @rpc\n    async def save(self): return os.name\n    @staticmethod\n    @rpc\n    async def load(fetch): return os.name\n" + show("Api().title + str(callable(Api.load))"), "aTrue"),
    app("a list of items", HEAD + "names = ['x', 'y']\n@component\ndef App():\n    with Ul() as root:\n        for name in names: Li(name)\n    return root\n", "<li"),
    app("components of components", HEAD + "@component\ndef Part(n):\n    return Text(f'part {n}')\n@component\ndef App():\n    with Div() as root:\n        Part(1)\n        Part(2)\n    return root\n", "part 2"),
    app("a module", HEAD + "import helpers\nfrom helpers import b as bb\n" + show("helpers.a() + bb"), "6", helpers="import os\ndef a(): return c\nb = 2\nc = 4\nserver_only = os.name\n"),
    app("a module by star", HEAD + "from helpers import *\n" + show("(a, _b)"), "(1, 2)", helpers="__all__ = ['a', '_b']\na, _b = 1, 2\nserver_only = 3\n"),
    app("a package", HEAD + "import shop.prices\nimport shop.orders as orders\nfrom shop import title\n" + show("(shop.prices.total([1, 2]), orders.count, title)"), "(3, 7, 'Shop')", shop__in___dunder_init="from .names import title, server_only\n", shop__in__names="title = 'Shop'\nserver_only = 1\n", shop__in__prices="from . import orders\ndef total(of): return sum(of)\n", shop__in__orders="count = 7\nserver_only = 1\n"),
    app("an entry in a package", HEAD + "from .parts import head\nfrom . import parts as p\n" + show("head() + p.tail"), "headtail", entry="shop/page.py", shop__in___dunder_init="", shop__in__parts="def head(): return 'head'\ntail = 'tail'\nserver_only = 1\n"),
    app("a package without __init__", HEAD + "from shop.parts.names import title\n" + show("title"), "deep", shop__in__parts__in__names="title = 'deep'\nserver_only = 1\n"),
    app("modules that import each other", HEAD + "import a\n" + show("a.first()"), "1", a="import b\ndef first(): return b.second()\none = 1\n", b="import a\ndef second(): return a.one\nserver_only = 1\n"),
    app("a name that a module makes when asked", HEAD + "import lazy\n" + show("lazy.anything"), "made anything", lazy="def __getattr__(name): return f'made {name}'\nserver_only = 1\n"),
    app("a change from another module", HEAD + "import state\nfrom state import items\nstate.items.append(5)\nitems.append(6)\n" + show("items"), "[5, 6]", state="items = []\nserver_only = 1\n"),
    app("an import in the component", HEAD + "@component\ndef App():\n    from helpers import a\n    import helpers as h\n    return Text(str(a + h.b))\n", "3", helpers="a = 1\nb = 2\nserver_only = 3\n"),
    app("what is provided", "from flow import component, provide\nfrom flow.ui import Text\nclass State:\n    title = 'provided'\nstate = State()\nprovide(State, state)\n@component\ndef App(state: State): return Text(state.title)\n", "provided"),
]  # fmt: skip


def rendered(folder: Path, module: str) -> str:
    """The HTML of its component, made by a Python that sees this folder alone."""
    command = [sys.executable, "-c", RENDER, str(folder), module]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout


def written(files: dict[str, str], folder: Path) -> Path:
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize("each", APPS, ids=lambda each: each.title)
def test_a_page_renders_what_the_whole_app_does(each: App, tmp_path: Path) -> None:
    whole = written(each.files, tmp_path / "whole")
    made = split(whole / each.entry)
    page = written({str(made.paths[name]): source for name, source in made.sources.items()}, tmp_path / "page")
    module = each.entry.removesuffix(".py").replace("/", ".")
    expected = rendered(whole, module)
    assert each.shows in expected
    assert rendered(page, module) == expected
    assert not [name for name, source in made.sources.items() if each.lacks in source]


def test_there_are_enough_of_them() -> None:
    assert len(APPS) >= 20


def test_each_line_of_a_page_is_where_it_was(tmp_path: Path) -> None:
    for number, each in enumerate(APPS):
        whole = written(each.files, tmp_path / str(number))
        made = split(whole / each.entry)
        for name, source in made.sources.items():
            path = whole / made.paths[name]
            lines = path.read_text("utf-8").split("\n") if path.is_file() else []
            for at, line in enumerate(source.split("\n")):
                if line.lstrip().startswith(("return", "def ", "class ", "Text(", "with ")) and "flow.rpc" not in line:
                    assert line == lines[at], (each.title, at + 1)


def test_a_traceback_in_a_page_has_the_lines_of_the_author(tmp_path: Path) -> None:
    source = (
        HEAD + '"""Not\nthere."""\nKEY = """a\nb"""\n\n@rpc\nasync def save(x):\n    return 1\n\n\n' + show("1 / 0")
    )
    whole = written({"app.py": source}, tmp_path)
    half = split(whole / "app.py").sources["app"]
    (line,) = (number for number, text in enumerate(source.split("\n"), 1) if "1 / 0" in text)
    done = subprocess.run([sys.executable, "-c", RENDER, str(written({"app.py": half}, tmp_path / "page")), "app"], capture_output=True, text=True, timeout=60)  # fmt: skip
    assert f'app.py", line {line}, in App' in done.stderr

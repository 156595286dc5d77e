"""Sources that were written to get a secret into a page. The secret is the word ``sesame``, in any form.

Each says what is expected of it: that the secret stays out, or that the split is refused, at a line, with a chain of
names. So a change of what happens is seen, also one for the better.
"""

# ruff: noqa: E501, RUF001 -- a source is one line, and has letters that look like others
from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path

from flow.compiler.rules import Rules

SECRET = "sesame"
APP = "@component\nasync def App():\n    Text('hello')\n"
HEAD = "from flow import component, rpc\nfrom flow.ui import Text\n"
CALLS = "@component\nasync def App():\n    Text(await save(1))\n"


@dataclass(frozen=True)
class Refused:
    """The split is refused: at this line, with this chain of names."""

    line: int
    chain: str
    file: str = "app.py"


@dataclass(frozen=True)
class Case:
    """``files`` by their paths; ``app.py`` is the entry. ``has`` stands in the page, to show that there is one."""

    title: str
    files: dict[str, str | bytes]
    refused: Refused | None = None
    has: tuple[str, ...] = ()
    since: tuple[int, int] = (3, 11)
    rules: Rules = field(default_factory=Rules)

    @property
    def is_python(self) -> bool:
        """Whether this Python can read it."""
        return sys.version_info >= self.since

    def write(self, folder: Path) -> Path:
        """Write its files. Returns the entry's."""
        for name, text in self.files.items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return folder / "app.py"


CASES: list[Case] = []


def stays(title: str, source: str | bytes, *has: str, since: tuple[int, int] = (3, 11), **files: str) -> None:
    """The secret stays on the server."""
    CASES.append(Case(title, {"app.py": source, **_paths(files)}, None, has, since))


def refused(title: str, source: str, line: int, chain: str, *, file: str = "app.py", **files: str) -> None:
    """The split is refused."""
    CASES.append(Case(title, {"app.py": source, **_paths(files)}, Refused(line, chain, file)))


def _paths(files: dict[str, str]) -> dict[str, str | bytes]:
    return {
        f"{name.replace('__in__', '/').replace('_dunder_init', '__init__')}.py": text for name, text in files.items()
    }


# -- What only the server uses

stays("a constant", HEAD + "KEY = 'sesame'\n@rpc\nasync def save(x): return KEY + x\n" + CALLS, "fetch('app.save'")
stays("a constant nobody uses", HEAD + "KEY = 'sesame'\n" + APP, "hello")
stays("a constant of a call", HEAD + "KEY = str('sesame')\n" + APP, "hello")
stays("bytes", HEAD + "KEY = b'sesame'\n" + APP, "hello")
stays("a text in parts", HEAD + "KEY = 'ses' 'ame'\n" + APP, "hello")
stays("a text in sums", HEAD + "KEY = 'ses' + 'ame'\n" + APP, "hello")
stays("escapes", HEAD + "KEY = '\\x73\\x65same'\nOTHER = '\\N{LATIN SMALL LETTER S}esame'\n" + APP, "hello")
stays("an annotation", HEAD + "KEY: 'sesame' = 1\n" + APP, "hello")
stays("an annotation without a value", HEAD + "KEY: 'sesame'\n" + APP, "hello")
stays("a body", HEAD + "@rpc\nasync def save(x):\n    return 'sesame'\n" + CALLS, "fetch")
stays("a docstring", HEAD + "@rpc\nasync def save(x):\n    '''sesame'''\n" + CALLS, "fetch")
stays("the module's docstring", "'''sesame'''\n" + HEAD + APP, "hello")
stays(
    "comments",
    "# sesame\n" + HEAD + "@rpc  # sesame\nasync def save(x):  # sesame\n    return 1  # sesame\n" + CALLS,
    "fetch",
)
stays("a comment in a component", HEAD + APP + "    # sesame\n    Text(  # sesame\n        'b')\n", "'b'")
stays("a type comment", HEAD + APP + "    x = []  # type: list[sesame]\n", "hello")
stays("defaults", HEAD + "@rpc\nasync def save(x, y='sesame', *, z='sesame'): ...\n" + CALLS, "y=...")
stays(
    "annotations",
    HEAD + "@rpc\nasync def save(x: 'sesame', y: list['sesame'] = []) -> 'sesame': ...\n" + CALLS,
    "fetch",
)
stays(
    "a type of the server's",
    HEAD + "class Sesame: ...\n@rpc\nasync def save(x: Sesame | None) -> Sesame: ...\n" + CALLS,
    "fetch",
)
stays("an option of the decorator", HEAD + "@rpc(timeout=len('sesame'))\nasync def save(x): ...\n" + CALLS, "@rpc\n")
stays(
    "an argument of another decorator",
    HEAD + "def only(who): return lambda f: f\n@only('sesame')\n@rpc\nasync def save(x): ...\n" + CALLS,
    "@rpc\n",
)
stays(
    "an entry of a dict", HEAD + "KEYS = {'a': 'sesame'}\n@rpc\nasync def save(x): return KEYS['a']\n" + CALLS, "fetch"
)
stays("an entry put into a dict of the server's", HEAD + "KEYS = {}\nKEYS['sesame'] = 1\n" + APP, "hello")
stays(
    "an attribute of a class",
    HEAD + "class Keys:\n    a = 'sesame'\n@rpc\nasync def save(x): return Keys.a\n" + CALLS,
    "fetch",
)
stays(
    "a function in a function",
    HEAD + "@rpc\nasync def save(x):\n    def inner(): return 'sesame'\n    return inner()\n" + CALLS,
    "fetch",
)
stays(
    "an f-string",
    HEAD + "NAME = 1\nURL = f'sesame{NAME}'\n@rpc\nasync def save(x): return f'{URL}sesame{x!r:>{NAME}}'\n" + CALLS,
    "fetch",
)
stays("a match", HEAD + "@rpc\nasync def save(x):\n    match x:\n        case 'sesame': return 1\n" + CALLS, "fetch")
stays(
    "a match of the module",
    HEAD + "match 1:\n    case 1:\n        KEY = 'sesame'\n    case 2 as sesame:\n        pass\n" + APP,
    "hello",
)
stays(
    "try and finally",
    HEAD
    + "try:\n    KEY = 'sesame'\nexcept ValueError('sesame'):\n    KEY = 'sesame'\nfinally:\n    print('sesame')\n"
    + APP,
    "hello",
)
stays("with", HEAD + "with open('sesame') as file:\n    KEY = file.read()\n" + APP, "hello")
stays("a loop", HEAD + "for each in ['sesame']:\n    KEY = each\nelse:\n    print('sesame')\n" + APP, "hello")
stays("if main", HEAD + APP + "if __name__ == '__main__':\n    print('sesame')\n", "hello")
stays("if main, the other way round", HEAD + APP + "if '__main__' == __name__: print('sesame')\n", "hello")
stays(
    "for types",
    HEAD
    + "from typing import TYPE_CHECKING as T\nif T:\n    KEY = 'sesame'\nelse:\n    TITLE = 'a'\n@component\nasync def App(): Text(TITLE)\n",
    "TITLE = 'a'",
)
stays("a lambda", HEAD + "key = lambda: 'sesame'\n@rpc\nasync def save(x): return key()\n" + CALLS, "fetch")
stays("a walrus", HEAD + "print(key := 'sesame')\n" + APP, "hello")
stays(
    "global",
    HEAD
    + "TITLE = 'a'\ndef change():\n    global TITLE\n    TITLE = 'sesame'\n@component\nasync def App(): Text(TITLE)\n",
    "TITLE = 'a'",
)
stays("an assert", HEAD + "assert 'sesame'\n" + APP, "hello")
stays(
    "type parameters",
    HEAD + "type Key = 'sesame'\n@rpc\nasync def save[T: 'sesame'](x: T) -> T: ...\n" + CALLS,
    "fetch",
    since=(3, 12),
)
stays(
    "defaults of type parameters",
    HEAD + "@rpc\nasync def save[T = 'sesame'](x: T) -> T: ...\n" + CALLS,
    "fetch",
    since=(3, 13),
)
stays(
    "one of several that are assigned",
    HEAD + "TITLE, KEY = 'a', 'sesame'\n@component\nasync def App(): Text(TITLE)\n",
    "TITLE = 'a'",
)
stays(
    "one of nested ones that are assigned",
    HEAD + "(A, (TITLE, KEY)), *B = (1, ('a', 'sesame')), 'sesame'\n@component\nasync def App(): Text(TITLE)\n",
    "TITLE = 'a'",
)
stays(
    "a starred one that is assigned",
    HEAD + "TITLE, *KEYS = 'a', 'sesame', 'sesame'\n@component\nasync def App(): Text(TITLE)\n",
    "TITLE = 'a'",
)

# -- Names that look like others

stays(
    "a local variable of the same name",
    HEAD + "key = 'sesame'\n@component\nasync def App():\n    key = 'a'\n    Text(key)\n",
    "'a'",
)
stays("a parameter of the same name", HEAD + "key = 'sesame'\n@component\nasync def App(key): Text(key)\n", "Text(key)")
stays(
    "a comprehension's variable of the same name",
    HEAD + "key = 'sesame'\n@component\nasync def App(): [Text(key) for key in 'ab']\n",
    "for key in",
)
stays(
    "an attribute of the same name",
    HEAD + "key = 'sesame'\n@component\nasync def App(it): Text(it.key, key=1)\n",
    "it.key",
)
stays(
    "a class's own of the same name",
    HEAD + "key = 'sesame'\nclass A:\n    key = 'a'\n    title = key\n@component\nasync def App(): Text(A.title)\n",
    "title = key",
)
stays(
    "a caught error of the same name",
    HEAD + "key = 'sesame'\n@component\nasync def App():\n    try: pass\n    except Exception as key: Text(str(key))\n",
    "as key",
)
stays(
    "a parameter that is called like a module",
    HEAD + "import config\n@component\nasync def App(config): Text(config.key)\n",
    "config.key",
    config="key = 'sesame'\n",
)
stays(
    "a choice of texts in an annotation",
    HEAD
    + "from typing import Literal\nkey = 'sesame'\n@component\nasync def App(x: Literal['key'] = 'key'): Text(x)\n",
    "Literal",
)
stays(
    "another module's name",
    HEAD + "import config\n@component\nasync def App(): Text(config.title)\n",
    "config.title",
    config="key = 'sesame'\ntitle = 'a'\n",
)
stays(
    "what is set in another module",
    HEAD + "import config\nconfig.key = 'sesame'\n@component\nasync def App(): Text(config.title)\n",
    "config.title",
    config="key = ''\ntitle = 'a'\n",
)

# -- rpc under any name

for _title, _import, _use in [
    ("as", "from flow import rpc as r", "@r"),
    ("of flow", "import flow", "@flow.rpc"),
    ("of flow as", "import flow as f", "@f.rpc"),
    ("called", "from flow import rpc as r", "@r()"),
    ("of its module", "from flow.rpc import rpc as r", "@r"),
    ("of its module by dots", "import flow.rpc", "@flow.rpc.rpc"),
    ("of its module as", "import flow.rpc as m", "@m.rpc"),
    ("by star", "from flow import *", "@rpc"),
    ("assigned", "from flow import rpc\nr = rpc", "@r"),
    ("assigned to one of several", "from flow import rpc\nr, s = rpc, 1", "@r"),
    ("assigned twice", "from flow import rpc\na = b = rpc\nr = b", "@r"),
    ("annotated", "from flow import rpc\nr: object = rpc", "@r"),
    ("by walrus", "from flow import rpc\nif (r := rpc): pass", "@r"),
    ("in a loop", "from flow import rpc\nfor r in (rpc,): pass", "@r"),
    ("by a condition", "import flow\nr = flow.rpc if 1 else print", "@r"),
    ("by or", "import flow\nr = None or flow.rpc", "@r"),
    ("in try", "try:\n    from flow import rpc as r\nexcept ImportError:\n    def r(f): return f", "@r"),
    ("in a dict", "from flow import rpc\nby = {'r': rpc}", "@by['r']"),
    ("in a class", "from flow import rpc\nclass By: r = rpc", "@By.r"),
    ("put on an object", "from types import SimpleNamespace\nfrom flow import rpc\nns = SimpleNamespace()\nns.r = rpc", "@ns.r"),
    ("by setattr", "from flow import rpc\nclass By: pass\nsetattr(By, 'r', rpc)", "@By.r"),
    ("put on an object in a function", "from flow import rpc\nclass By: pass\ndef go(): By.r = rpc\ngo()", "@By.r"),
    ("by global", "def go():\n    global r\n    from flow import rpc as r\ngo()", "@r"),
    ("by getattr", "import flow\nr = getattr(flow, 'rpc')", "@r"),
    ("by getattr, at once", "import flow", "@getattr(flow, 'rpc')"),
    ("by getattr of a sum", "import flow\nr = getattr(flow, 'r' + 'pc')", "@r"),
    ("by vars", "import flow\nr = vars(flow)['rpc']", "@r"),
    ("by __dict__", "import flow", "@flow.__dict__['rpc']"),
    ("by globals", "from flow import rpc", "@globals()['rpc']"),
    ("by eval", "from flow import rpc", "@eval('rpc')"),
    ("by __import__", "", "@__import__('flow').rpc"),
    ("by __import__ of a sum", "r = getattr(__import__('fl' + 'ow'), 'r' + 'pc')", "@r"),
    ("by importlib", "import importlib\nr = importlib.import_module('flow').rpc", "@r"),
    ("by import_module", "from importlib import import_module as load\nm = load('flow')", "@m.rpc"),
    ("by sys.modules", "import sys, flow\nr = getattr(sys.modules['flow'], 'rp' 'c')", "@r"),
    ("by partial", "from functools import partial\nfrom flow import rpc\nr = partial(rpc, timeout=1)", "@r"),
    ("by partial, at once", "from functools import partial\nfrom flow import rpc", "@partial(rpc, timeout=1)"),
    ("with options", "from flow import rpc\nr = rpc(timeout=3)", "@r"),
    ("wrapped", "from flow import rpc\ndef r(f): return rpc(f)", "@r"),
    ("wrapped twice", "from flow import rpc\ndef a(f): return rpc(f)\ndef r(f): return a(f)", "@r"),
    ("made", "from flow import rpc\ndef make(x): return rpc\nr = make(1)", "@r"),
    ("in a circle", "from flow import rpc\ndef b(f): return r(f)\ndef r(f): return b(f) or rpc(f)\n@b\ndef first(): pass", "@b"),
    ("by a class that is called", "from flow import rpc\nclass R:\n    def __call__(self, f): return rpc(f)", "@R()"),
    ("imported in the wrapper", "def r(f):\n    from flow import rpc as go\n    return go(f)", "@r"),
    ("flow imported in the wrapper", "def r(f):\n    import flow as go\n    return go.rpc(f)", "@r"),
    ("of another package", "from company import rpc", "@rpc"),
    ("of another package's object", "from company import api", "@api.rpc"),
    ("under another decorator", "from functools import cache\nfrom flow import rpc as r", "@cache\n@r"),
    ("above another decorator", "from functools import cache\nfrom flow import rpc as r", "@r\n@cache"),
    ("in wide letters", "from flow import ｒｐｃ as ｒ", "@r"),
    ("in brackets", "from flow import rpc", "@(\n    rpc\n)"),
    ("after a continued line", "from flow import rpc", "@ \\\n  rpc"),
    ("of many lines", "from flow import rpc", "@rpc(\n    timeout=(\n        3),\n)"),
    ("after three thousand others", "from flow import rpc as r0\n" + "".join(f"r{n + 1} = r{n}\n" for n in range(3000)), "@r3000"),
    ("after a thousand attributes", "import flow as r0\n" + "".join(f"r{n + 1} = r{n}\n" for n in range(1000)), "@r1000.rpc"),
]:  # fmt: skip
    _head = f"from flow import component\nfrom flow.ui import Text\n{_import}\n"
    stays(f"rpc {_title}", f"{_head}{_use}\nasync def save(x):\n    return 'sesame'\n{CALLS}", "fetch('app.save'")

# -- rpc in classes

for _title, _method in [
    ("a method", "@rpc\n    async def save(self, x): return 'sesame'"),
    ("a static method", "@staticmethod\n    @rpc\n    async def save(x): return 'sesame'"),
    ("a class's method", "@classmethod\n    @rpc\n    async def save(cls, x): return 'sesame'"),
    ("a property", "@property\n    @rpc\n    async def save(self): return 'sesame'"),
    ("a generator", "@rpc\n    async def save(self): yield 'sesame'"),
    ("a private decorator", "@__r\n    async def save(self): return 'sesame'"),
    ("a nested class", "class Inner:\n        @rpc\n        async def save(self): return 'sesame'"),
]:
    _class = f"_Api__r = rpc\nclass Api:\n    title = 'a'\n    {_method}\n"
    stays(f"rpc on {_title}", HEAD + _class + "@component\nasync def App(): Text(Api.title, Api.save)\n", "title = 'a'")

_uses = "@component\nasync def App(): Text(Api.save)\n"
refused(
    "rpc under a name of the class",
    HEAD + "class Api:\n    r = rpc\n    @r\n    async def save(self): return 'sesame'\n" + _uses,
    4,
    "App -> Api",
)
refused(
    "rpc of flow under a name of the class",
    "import flow\n"
    + HEAD
    + "class Api:\n    r = flow.rpc\n    @r\n    async def save(self): return 'sesame'\n"
    + _uses,
    5,
    "App -> Api",
)
refused(
    "rpc in a condition of a class",
    HEAD + "class Api:\n    if 1:\n        @rpc\n        async def save(self): return 'sesame'\n" + _uses,
    5,
    "App -> Api",
)
refused(
    "rpc by a base class",
    HEAD
    + "class Base:\n    def __init_subclass__(cls): cls.save = rpc(cls.save)\nclass Api(Base):\n    async def save(self): return 'sesame'\n"
    + _uses,
    5,
    "App -> Api",
)
refused(
    "rpc by a decorator of a class",
    HEAD
    + "def all_rpc(c):\n    c.save = rpc(c.save)\n    return c\n@all_rpc\nclass Api:\n    async def save(self): return 'sesame'\n"
    + _uses,
    6,
    "App -> Api",
)

# -- rpc without a decorator

stays("rpc is called", HEAD + "async def _save(x): return 'sesame'\nsave = rpc(_save)\n" + CALLS, "fetch('app._save'")
stays(
    "rpc is called, and the function has its name",
    HEAD + "async def save(x): return 'sesame'\nsave = rpc(save)\n" + CALLS,
    "fetch('app.save'",
)
stays(
    "rpc is called with options",
    HEAD + "async def save(x): return 'sesame'\nsave = rpc(timeout=1)(save)\n" + CALLS,
    "fetch('app.save'",
)
stays(
    "rpc is called, and its result dropped",
    HEAD + "async def save(x): return 'sesame'\nrpc(save)\n" + CALLS,
    "fetch('app.save'",
)
stays(
    "rpc is called in a loop",
    HEAD + "async def save(x): return 'sesame'\nfor f in [save]: rpc(f)\n" + CALLS,
    "fetch('app.save'",
)
stays(
    "rpc is called for a list",
    HEAD + "async def save(x): return 'sesame'\nALL = [save]\nfor f in ALL: rpc(f)\n" + CALLS,
    "fetch('app.save'",
)
stays(
    "rpc is mapped", HEAD + "async def save(x): return 'sesame'\nlist(map(rpc, [save]))\n" + CALLS, "fetch('app.save'"
)
stays(
    "rpc is called in a function",
    HEAD + "async def save(x): return 'sesame'\ndef go(): rpc(save)\ngo()\n" + CALLS,
    "fetch('app.save'",
)
stays("rpc is given a lambda", HEAD + "save = rpc(lambda x: 'sesame')\n" + CALLS, "fetch('app.save'")
refused(
    "rpc in a table",
    HEAD + "async def _save(x): return 'sesame'\nAPI = {'save': rpc(_save)}\n@component\nasync def App(): Text(API)\n",
    4,
    "App -> API",
)
refused(
    "rpc in an annotated name",
    HEAD + "async def _save(x): return 'sesame'\nsave: object = rpc(_save)\n" + CALLS,
    4,
    "App -> save",
)
refused(
    "rpc in a function",
    HEAD + "def make():\n    @rpc\n    async def save(x): return 'sesame'\n    return save\nsave = make()\n" + CALLS,
    4,
    "App -> save -> make",
)
refused(
    "rpc in a function that imports it",
    HEAD
    + "def make():\n    from flow import rpc as r\n    @r\n    async def save(x): return 'sesame'\n    return save\nsave = make()\n"
    + CALLS,
    4,
    "App -> save -> make",
)
refused(
    "rpc in a function that imports flow",
    HEAD
    + "def make():\n    import flow as f\n    @f.rpc\n    async def save(x): return 'sesame'\n    return save\nsave = make()\n"
    + CALLS,
    5,
    "App -> save -> make",
)
refused(
    "rpc in a component",
    HEAD + "@component\nasync def App():\n    @rpc\n    async def save(x): return 'sesame'\n",
    5,
    "App",
)
refused(
    "flow as a value",
    HEAD
    + "import flow\ndef make():\n    @getattr(flow, 'r' + 'pc')\n    async def save(x): return 'sesame'\n    return save\nsave = make()\n"
    + CALLS,
    5,
    "App -> save -> make",
)

stays(
    "rpc by setattr on a function",
    HEAD
    + "def deco(f): return deco.r(f)\nsetattr(deco, 'r', rpc)\n@deco\nasync def save(x): return 'sesame'\n"
    + CALLS,
    "fetch('app.save'",
)
stays(
    "rpc on the function itself",
    HEAD + "def deco(f): return deco.r(f)\ndeco.r = rpc\n@deco\nasync def save(x): return 'sesame'\n" + CALLS,
    "fetch('app.save'",
)
stays(
    "rpc by an error's arguments",
    HEAD
    + "try: raise ImportError(rpc)\nexcept ImportError as e: r = e.args[0]\n@r\nasync def save(x): return 'sesame'\n"
    + CALLS,
    "fetch('app.save'",
)
stays(
    "rpc as a default",
    HEAD + "def deco(f, r=rpc): return r(f)\n@deco\nasync def save(x): return 'sesame'\n" + CALLS,
    "fetch('app.save'",
)
stays(
    "rpc in a list that grows",
    HEAD + "rs = []\nrs += [rpc]\n@rs[0]\nasync def save(x): return 'sesame'\n" + CALLS,
    "fetch('app.save'",
)
stays("rpc in a lambda", HEAD + "@(lambda f: rpc(f))\nasync def save(x): return 'sesame'\n" + CALLS, "fetch('app.save'")
refused(
    "the registry itself",
    HEAD
    + "from flow.rpc import RpcRegistry, RpcFunction\nasync def save(x): return 'sesame'\nRpcRegistry.register(RpcFunction(save, None))\n"
    + CALLS,
    8,
    "App",
)
refused(
    "rpc by a text in a class",
    HEAD
    + "class Api:\n    r = getattr(__import__('fl' + 'ow'), 'r' + 'pc')\n    @r\n    async def save(self): return 'sesame'\n"
    + _uses,
    6,
    "App -> Api",
)
refused(
    "rpc by a text in a function",
    HEAD
    + "def make():\n    r = getattr(__import__('fl' + 'ow'), 'r' + 'pc')\n    @r\n    async def save(x): return 'sesame'\n    return save\nsave = make()\n"
    + CALLS,
    6,
    "App -> save -> make",
)
refused(
    "rpc on a method from outside",
    HEAD + "class Api:\n    async def save(self): return 'sesame'\nApi.save = rpc(Api.save)\n" + _uses,
    7,
    "App",
)
refused(
    "rpc on another module's function",
    HEAD + "import api\nrpc(api.save)\n@component\nasync def App(): Text(api.save)\n",
    6,
    "App",
    api="async def save(x): return 'sesame'\n",
)

# -- The server's modules

for _title, _import, _use, _line in [
    ("plain", "import os", "os.environ['sesame']", 5),
    ("as", "import os as o", "o.environ['sesame']", 5),
    ("from", "from os import environ", "environ['sesame']", 5),
    ("star", "from os import *", "environ['sesame']", 5),
    ("inner", "import os.path", "os.path.join('sesame')", 5),
    ("nested", "", "__import__('os')", 5),
    ("importlib", "import importlib", "importlib.import_module('os')", 5),
    ("import_module", "from importlib import import_module as go", "go('os')", 5),
    ("re-bound", "import os\nfind = os.environ.get", "find('sesame')", 4),
    ("getattr", "import os", "getattr(os, 'environ')", 5),
    ("conditional", "if 1:\n    import os\nelse:\n    os = None", "os", 8),
    ("in try", "try:\n    import sqlite3 as db\nexcept ImportError:\n    db = None", "db", 8),
]:
    _lines = _import.count("\n")
    _at = _line if _lines in (1, 3) else 5
    refused(f"os, {_title}", f"{HEAD}{_import}\n@component\nasync def App(): Text({_use})\n", _at, "App")
refused(
    "os in the component",
    HEAD + "@component\nasync def App():\n    import os as o\n    Text(o.environ['sesame'])\n",
    5,
    "App -> os",
)
refused(
    "os through a helper",
    HEAD + "import os\ndef key():\n    return os.environ['sesame']\n@component\nasync def App(): Text(key())\n",
    5,
    "App -> key -> os",
)
refused(
    "os through a default",
    HEAD + "import os\n@component\nasync def App(key=os.environ['sesame']): ...\n",
    5,
    "App -> os",
)
refused(
    "os in a condition above",
    HEAD + "import os\nif os.environ.get('sesame'):\n    TITLE = 'a'\n@component\nasync def App(): Text(TITLE)\n",
    4,
    "App -> TITLE -> os",
)
refused(
    "os through what changes a value",
    HEAD + "import os\nITEMS = []\nITEMS.append(os.environ['sesame'])\n@component\nasync def App(): Text(ITEMS)\n",
    5,
    "App -> line 5 -> os",
)
refused(
    "os through another module",
    HEAD + "from helpers import key\n@component\nasync def App(): Text(key())\n",
    3,
    "App -> key -> os",
    file="helpers.py",
    helpers="import os\ndef key():\n    return os.environ['sesame']\n",
)
refused(
    "a marked module",
    HEAD + "import config\n@component\nasync def App(): Text(config.key)\n",
    5,
    "App -> config",
    config="# flow: server\nkey = 'sesame'\n",
)
refused(
    "a module of a marked package",
    HEAD + "from shop.config import key\n@component\nasync def App(): Text(key)\n",
    5,
    "App -> shop.config",
    shop__in___dunder_init="# Flow: Server\n",
    shop__in__config="key = 'sesame'\n",
)
refused(
    "a marked module by a text",
    HEAD + "@component\nasync def App(): Text(__import__('config').key)\n",
    4,
    "App -> config",
    config="# flow: server\nkey = 'sesame'\n",
)
refused(
    "a module by a text",
    HEAD + "@component\nasync def App(): Text(__import__('config').key)\n",
    4,
    "App",
    config="key = 'sesame'\n",
)
refused(
    "a marked module by a relative import",
    HEAD + "from shop.page import title\n@component\nasync def App(): Text(title())\n",
    3,
    "App -> title -> shop.config",
    file="shop/page.py",
    shop__in__page="from . import config\ndef title():\n    return config.key\n",
    shop__in__config="# flow: server\nkey = 'sesame'\n",
)
refused(
    "a marked module by re-exports",
    HEAD + "from a import key\n@component\nasync def App(): Text(key)\n",
    5,
    "App -> config",
    a="from b import *\n",
    b="from config import key\n",
    config="# flow: server\nkey = 'sesame'\n",
)

stays("a module that is not reached", HEAD + "import config\n" + APP, "hello", config="key = 'sesame'\n")
stays(
    "a star that is not reached",
    HEAD + "from config import *\n@component\nasync def App(): Text(title)\n",
    "Text(title)",
    config="key = 'sesame'\ntitle = 'a'\n",
)
stays(
    "a package's own code",
    HEAD + "from shop.page import title\n@component\nasync def App(): Text(title)\n",
    "Text(title)",
    shop__in___dunder_init="key = 'sesame'\nprint('sesame')\n",
    shop__in__page="title = 'a'\n",
)
stays(
    "a name of the package's that is not reached",
    HEAD + "from shop import title, key\n@component\nasync def App(): Text(title)\n",
    "Text(title)",
    shop__in___dunder_init="from .a import *\n",
    shop__in__a="title = 'a'\nkey = 'sesame'\n",
)
stays(
    "another module of the same package",
    HEAD + "import shop.page\nimport shop.config\n@component\nasync def App(): Text(shop.page.title)\n",
    "shop.page.title",
    shop__in__page="title = 'a'\n",
    shop__in__config="# flow: server\nkey = 'sesame'\n",
)
stays(
    "rpc through the app's own module",
    HEAD
    + "from base import *\nimport shop.base\n@remote\nasync def save(x): return 'sesame'\n@shop.base.go\nasync def load(): return 'sesame'\n"
    + CALLS,
    "fetch",
    base="from flow import rpc as remote\n",
    shop__in__base="import flow\ngo = flow.rpc\n",
)
stays(
    "rpc functions of another module",
    HEAD + "from api import save\n" + CALLS,
    "Text(await save",
    api="from flow import rpc\nKEY = 'sesame'\n@rpc\nasync def save(x):\n    return KEY\n",
)

# -- How it is written

stays(
    "semicolons",
    HEAD + "A = 'a'; KEY = 'sesame'; B = 'b'\n@component\nasync def App(): Text(A + B)\n",
    "A = 'a'",
    "B = 'b'",
)
stays("a semicolon at the end", HEAD + "KEY = 'sesame';\nOTHER = 'sesame' ;  # sesame\n" + APP, "hello")
stays(
    "a semicolon after many lines",
    HEAD + "A = 'a'; KEY = '''\nsesame\n'''; B = 'b'\n@component\nasync def App(): Text(A + B)\n",
    "A = 'a'",
    "B = 'b'",
)
stays(
    "continued lines",
    HEAD + "A = 'a'; \\\nKEY = 'sesame'; \\\n\\\nB = 'b'\n@component\nasync def App(): Text(A + B)\n",
    "A = 'a'",
    "B = 'b'",
)
stays("a continued text", HEAD + "KEY = 'ses\\\name'\n" + APP, "hello")
stays("line ends of Windows", (HEAD + "# sesame\nKEY = '''\nsesame'''\n" + APP).replace("\n", "\r\n"), "hello")
stays("line ends of old", (HEAD + "# sesame\nKEY = '''\nsesame'''\n" + APP).replace("\n", "\r"), "hello")
stays(
    "form feeds",
    HEAD + "\x0c# sesame\n\x0cKEY = 'sesame'\n\x0c@rpc\nasync def save(x): return 'sesame'\n" + CALLS,
    "fetch",
)
stays("vertical tabs in texts", HEAD + "KEY = 'a\x0b\x1c\u2028'  # sesame\nOTHER = 'sesame'\n" + APP, "hello")
stays(
    "tabs",
    HEAD
    + "if 1:\n\t@rpc\n\tasync def save(x):\n\t\treturn 'sesame'\n\tTITLE = 'a'\n@component\nasync def App(): Text(await save(TITLE))\n",
    "fetch",
    "TITLE = 'a'",
)
stays("a byte order mark", "\ufeff# sesame\n" + HEAD + "KEY = 'sesame'\n" + APP, "hello")
stays(
    "an encoding",
    (
        "# coding: latin-1\n" + HEAD + "é = 'é'; KEY = 'sesame'  # é sesame\n@component\nasync def App(): Text(é)\n"
    ).encode("latin-1"),
    "é = 'é'",
)
stays(
    "wide characters before",
    HEAD + "A = '😀é'; KEY = 'sesame'; B = 'b'  # 😀 sesame\n@component\nasync def App(): Text(A + B)\n",
    "A = '😀é'",
    "B = 'b'",
)
stays(
    "one line each",
    HEAD + "if 1: KEY = 'sesame'; A = 'a'\nelse: KEY = 'sesame'\n@component\nasync def App(): Text(A)\n",
    "A = 'a'",
)
stays(
    "a name in wide letters", HEAD + "ｋｅｙ = 'a'\nother = 'sesame'\n@component\nasync def App(): Text(key)\n", "= 'a'"
)
stays(
    "deep nesting",
    HEAD + "".join(f"{' ' * n}if {n}:\n" for n in range(50)) + " " * 50 + "KEY = 'sesame'\n" + APP,
    "hello",
)
stays(
    "a deep expression",
    HEAD + "KEY = " + "'sesame' + " * 900 + "''\n@rpc\nasync def save(x): return KEY\n" + CALLS,
    "fetch",
)
stays(
    "many definitions", HEAD + "".join(f"def f{n}(): return f{n + 1}(), 'sesame'\n" for n in range(3000)) + APP, "hello"
)
stays("many branches", HEAD + "if 0: pass\n" + "".join(f"elif {n}: KEY = 'sesame'\n" for n in range(90)) + APP, "hello")
stays("del", HEAD + "KEY = 'sesame'\nTITLE = 'a'\ndel KEY\n@component\nasync def App(): Text(TITLE)\n", "TITLE = 'a'")
stays(
    "annotations that wait",
    "from __future__ import annotations\n" + HEAD + "class Key: a = 'sesame'\nkeys: Key = Key()\n" + APP,
    "hello",
)

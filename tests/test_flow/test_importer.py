"""``import shop_client``: the client's half of a module, without a build."""

from __future__ import annotations

import importlib
import pickle
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from flow.compiler import (
    FlowImportHook,
    SplitError,
    SplitWarning,
    install_import_hook,
    set_debug_mode,
    uninstall_import_hook,
)

Write = Callable[[str, str], Path]

SHOP = '''"""The shop."""
import sqlite3
from flow import component, rpc

PASSWORD = "hunter2"

@rpc
async def prices():
    return sqlite3.connect(PASSWORD)

def total(numbers):
    return sum(numbers)

@component
def App():
    return total([1, "2"])
'''


@pytest.fixture(autouse=True)
def hook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlowImportHook]:
    monkeypatch.syspath_prepend(tmp_path)
    before = set(sys.modules)
    install_import_hook()
    yield next(each for each in sys.meta_path if isinstance(each, FlowImportHook))
    uninstall_import_hook()
    set_debug_mode(False, Path(".flow-debug"))
    for name in set(sys.modules) - before:
        del sys.modules[name]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(name: str, source: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, "utf-8")
        importlib.invalidate_caches()
        return path

    return write


def imported(name: str) -> ModuleType:
    return importlib.import_module(name)


def test_the_client_half_is_a_module_of_its_own(write: Write) -> None:
    path = write("shop.py", SHOP)
    shop = imported("shop_client")
    assert (shop.__name__, shop.__file__) == ("shop_client", str(path))
    assert shop.total([1, 2]) == 3
    assert not hasattr(shop, "PASSWORD")
    assert not hasattr(shop, "sqlite3")
    assert "shop" not in sys.modules


def test_a_traceback_names_and_shows_the_line_of_the_author(write: Write) -> None:
    path = write("shop.py", SHOP)
    with pytest.raises(TypeError) as caught:
        imported("shop_client").total([1, "2"])
    last = traceback.extract_tb(caught.value.__traceback__)[-1]
    assert (last.filename, last.lineno, last.line) == (str(path), 12, "return sum(numbers)")


def test_a_module_of_a_package_is_found_and_its_relative_imports_work(write: Write) -> None:
    write("market/__init__.py", "")
    write("market/tools.py", "def double(n): return 2 * n\n")
    write(
        "market/stall.py",
        "from .tools import double\nfrom flow import component\n@component\ndef App(): return double(2)\n",
    )
    assert imported("market.stall_client").double(4) == 8


def test_the_client_half_of_a_package_is_a_package(write: Write) -> None:
    write("market/__init__.py", "from flow import component\nKEY = 'hunter2'\n@component\ndef App(): return 1\n")
    market = imported("market_client")
    assert list(market.__path__) == [str(Path(str(market.__file__)).parent)]
    assert not hasattr(market, "KEY")


def test_what_is_no_client_half_is_left_to_others(hook: FlowImportHook, write: Write) -> None:
    write("shop.py", SHOP)
    assert [hook.find_spec(name) for name in ("shop", "json", "_client", "flow.signal", "nothing_client")] == [None] * 5


def test_a_half_is_made_once_and_anew_when_it_or_another_it_depends_on_has_changed(
    hook: FlowImportHook, write: Write
) -> None:
    source = "from tools import double\nfrom flow import component\n@component\ndef App(): return double(2)\n"
    write("tools.py", "def double(n): return 2 * n\n")
    write("shop.py", source)
    shop = imported("shop_client")
    [first] = hook._cache.values()
    importlib.reload(shop)
    assert [*hook._cache.values()] == [first]
    write("shop.py", source + "NEW = 1\n")
    importlib.reload(shop)
    [second] = hook._cache.values()
    assert second is not first
    write("tools.py", "# flow: server\ndef double(n): return 2 * n\n")
    with pytest.warns(SplitWarning, match=r"shop.py:4: App -> tools"):
        importlib.reload(shop)


def test_a_spec_can_be_pickled(hook: FlowImportHook, write: Write) -> None:
    write("shop.py", SHOP)
    spec = hook.find_spec("shop_client")
    copied = pickle.loads(pickle.dumps(spec))
    assert (copied.name, copied.origin) == ("shop_client", spec.origin if spec else None)
    assert copied.loader.get_source("shop_client").count("\n") == 16


def test_threads_that_import_at_once_get_the_same_module(write: Write) -> None:
    write("shop.py", SHOP)
    found: list[ModuleType] = []
    threads = [threading.Thread(target=lambda: found.append(imported("shop_client"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len({id(each) for each in found}) == 1


def test_an_error_names_the_file_of_the_author(write: Write) -> None:
    path = write("broken.py", "def f(:\n")
    with pytest.raises(SyntaxError) as caught:
        imported("broken_client")
    assert (caught.value.filename, caught.value.lineno) == (str(path), 1)
    nested = "from flow import component, rpc\n@component\ndef App():\n  @rpc\n  def save(): pass\n"
    path = write("nested.py", nested)
    with pytest.raises(SplitError, match=rf"{path}:5: App: @rpc save is inside"):
        imported("nested_client")


def test_in_debug_mode_what_is_made_is_written_down(
    hook: FlowImportHook, write: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write("shop.py", SHOP)
    set_debug_mode(True, tmp_path / "made")
    imported("shop_client")
    text = (tmp_path / "made" / "shop_client.py").read_text("utf-8")
    assert "def total(numbers)" in text
    assert "hunter2" not in text
    assert str(tmp_path / "made" / "shop_client.py") in capsys.readouterr().err


def test_the_hook_is_put_in_once_and_taken_out() -> None:
    install_import_hook()
    assert sum(isinstance(each, FlowImportHook) for each in sys.meta_path) == 1
    uninstall_import_hook()
    uninstall_import_hook()
    assert not any(isinstance(each, FlowImportHook) for each in sys.meta_path)

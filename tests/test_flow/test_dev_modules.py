"""An app's own modules: which of them run again after an edit, and that a failed edit changes nothing."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from flow.dev.modules import Modules
from flow.dev.target import MAIN, Target, parse
from flow.errors import FlowError


class App:
    """Files of an app in a folder, and its modules."""

    def __init__(self, folder: Path, **files: str) -> None:
        self.folder = folder
        for name, text in files.items():
            self.write(name.replace("__", "/"), text)
        self.modules = Modules(parse("app.py", folder))

    def write(self, name: str, text: str) -> None:
        path = self.folder / f"{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")

    def run(self) -> object:
        with self.modules.running(self.modules.edited()) as module:
            return module


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    before = [*sys.path]
    app = App(
        tmp_path,
        app="import store\nfrom pack import part\nran = store.RAN + [part.NAME]\n",
        store="RAN = ['store']\n",
        other="import store\n",
        lone="VALUE = object()\n",
    )
    app.write("pack/__init__", "")
    app.write("pack/part", "from .deep import NAME\n")
    app.write("pack/deep", "NAME = 'deep'\n")
    app.write("app", "import store, other, lone\nfrom pack import part\nran = store.RAN + [part.NAME]\n")
    with app.modules.installed():
        yield app
        for name in app.modules.own():
            del sys.modules[name]
    sys.path[:] = before


def test_an_edit_is_run_also_in_the_same_second_and_of_the_same_length(app: App) -> None:
    app.run()
    stat = (app.folder / "store.py").stat()
    app.write("store", "RAN = ['stork']\n")
    os.utime(app.folder / "store.py", ns=(stat.st_atime_ns, stat.st_mtime_ns))
    app.run()
    assert sys.modules["app"].ran == ["stork", "deep"]


def test_what_does_not_need_the_edited_module_does_not_run_again(app: App) -> None:
    app.run()
    before = {name: sys.modules[name] for name in ("app", "store", "other", "lone", "pack.part")}
    app.write("store", "RAN = ['changed']\n")
    app.run()
    same = {name for name, module in before.items() if sys.modules[name] is module}
    assert same == {"lone", "pack.part"}


def test_an_edit_deep_in_a_package_reaches_what_imports_it_by_relative_names(app: App) -> None:
    app.run()
    app.write("pack/deep", "NAME = 'deeper'\n")
    app.run()
    assert sys.modules["app"].ran == ["store", "deeper"]


def test_what_imports_by_a_name_that_is_only_known_when_it_runs_runs_again_always(app: App) -> None:
    app.write("other", "import importlib\nstore = importlib.import_module('sto' + 're')\n")
    app.run()
    app.write("store", "RAN = ['changed']\n")
    app.run()
    assert sys.modules["other"].store is sys.modules["store"]


@pytest.mark.parametrize("text", ["RAN = ", "1 / 0", "import nowhere", "raise SystemExit(3)"])
def test_an_edit_that_fails_leaves_all_modules_as_they_were(app: App, text: str) -> None:
    app.run()
    before = app.modules.own()
    app.write("store", text)
    app.write("lone", "VALUE = 2\n")
    with pytest.raises((Exception, SystemExit)):
        app.run()
    assert app.modules.own() == before
    assert vars(sys.modules["pack"])["part"] is sys.modules["pack.part"]
    app.write("store", "RAN = ['mended']\n")
    app.run()
    assert sys.modules["app"].ran == ["mended", "deep"]
    assert sys.modules["lone"].VALUE == 2


def test_what_is_done_with_the_modules_takes_them_back_when_it_fails(app: App) -> None:
    app.run()
    before = app.modules.own()
    app.write("store", "RAN = ['changed']\n")
    with pytest.raises(KeyError), app.modules.running(app.modules.edited()):
        raise KeyError
    assert app.modules.own() == before


def test_a_file_that_was_saved_as_it_is_is_no_edit(app: App) -> None:
    app.run()
    app.write("store", (app.folder / "store.py").read_text())
    assert app.modules.edited() == set()


def test_packages_that_are_installed_below_the_app_are_not_its_own(app: App) -> None:
    inside = app.folder / ".venv" / "site-packages"
    inside.mkdir(parents=True)
    (inside / "installed.py").write_text("")
    sys.path.append(str(inside))
    app.write("lone", "import installed\nVALUE = installed\n")
    app.run()
    try:
        assert "installed" in sys.modules
        assert set(app.modules.own()) == {"app", "store", "other", "lone", "pack", "pack.part", "pack.deep"}
    finally:
        del sys.modules["installed"]


def test_a_file_that_python_does_not_find_by_its_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("")
    modules = Modules(parse("json.py", tmp_path))
    said = r"json\.py is not what Python finds as 'json'"
    with pytest.raises(FlowError, match=said), modules.installed(), modules.running():
        pass
    sys.path.remove(str(tmp_path))


def test_the_files_to_look_at_are_those_that_ran_and_those_that_could_not(app: App) -> None:
    assert app.modules.files() == {app.folder / "app.py"}
    app.write("pack/deep", "def (")
    with pytest.raises(SyntaxError):
        app.run()
    assert app.folder / "pack" / "deep.py" in app.modules.files()
    app.write("pack/deep", "NAME = 'deep'\n")
    app.run()
    files = {path.relative_to(app.folder).as_posix() for path in app.modules.files()}
    assert files == {"app.py", "store.py", "other.py", "lone.py", "pack/__init__.py", "pack/part.py", "pack/deep.py"}


def test_a_program_runs_again_as_the_program_that_it_is(tmp_path: Path) -> None:
    path = tmp_path / "main.py"
    path.write_text("is_program = __name__ == '__main__'\n")
    modules = Modules(Target(path, MAIN, tmp_path))
    before = sys.modules[MAIN]
    try:
        with modules.running() as module:
            assert module.is_program
            assert sys.modules[MAIN] is module
        path.write_text("1 / 0")
        with pytest.raises(ZeroDivisionError), modules.running(modules.edited()):
            pass
        assert sys.modules[MAIN] is module
    finally:
        sys.modules[MAIN] = before

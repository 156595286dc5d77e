"""``flow.run(App)``: shown in a notebook, served by a program, and otherwise a line that only names what is shown."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flow import component, entry, notebook, run, run_until
from flow.build.entry import shown_in
from flow.build.errors import BuildError
from flow.component import Component
from flow.running import Run
from flow.ui import Text


@component
def App(text: str = "tea") -> Text:
    return Text(text)


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What would be served."""
    from flow.dev import program

    found: list[object] = []
    monkeypatch.setattr(program, "serve_program", lambda shown, namespace: found.append(shown))
    return found


def test_a_program_serves_a_component_and_what_one_made(served: list[object]) -> None:
    called = App()
    run(App)
    run(called)
    assert served == [App, called]


def test_a_component_with_arguments_is_work_as_any_function(served: list[object]) -> None:
    work = run(App, "coffee")
    assert isinstance(work, Run)
    run_until(lambda: work.done)
    assert isinstance(work.result(), Component)
    assert served == []


def test_a_function_is_work(served: list[object]) -> None:
    assert isinstance(run(lambda: 3), Run)
    assert served == []


def test_a_notebook_shows_it(served: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[Any] = []
    monkeypatch.setattr(notebook, "is_in_kernel", lambda: True)
    monkeypatch.setattr(notebook, "show", shown.append)
    run(App)
    run(App("coffee"))
    assert [repr(each.children) for each in shown] == ["(Text('tea'),)", "(Text('coffee'),)"]
    assert served == []


def _imported(folder: Path, source: str) -> Callable[[], object]:
    namespace = {"__name__": "shop"}
    return lambda: exec(compile(source, str(folder / "shop.py"), "exec"), namespace)


MODULE = "from flow import component, run\nfrom flow.ui import Text\n@component\ndef App(): return Text('x')\n"


def test_a_module_that_is_imported_is_not_served_but_one_of_its_functions_serves(
    served: list[object], tmp_path: Path
) -> None:
    _imported(tmp_path, MODULE + "run(App)\n")()
    assert served == []
    _imported(tmp_path, MODULE + "def main(): run(App)\nmain()\n")()
    assert len(served) == 1


def test_in_a_browser_it_does_nothing(served: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry, "is_wasm", lambda: True)
    run(App)
    assert served == []


def test_without_the_packages_for_a_server_it_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "watchfiles.py").write_text(
        "raise ModuleNotFoundError(\"No module named 'watchfiles'\", name='watchfiles')"
    )
    (tmp_path / "app.py").write_text(MODULE + "run(App)\n")
    said = subprocess.run([sys.executable, "app.py"], cwd=tmp_path, capture_output=True, text=True)
    assert said.returncode == 1
    assert said.stderr.splitlines()[-1].endswith(
        "No module named 'watchfiles'. Serving needs more: pip install 'sideflow[server]'"
    )


# -- flow build


PAGES = "import flow\nfrom flow import component, run\nfrom flow.ui import Text\n" + "".join(
    f"@component\ndef {name}(): return Text('x')\n" for name in ("App", "Shop", "Other")
)


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        ("", "App"),
        ("run(Shop)", "Shop"),
        ("flow.run(Shop())", "Shop"),
        ("if __name__ == '__main__':\n    run(Shop)", "Shop"),
        ("import flow as f\nif True:\n    pass\nelse:\n    f.run(Other)", "Other"),
        ("from flow import run as serve\nserve(Shop)", "Shop"),
        ("run(Shop, 3)", "App"),
        ("run(len)", "App"),
        ("def later(): run(Shop)", "App"),
        ("print(Shop)", "App"),
    ],
)
def test_a_build_shows_what_is_handed_to_flow_run(tmp_path: Path, lines: str, name: str) -> None:
    (tmp_path / "app.py").write_text(f"{PAGES}{lines}\n")
    assert shown_in(tmp_path / "app.py") == name


def test_a_build_that_cannot_know_says_how_to_tell_it(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(PAGES.replace("App", "Page"))
    with pytest.raises(
        BuildError, match=r"defines Page, Shop, Other\. .*`flow\.run\(NAME\)`; else .* --component NAME"
    ):
        shown_in(tmp_path / "app.py")

"""What ``flow dev`` is told to serve, and what of it is shown."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import pytest

from flow import component
from flow.dev.target import Target, TargetError, component_of, parse, root_of
from flow.ui import Text


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shop").mkdir()
    for name in ("app.py", "shop/__init__.py", "shop/page.py", "a-b.py"):
        (tmp_path / name).write_text("")
    (tmp_path / "apart").mkdir()
    (tmp_path / "apart" / "tea.py").write_text("")
    return tmp_path


@pytest.mark.parametrize(
    ("told", "file", "module", "root", "name"),
    [
        ("app:App", "app.py", "app", "", "App"),
        ("app", "app.py", "app", "", None),
        ("app.py", "app.py", "app", "", None),
        ("app.py:Page", "app.py", "app", "", "Page"),
        ("shop.page:App", "shop/page.py", "shop.page", "", "App"),
        ("shop/page.py", "shop/page.py", "shop.page", "", None),
        ("shop", "shop/__init__.py", "shop", "", None),
        ("apart/tea.py", "apart/tea.py", "tea", "apart", None),
    ],
)
def test_a_target_is_a_module_or_a_file(
    folder: Path, told: str, file: str, module: str, root: str, name: str | None
) -> None:
    assert parse(told, folder) == Target(folder / file, module, folder / root, name)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("nowhere:App", "there is no module 'nowhere'"),
        ("nowhere.py", "there is no file nowhere.py"),
        ("app:", "'app:' is neither a module nor a file"),
        ("../app", "neither a module nor a file"),
        ("a-b.py", "a-b.py cannot be imported"),
        ("", "'' is neither a module nor a file"),
    ],
)
def test_what_is_no_target_is_told_with_what_one_is(folder: Path, told: str, said: str) -> None:
    with pytest.raises(TargetError, match=re.escape(said)):
        parse(told, folder)


def module(**names: object) -> ModuleType:
    made = ModuleType("app")
    for name, value in names.items():
        function = getattr(value, "function", None)
        if function is not None:
            function.__module__ = "app"
        setattr(made, name, value)
    return made


def make(text: str) -> object:
    @component
    def Page() -> Text:
        return Text(text)

    return Page


def target(name: str | None = None) -> Target:
    return Target(Path("app.py"), "app", Path(), name)


def test_the_command_comes_before_flow_run_before_the_name_app_before_the_only_component() -> None:
    one, two, three = make("1"), make("2"), make("3")
    app = module(App=one, Other=two, Third=three)
    assert component_of(app, target("Third"), two) is three  # type: ignore[arg-type]
    assert component_of(app, target(), two) is two  # type: ignore[arg-type]
    assert component_of(app, target(), None) is one
    assert component_of(module(Only=two), target(), None) is two


@pytest.mark.parametrize(
    ("app", "name", "said"),
    [
        (module(One=make("1"), Two=make("2")), None, "does not tell what its page shows. It has One, Two."),
        (module(), None, "It has no function marked @component."),
        (module(One=make("1")), "Two", "app.py has no 'Two'. It has One."),
        (module(One=3), "One", "One is no component: a function marked @component, not 3"),
        (module(One=Text), "One", "One is no component"),
    ],
)
def test_an_app_that_does_not_tell_what_it_shows_is_told_what_it_has(
    app: ModuleType, name: str | None, said: str
) -> None:
    with pytest.raises(TargetError, match=re.escape(said)):
        component_of(app, target(name), None)


def test_each_page_has_a_tree_of_its_own_also_of_a_component_that_was_called() -> None:
    @component
    def Page(text: str = "none") -> Text:
        return Text(text)

    assert root_of(Page) is not root_of(Page)
    called = Page("tea")
    assert root_of(called) is not called
    assert [child.children[0].tag for child in root_of(called).children] == ["#text"]
    assert "tea" in repr(root_of(called).children)

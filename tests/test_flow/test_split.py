"""The split of an app: what it says of what cannot be split, the project's rules, parts that stay where they were."""

from __future__ import annotations

import ast
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from flow.compiler import (
    ClientSafeTransformer,
    SplitError,
    SplitWarning,
    compile_for_client,
    split,
    transform_for_client,
)
from flow.compiler.project import Project, SourceError
from flow.compiler.rules import ProjectError, Rules

HEAD = "from flow import component, rpc\nfrom flow.ui import Text\n"


def write(folder: Path, **files: str) -> Path:
    """Write modules; gives the entry."""
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text, "utf-8")
    return folder / "app.py"


def said(entry: Path) -> str:
    with pytest.raises(SplitError) as caught:
        split(entry)
    return str(caught.value)


# -- Errors


def test_an_error_names_file_line_chain_and_remedy(tmp_path: Path) -> None:
    entry = write(
        tmp_path,
        app=HEAD + "import a\n@component\ndef App(): a.b()\n",
        a="import os\ndef b(): return c()\n\n\ndef c(): return os.name\n",
    )
    assert said(entry) == (
        f"{tmp_path}/a.py:5: App -> b -> c -> os: os stays on the server. "
        "Do it in an @rpc function, which stays on the server, and await that"
    )


def test_each_reader_of_the_server_is_told(tmp_path: Path) -> None:
    source = HEAD + "import os\n" + "".join(f"@component\ndef A{n}(): os.name\n" for n in range(3))
    assert [line.split(": ")[1] for line in said(write(tmp_path, app=source)).split("\n")] == [
        "A0 -> os",
        "A1 -> os",
        "A2 -> os",
    ]


def test_an_app_without_components_is_no_page(tmp_path: Path) -> None:
    assert "no @component" in said(write(tmp_path, app="KEY = 1\n"))


def test_an_import_above_the_app_is_told(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").write_text("")
    entry = write(tmp_path / "shop", app=HEAD + "from ...other import a\n@component\ndef App(): a\n")
    assert "from ...other goes above the app" in said(entry)


def test_a_source_that_is_no_python_is_told_with_its_file(tmp_path: Path) -> None:
    with pytest.raises(SyntaxError) as caught:
        split(write(tmp_path, app=HEAD + "import a\n@component\ndef App(): a.b\n", a="def :\n"))
    assert caught.value.filename == f"{tmp_path}/a.py"
    with pytest.raises(SourceError, match="is no Python"):
        Project().add("app", "a = '\ud800'", "app.py")


@pytest.fixture
def usual_depth() -> Iterator[None]:
    """How deep calls may be where nobody has changed it. Hypothesis, for one, does."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(1000)
    yield
    sys.setrecursionlimit(before)


@pytest.mark.usefixtures("usual_depth")
def test_names_too_deep_to_be_followed_are_told_with_their_file(tmp_path: Path) -> None:
    chain = "".join(f"r{number + 1} = r{number}.x\n" for number in range(600))
    with pytest.raises(SourceError, match=r"app\.py: names stand for others"):
        split(write(tmp_path, app=f"{HEAD}import flow as r0\n{chain}@r600\ndef f(): ...\n"))


# -- What is doubtful


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("import a\n@component\ndef App(): print(a)\n", "the module a is used as a value"),
        ("@component\ndef App(x): __import__(x)\n", "known at run time only"),
        ("@component\ndef App(x): eval(x)\n", "eval() finds no name"),
        ("from a import zzz\n@component\ndef App(): zzz\n", "a has no zzz that could be seen"),
    ],
)
def test_what_may_be_wrong_is_a_warning_with_its_line(body: str, text: str, tmp_path: Path) -> None:
    (finding,) = split(write(tmp_path, app=HEAD + body, a="b = 1\n")).warnings
    assert text in finding.text
    assert finding.kind == "doubt"
    assert str(finding).startswith(f"{tmp_path}/app.py:{HEAD.count(chr(10)) + body.count(chr(10))}: warning: App: ")


def test_one_module_alone_gets_stubs_that_raise_for_what_needs_the_server() -> None:
    source = HEAD + "import os\nKEY = os.environ\ndef helper(): return KEY\n@component\ndef App(): return helper()\n"
    with pytest.warns(SplitWarning, match="App -> helper -> KEY -> os"):
        text = transform_for_client(source, "app.py")
    assert "import os" not in text
    assert "environ" not in text
    assert "@component" in text


def test_a_module_of_helpers_keeps_those_that_need_no_server() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        text = transform_for_client("import os\nimport math\nA = 1\ndef b(): return math.pi\ndef c(): return os.name\n")
    assert "math.pi" in text
    assert "os.name" not in text
    assert "import os" not in text


def test_the_code_has_the_lines_of_the_author() -> None:
    code = compile_for_client(HEAD + "KEY = '''\n\n'''\n\n@component\ndef App():\n    1 / 0\n", "app.py")
    (app,) = (each for each in code.co_consts if getattr(each, "co_name", "") == "App")
    assert app.co_firstlineno == 7
    assert app.co_filename == "app.py"


def test_a_tree_is_split_as_a_text_is() -> None:
    tree = ast.parse(HEAD + "import os\n@component\ndef App(): os.name\n")
    transformer = ClientSafeTransformer()
    assert "os.name" not in ast.unparse(transformer.visit(tree))
    assert "os.name" in ast.unparse(tree)
    assert len(transformer.warnings) == 1


# -- Rules


@pytest.mark.parametrize(
    ("module", "is_server"),
    [("os", True), ("os.path", True), ("http", False), ("http.server", True), ("osmosis", False), ("json", False)],
)
def test_a_module_stays_on_the_server_with_all_that_is_in_it(module: str, is_server: bool) -> None:
    assert Rules().is_server_only(module) == is_server


def test_a_project_says_what_stays_and_what_goes(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[tool.flow]\nserver = ["shop", "json"]\nclient = ["sqlite3", "shop.names"]\n'
    )
    inside = tmp_path / "a" / "b"
    inside.mkdir(parents=True)
    rules = Rules.of_project(inside)
    assert [rules.is_server_only(each) for each in ("shop.keys", "json", "sqlite3", "shop.names.all")] == [
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    "text", ["[tool.flow]\nserver = [1]", "[tool.flow]\nclient = ['a-b']", "[tool]\nflow = 1", "[tool.flow"]
)
def test_rules_that_cannot_be_are_told_with_their_file(text: str, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    with pytest.raises(ProjectError, match=r"pyproject\.toml"):
        Rules.of_project(tmp_path)


@pytest.mark.parametrize(
    "mark", ["# flow: server", "#flow:server", "  # Flow: Server, for it has keys", "x = 1\n# flow: server"]
)
def test_a_module_says_that_it_stays(mark: str) -> None:
    assert Project().add("keys", mark, "keys.py").is_marked


def test_a_module_that_only_speaks_of_it_is_not_marked() -> None:
    assert not Project().add("keys", "# as flow: server does\nx = 'flow: server'", "keys.py").is_marked


# -- What a page needs


def test_only_packages_that_the_page_imports_are_told(tmp_path: Path) -> None:
    made = split(
        write(tmp_path, app=HEAD + "import json, math\nfrom xml import sax\n@component\ndef App(): math.pi, sax.x\n")
    )
    assert made.packages == {"flow", "math", "xml"}


def test_files_of_packages_are_where_python_looks_for_them(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").write_text("")
    (tmp_path / "shop" / "names.py").write_text("title = 1\n")
    made = split(write(tmp_path / "shop", app=HEAD + "from .names import title\n@component\ndef App(): title\n"))
    assert made.entry == "shop.app"
    assert {str(path) for path in made.paths.values()} == {"shop/__init__.py", "shop/app.py", "shop/names.py"}

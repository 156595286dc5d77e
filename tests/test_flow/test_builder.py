"""``flow build``: what of an app is where in the folder that it makes."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from flow.build import BuildError, BuildResult, FlowBuilder
from flow.build import pyodide as pyodide_module
from flow.build.pyodide import FILES, FOLDER, Pyodide, find, unpack
from flow.cli import cli
from flow.compiler import SplitError
from support.pyodide_folder import make_runtime

APP = """\
import os
import sqlite3
from flow import component, rpc
from flow.ui import Div, Text
from shop.prices import price

PASSWORD = os.environ.get("PASSWORD", "hunter2")

@rpc
async def order(tea: str) -> int:
    return sqlite3.connect(PASSWORD).execute("insert " + tea).lastrowid

@component
async def App():
    with Div(cls="shop") as root:
        Text(f"Tea & cake: {price()} €")
    return root
"""
MODULES = {
    "app.py": APP,
    "shop/__init__.py": "from shop.stock import count\n",
    "shop/prices.py": "def price():\n    return 3\n\ndef secret():\n    return 'hunter3'\n",
    "shop/stock.py": "def count():\n    return 'hunter4'\n",
    "unused.py": "WORD = 'hunter5'\n",
}


@pytest.fixture
def runtime(tmp_path: Path) -> Path:
    """A folder that looks like Pyodide."""
    return make_runtime(tmp_path / "runtime")


def project(folder: Path, files: Mapping[str, str] = MODULES) -> Path:
    for name, source in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(source, "utf-8")
    return folder / "app.py"


@pytest.fixture
def built(tmp_path: Path, runtime: Path) -> BuildResult:
    return FlowBuilder(tmp_path / "dist", pyodide=runtime).build(project(tmp_path / "shop"))


def setup_of(result: BuildResult) -> dict[str, Any]:
    found = re.search(
        r'<script type="application/json" id="flow-setup">(.*)</script>', result.html_shell.read_text("utf-8")
    )
    assert found is not None
    setup: dict[str, Any] = json.loads(found[1])
    return setup


def test_the_server_gets_the_modules_that_the_app_imports_as_they_are(built: BuildResult) -> None:
    server = built.output_dir.with_name("dist-server")
    files = {path.relative_to(server).as_posix(): path.read_text("utf-8") for path in server.rglob("*.py")}
    assert files == {name: source for name, source in MODULES.items() if name != "unused.py"}
    assert built.server_bundle == server / "app.py"


def test_nothing_that_a_web_server_may_show_has_a_word_of_the_server(built: BuildResult) -> None:
    texts = [path.read_bytes() for path in _files(built.output_dir)]
    assert not [text for text in texts if re.search(rb"hunter\d|sqlite3.connect|PASSWORD", text)]
    client = built.client_bundle.read_text("utf-8")
    assert built.client_bundle.name == "app_client.py"
    assert "await fetch('app.order', [], {'tea': tea})" in client


def test_where_the_servers_half_is_looked_for_it_says_where_it_is_and_becomes_it(tmp_path: Path, runtime: Path) -> None:
    app = tmp_path / "app.py"
    app.write_text(
        "from flow import component\nfrom flow.ui import Div\nWORD = 'hunter2'\n"
        "@component\ndef App(): return Div('Tea')\nif __name__ == '__main__': print(WORD, __file__)\n"
    )
    result = FlowBuilder(tmp_path / "dist", pyodide=runtime).build(app)
    pointer = tmp_path / "dist" / "server" / "app.py"
    assert [path.name for path in pointer.parent.iterdir()] == ["app.py"]
    assert "hunter2" not in pointer.read_text("utf-8")

    def ran(*arguments: str) -> str:
        done = subprocess.run([sys.executable, *arguments], cwd=pointer.parent, capture_output=True, text=True)
        return done.stdout + done.stderr

    assert ran("app.py") == f"hunter2 {result.server_bundle}\n"
    assert (
        ran("-c", "import app; print(app.WORD, app.App.__name__, app.__file__)")
        == f"hunter2 App {result.server_bundle}\n"
    )
    result.server_bundle.unlink()
    assert "FileNotFoundError: the server's half of this app has to be beside its page" in ran("app.py")


def test_a_folder_beside_that_no_build_made_is_left_alone(tmp_path: Path, runtime: Path) -> None:
    theirs = tmp_path / "dist-server" / "main.py"
    theirs.parent.mkdir()
    theirs.write_text("precious", "utf-8")
    with pytest.raises(BuildError, match="dist-server holds files, which no build made"):
        FlowBuilder(tmp_path / "dist", pyodide=runtime).build(project(tmp_path / "shop"))
    assert theirs.read_text("utf-8") == "precious"


def test_the_page_names_files_that_are_there(built: BuildResult) -> None:
    setup = setup_of(built)
    addresses = [
        setup["flow"],
        setup["sanitizer"],
        setup["worker"],
        *setup["archives"],
        *(each["url"] for each in setup["modules"]),
    ]
    addresses += re.findall(r'(?:href|src)="((?:assets|client)/[^"]+)"', built.html_shell.read_text("utf-8"))
    assert len(addresses) >= 8
    assert all((built.output_dir / each.partition("?")[0]).is_file() for each in addresses)
    assert {path.name for path in (built.output_dir / setup["pyodide"]).iterdir()} == set(FILES)
    assert [each["file"] for each in setup["modules"]] == ["app.py", "shop/__init__.py", "shop/prices.py"]
    assert setup["entry"] == ["app", "App"]


def test_the_page_shows_the_app_before_it_runs_and_has_no_script_in_it(built: BuildResult) -> None:
    html = built.html_shell.read_text("utf-8")
    assert '<div class="shop"><span>Tea &amp; cake: 3 €</span></div>' in html
    assert not re.search(r"<script(?![^>]* (src=|type=\"application/json\"))", html)
    assert "http://" not in html
    assert "https://" not in html
    assert built.warnings == ()


def test_a_title_and_a_text_of_the_app_cannot_end_what_they_stand_in(tmp_path: Path, runtime: Path) -> None:
    app = tmp_path / "app.py"
    app.write_text(
        "from flow import component\nfrom flow.ui import Div\n@component\ndef App(): return Div('</div><script>')\n"
    )
    named = FlowBuilder(tmp_path / "dist", pyodide=runtime, component="</script><script>").build(app)
    assert named.html_shell.read_text("utf-8").count("<script") == 2
    result = FlowBuilder(tmp_path / "dist", pyodide=runtime, title="</title><script>").build(app)
    html = result.html_shell.read_text("utf-8")
    assert "&lt;/title&gt;&lt;script&gt;" in html
    assert "&lt;/div&gt;&lt;script&gt;" in html
    assert html.count("<script") == 2


def test_what_is_in_a_file_is_in_its_name(tmp_path: Path, runtime: Path) -> None:
    def build(source: str) -> dict[str, Any]:
        (tmp_path / "app.py").write_text(source, "utf-8")
        return setup_of(FlowBuilder(tmp_path / "dist", pyodide=runtime).build(tmp_path / "app.py"))

    source = "from flow import component\nfrom flow.ui import Div\n@component\ndef App(): return Div('a')\n"
    one, same, other = build(source), build(source), build(source.replace("'a'", "'b'"))
    assert one == same
    assert one["archives"] == other["archives"]
    assert one["modules"][0]["url"] != other["modules"][0]["url"]
    assert len(list((tmp_path / "dist" / "assets").glob("flow-*.zip"))) == 1


def test_the_archive_of_flow_has_what_runs_in_a_page_and_no_more(built: BuildResult) -> None:
    (archive,) = setup_of(built)["archives"]
    names = set(zipfile.ZipFile(built.output_dir / archive).namelist())
    assert {"flow/__init__.py", "flow/ui.py", "flow/server/session.py", "flow/wasm/page.py"} <= names
    assert not [
        name for name in names if re.match(r"flow/(build|compiler|static|cli|widget|server/(app|calls))\b", name)
    ]


def test_sidekick_comes_along_where_it_is_imported(tmp_path: Path, runtime: Path) -> None:
    app = tmp_path / "app.py"
    app.write_text("from flow import component\nfrom sidekick import Label\n@component\ndef App(): return Label('a')\n")
    result = FlowBuilder(tmp_path / "dist", pyodide=runtime).build(app)
    archives = setup_of(result)["archives"]
    assert [re.sub("-.*", "", Path(each).name) for each in archives] == ["flow", "sidekick", "packages"]
    names = zipfile.ZipFile(result.output_dir / archives[-1]).namelist()
    assert {"tinycss2/__init__.py", "markdown_it/__init__.py"} <= set(names)


def test_an_app_that_cannot_be_drawn_is_built_and_the_author_is_told(tmp_path: Path, runtime: Path) -> None:
    app = tmp_path / "app.py"
    app.write_text("from flow import component\n@component\ndef App():\n    raise ValueError('no tea')\n")
    result = FlowBuilder(tmp_path / "dist", pyodide=runtime).build(app)
    (warning,) = result.warnings
    assert "App could not be drawn here" in warning
    assert "ValueError: no tea" in warning
    assert '<div id="flow-root"></div>' in result.html_shell.read_text("utf-8")


def test_a_picture_does_not_wait_for_a_server(tmp_path: Path, runtime: Path) -> None:
    app = tmp_path / "app.py"
    app.write_text(
        "from flow import Suspense, component, rpc\nfrom flow.ui import Div, Text\n"
        "@rpc\nasync def tea(): return 'hunter2'\n"
        "@component\nasync def Tea(): return Text(await tea())\n"
        "@component\ndef App(): return Suspense(Tea(), fallback=Text('Soon'))\n"
    )
    result = FlowBuilder(tmp_path / "dist", pyodide=runtime).build(app)
    assert "<span>Soon</span>" in result.html_shell.read_text("utf-8")


def test_what_an_app_prints_does_not_come_into_its_page(tmp_path: Path, runtime: Path) -> None:
    app = tmp_path / "app.py"
    app.write_text(
        "from flow import component\nfrom flow.ui import Div\n"
        "@component\ndef App():\n    print('loud')\n    return Div('Tea')\n"
    )
    html = FlowBuilder(tmp_path / "dist", pyodide=runtime).build(app).html_shell.read_text("utf-8")
    assert "Tea" in html
    assert "loud" not in html


def test_nothing_is_written_for_an_app_that_cannot_be_split(tmp_path: Path, runtime: Path) -> None:
    app = tmp_path / "app.py"
    app.write_text(
        "import os\nfrom flow import component\nfrom flow.ui import Div\n"
        "@component\ndef App(): return Div(os.environ['PASSWORD'])\n"
    )
    with pytest.raises(SplitError, match="App"):
        FlowBuilder(tmp_path / "dist", pyodide=runtime).build(app)
    assert not (tmp_path / "dist").exists()


def test_a_folder_that_no_build_made_is_left_alone(tmp_path: Path, runtime: Path) -> None:
    app = project(tmp_path / "shop")
    theirs = tmp_path / "shop" / "server" / "main.py"
    theirs.parent.mkdir()
    theirs.write_text("precious", "utf-8")
    with pytest.raises(BuildError, match="holds server, which no build made"):
        FlowBuilder(tmp_path / "shop", pyodide=runtime).build(app)
    assert theirs.read_text("utf-8") == "precious"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("from flow import rpc\n@rpc\ndef one(): pass\n", "defines no component"),
        ("@component\ndef One(): pass\n@component\ndef Two(): pass\n", "defines One, Two"),
    ],
)
def test_what_a_page_shows_has_to_be_told(source: str, said: str, tmp_path: Path, runtime: Path) -> None:
    app = tmp_path / "app.py"
    app.write_text(f"from flow import component\n{source}")
    with pytest.raises(BuildError, match=f"{said}.*--component NAME"):
        FlowBuilder(tmp_path / "dist", pyodide=runtime).build(app)


def test_the_only_component_of_a_file_is_shown(tmp_path: Path, runtime: Path) -> None:
    app = tmp_path / "app.py"
    app.write_text("from flow import component as part\nfrom flow.ui import Div\n@part\ndef Tea(): return Div('Tea')\n")
    assert FlowBuilder(tmp_path / "dist", pyodide=runtime).build(app).entry == ("app", "Tea")


IMPORTS = (
    "from flow import component\nfrom flow.ui import Div\nimport {0}\n@component\ndef App(): return Div(str({0}))\n"
)


def test_a_package_that_pyodide_has_built_comes_from_its_folder_with_what_it_needs(tmp_path: Path) -> None:
    packages = {
        "numpy": {"imports": ["numpy"], "file_name": "numpy.whl", "depends": ["open_blas"]},
        "open-blas": {"imports": [], "file_name": "blas.whl", "depends": []},
        "other": {"imports": ["other"], "file_name": "other.whl", "depends": []},
    }
    runtime = make_runtime(tmp_path / "runtime", packages)
    (tmp_path / "app.py").write_text(IMPORTS.format("numpy"))
    builder = FlowBuilder(tmp_path / "dist", pyodide=runtime)
    with pytest.raises(BuildError, match=r"lacks blas\.whl, numpy\.whl"):
        builder.build(tmp_path / "app.py")
    for name in ("numpy.whl", "blas.whl", "other.whl"):
        (runtime / name).write_bytes(b"wheel")
    setup = setup_of(builder.build(tmp_path / "app.py"))
    assert setup["packages"] == ["numpy"]
    there = {path.name for path in (tmp_path / "dist" / setup["pyodide"]).iterdir()}
    assert there == {*FILES, "numpy.whl", "blas.whl"}


def test_a_package_of_python_alone_comes_from_this_python_with_what_it_requires(tmp_path: Path, runtime: Path) -> None:
    (tmp_path / "app.py").write_text(IMPORTS.format("rich"))
    result = FlowBuilder(tmp_path / "dist", pyodide=runtime).build(tmp_path / "app.py")
    (archive,) = (each for each in setup_of(result)["archives"] if "packages" in each)
    tops = {name.partition("/")[0] for name in zipfile.ZipFile(result.output_dir / archive).namelist()}
    assert {"rich", "pygments", "markdown_it", "mdurl"} <= tops
    assert result.warnings == ()


def test_a_package_with_compiled_parts_that_pyodide_has_not_is_refused(tmp_path: Path, runtime: Path) -> None:
    (tmp_path / "app.py").write_text(IMPORTS.format("nh3"))
    with pytest.raises(BuildError, match="imports nh3, which is not of Python alone"):
        FlowBuilder(tmp_path / "dist", pyodide=runtime).build(tmp_path / "app.py")


# -- Where Pyodide comes from


def test_pyodide_is_looked_for_where_it_was_named_then_near_then_in_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pyodide_module, "cache", lambda: tmp_path / "cache")
    kept = make_runtime(tmp_path / "cache" / pyodide_module.VERSION)
    near, told, named = (make_runtime(tmp_path / name) for name in ("a/node_modules/pyodide", "told", "named"))
    monkeypatch.delenv(FOLDER, raising=False)
    assert find(None, tmp_path / "elsewhere").folder == kept
    assert find(None, tmp_path / "a" / "b").folder == near
    monkeypatch.setenv(FOLDER, str(told))
    assert find(None, tmp_path / "a" / "b").folder == told
    assert find(named, tmp_path / "a" / "b").folder == named


def test_a_folder_without_pyodide_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"lacks pyodide\.mjs, .*npm install pyodide"):
        Pyodide.read(tmp_path)


def test_without_a_network_a_build_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pyodide_module, "cache", lambda: tmp_path / "cache")
    monkeypatch.delenv(FOLDER, raising=False)
    monkeypatch.setenv(pyodide_module.REGISTRY, "http://127.0.0.1:9")  # where nobody listens
    with pytest.raises(BuildError, match=r"could not be fetched.*--pyodide FOLDER or FLOW_PYODIDE=FOLDER"):
        find(None, tmp_path)


def test_what_is_fetched_is_taken_whole_and_only_if_it_is_what_it_should_be(tmp_path: Path) -> None:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as tar:
        for name in (
            *(f"package/{each}" for each in (*FILES, "package.json")),
            "package/README.md",
            "../evil/pyodide.mjs",
        ):
            member = tarfile.TarInfo(name)
            member.size = 1
            tar.addfile(member, io.BytesIO(b"y" if "evil" in name else b"x"))
    archive = made.getvalue()
    integrity = "sha512-" + base64.b64encode(hashlib.sha512(archive).digest()).decode()
    with pytest.raises(BuildError, match="is not: its digest is"):
        unpack(archive + b" ", tmp_path / "cache" / "1", integrity)
    unpack(archive, tmp_path / "cache" / "1", integrity)
    assert {path.name for path in (tmp_path / "cache" / "1").iterdir()} == {*FILES, "package.json"}
    assert not (tmp_path / "cache" / "evil").exists()
    assert (tmp_path / "cache" / "1" / "pyodide.mjs").read_bytes() == b"x"
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["1"]


# -- The command


def test_the_command_tells_what_it_made(tmp_path: Path, runtime: Path) -> None:
    app = project(tmp_path / "shop")
    done = CliRunner().invoke(cli, ["build", str(app), "-o", str(tmp_path / "dist"), "--pyodide", str(runtime)])
    assert done.exit_code == 0
    assert "Shows app.App" in done.output
    assert re.search(r"\d KB +[\d.,]+ KB zipped  .*dist.client\n", done.output)
    assert re.search(r"\d KB  .*dist-server  \(for the server alone, not for visitors\)", done.output)
    assert "Build complete" in done.output


def test_the_command_names_the_line_that_reaches_the_server(tmp_path: Path, runtime: Path) -> None:
    app = tmp_path / "app.py"
    app.write_text(
        "import os\nfrom flow import component\nfrom flow.ui import Div\n"
        "@component\ndef App(): return Div(os.environ['PASSWORD'])\n"
    )
    done = CliRunner().invoke(cli, ["build", str(app), "-o", str(tmp_path / "dist"), "--pyodide", str(runtime)])
    assert done.exit_code == 1
    assert "app.py:5: App" in done.output
    assert "Traceback" not in done.output


def test_the_command_refuses_what_is_no_python(tmp_path: Path, runtime: Path) -> None:
    (tmp_path / "app.py").write_text("def (:\n")
    done = CliRunner().invoke(cli, ["build", str(tmp_path / "app.py"), "--pyodide", str(runtime)])
    assert done.exit_code == 1
    assert re.search(r"app\.py:1: ", done.output)


def test_the_command_explains_itself() -> None:
    done = CliRunner().invoke(cli, ["build", "--help"])
    assert done.exit_code == 0
    assert "--pyodide" in done.output


def _files(path: Path) -> list[Path]:
    return [each for each in (path, *path.rglob("*")) if each.is_file() and each.suffix != ".zip"]

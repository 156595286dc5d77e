"""`rdit kernelspec`: install, list, remove, and leave other kernels alone."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jupyter_client.kernelspec import KernelSpecManager

if TYPE_CHECKING:
    from conftest import Rdit


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's Jupyter folder, and no other: the kernels of this environment are out of sight."""
    folder = tmp_path / "data"
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(folder))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "prefix" / "share" / "jupyter"))
    return folder


def test_an_installed_kernelspec_starts_this_python_from_anywhere(data: Path, rdit: Rdit) -> None:
    ran = rdit("kernelspec", "install", "--user", "--name", "mine", "--display-name", "Mein rdit ä")
    assert ran.status == 0, ran.err
    folder = data / "kernels" / "mine"
    assert ran.out == f"Installed mine in {folder}\n"
    spec = json.loads((folder / "kernel.json").read_text(encoding="utf-8"))
    assert spec["argv"] == [sys.executable, "-m", "rdit", "kernel", "-f", "{connection_file}"]
    assert spec["display_name"] == "Mein rdit ä"
    assert spec["metadata"] == {"debugger": True}
    assert {path.name for path in folder.iterdir()} == {
        "kernel.json",
        "logo-32x32.png",
        "logo-64x64.png",
        "logo-svg.svg",
    }
    assert KernelSpecManager().get_kernel_spec("mine").language == "python"


def test_a_prefix_takes_it_as_well_and_installing_again_replaces(tmp_path: Path, rdit: Rdit) -> None:
    for display_name in ("First", "Second"):
        ran = rdit("kernelspec", "install", "--prefix", str(tmp_path / "prefix"), "--display-name", display_name)
        assert ran.status == 0, ran.err
    path = tmp_path / "prefix" / "share" / "jupyter" / "kernels" / "rdit" / "kernel.json"
    assert json.loads(path.read_text())["display_name"] == "Second"


def test_list_tells_rdits_kernelspecs_and_whether_their_python_is_there(data: Path, rdit: Rdit) -> None:
    rdit("kernelspec", "install", "--user", "--name", "here")
    gone = data / "kernels" / "gone"
    gone.mkdir(parents=True)
    argv = ["/no/such/python", "-m", "rdit", "kernel", "-f", "{connection_file}"]
    (gone / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "Gone", "language": "python"}))
    listed = {spec["name"]: spec for spec in json.loads(rdit("kernelspec", "list", "--json").out)}
    assert listed["here"]["python"] == sys.executable
    assert listed["here"]["usable"] is True
    assert listed["gone"]["usable"] is False
    assert "python3" not in listed
    text = rdit("kernelspec", "list").out
    assert "/no/such/python  (not there)" in text
    assert f"{sys.executable}\n" in text


def test_remove_takes_away_what_is_rdits_and_nothing_else(data: Path, rdit: Rdit) -> None:
    rdit("kernelspec", "install", "--user", "--name", "mine")
    other = data / "kernels" / "other"
    other.mkdir()
    (other / "kernel.json").write_text('{"argv": ["other"], "display_name": "Other", "language": "x"}')
    assert rdit("kernelspec", "remove", "mine").out == f"Removed mine from {data / 'kernels' / 'mine'}\n"
    assert not (data / "kernels" / "mine").exists()
    ran = rdit("kernelspec", "remove", "other")
    assert ran.status == 1
    assert "expected 'other' to start an rdit kernel" in ran.err
    assert other.exists()


def test_another_kernels_name_is_not_taken(data: Path, rdit: Rdit) -> None:
    other = data / "kernels" / "other"
    other.mkdir(parents=True)
    (other / "kernel.json").write_text('{"argv": ["other"], "display_name": "Other", "language": "x"}')
    ran = rdit("kernelspec", "install", "--user", "--name", "other")
    assert ran.status == 1
    assert "holds another kernel; choose another --name" in ran.err
    assert json.loads((other / "kernel.json").read_text())["argv"] == ["other"]

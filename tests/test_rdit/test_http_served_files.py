"""Which files a server gives away over HTTP: those below its root that Jupyter shows, if they are text."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rdit.http import served_files
from rdit.http.refused import Refused
from rdit.http.served_files import ServedFiles


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    (root / "folder").mkdir(parents=True)
    (root / ".hidden").mkdir()
    (root / "folder" / "a.py").write_text("x = 'ä'\n", "utf-8")
    (root / ".hidden" / "a.py").write_text("hidden\n")
    (root / ".a.py").write_text("hidden\n")
    (tmp_path / "secret").write_text("secret\n")
    (tmp_path / "root beside").mkdir()
    (tmp_path / "root beside" / "a.py").write_text("secret\n")
    return root


def refusal(root: Path, path: str, **how: bool) -> int:
    """The status with which a path is refused. Its words never tell where the root is."""
    with pytest.raises(Refused) as refused:
        ServedFiles(root, **how).read(path)
    assert str(root.parent) not in str(refused.value)
    assert str(refused.value)
    return refused.value.status


@pytest.mark.parametrize("path", ["folder/a.py", "folder//a.py", "./folder/a.py", "folder/./a.py"])
def test_a_text_below_the_root_is_read(root: Path, path: str) -> None:
    assert ServedFiles(root).read(path) == "x = 'ä'\n"


def test_the_root_itself_may_be_hidden_or_a_link(root: Path) -> None:
    assert ServedFiles(root / ".hidden").read("a.py") == "hidden\n"
    (root.parent / "link").symlink_to(root)
    assert ServedFiles(root.parent / "link").read("folder/a.py") == "x = 'ä'\n"


@pytest.mark.parametrize(
    "path", ["", "/", "/etc/passwd", "..", "../secret", "folder/../../secret", "folder/../folder/a.py", "a\0b"]
)
def test_what_is_no_path_below_the_root_is_a_bad_request(root: Path, path: str) -> None:
    assert refusal(root, path) == 400


@pytest.mark.parametrize("path", ["nowhere.py", "folder/a.py/b", "~/secret", "..\\secret", "a" * 5000, "\udcff"])
def test_what_is_not_there_is_not_found(root: Path, path: str) -> None:
    assert refusal(root, path) == 404


@pytest.mark.parametrize("target", ["../secret", "../root beside/a.py", "/etc/passwd", "link", "../link out"])
def test_a_link_that_leads_out_or_round_is_not_found(root: Path, target: str) -> None:
    (root.parent / "link out").symlink_to(root.parent / "secret")
    (root / "link").symlink_to(target)
    assert refusal(root, "link") == 404


def test_a_file_in_a_folder_that_links_out_is_not_found(root: Path) -> None:
    (root / "link").symlink_to("../root beside")
    assert refusal(root, "link/a.py") == 404


def test_a_link_that_stays_below_the_root_is_followed_unless_it_shows_what_is_hidden(root: Path) -> None:
    (root / "link").symlink_to("folder/a.py")
    (root / "shown").symlink_to(".hidden")
    assert ServedFiles(root).read("link") == "x = 'ä'\n"
    assert refusal(root, "shown/a.py") == 404


@pytest.mark.parametrize("path", [".a.py", ".hidden/a.py"])
def test_hidden_files_are_there_where_the_server_shows_them(root: Path, path: str) -> None:
    assert refusal(root, path) == 404
    assert ServedFiles(root, shows_hidden=True).read(path) == "hidden\n"


def test_a_hidden_file_does_not_show_what_is_outside(root: Path) -> None:
    (root / ".link").symlink_to("../secret")
    assert refusal(root, ".link", shows_hidden=True) == 404


def test_a_folder_is_no_file(root: Path) -> None:
    assert refusal(root, "folder") == 400


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_no_file_and_is_not_waited_for(root: Path) -> None:
    os.mkfifo(root / "pipe")
    assert refusal(root, "pipe") == 400


def test_a_file_that_is_too_large_is_not_read(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(served_files, "LARGEST", 100)
    (root / "a.py").write_bytes(b"#" * 100)
    assert len(ServedFiles(root).read("a.py")) == 100
    (root / "a.py").write_bytes(b"#" * 101)
    assert refusal(root, "a.py") == 413


@pytest.mark.parametrize("data", [b"\x7fELF\0", b"\xff\xfe", b"# coding: no-such\n"])
def test_a_binary_is_no_text(root: Path, data: bytes) -> None:
    (root / "a.py").write_bytes(data)
    assert refusal(root, "a.py") == 415


def test_a_script_is_read_as_python_reads_it(root: Path) -> None:
    (root / "a.py").write_bytes("# coding: latin-1\nx = 'ä'\n".encode("latin-1"))
    assert ServedFiles(root).read("a.py").endswith("x = 'ä'\n")


def test_a_file_that_the_server_may_not_read_is_forbidden(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied", str(root / "folder" / "a.py"))

    # A mode would not do, for root may read everything.
    monkeypatch.setattr(os, "open", refuse)
    assert refusal(root, "folder/a.py") == 403

"""Files on their way from a page: in order, within limits, and let go of when nobody goes on."""

from __future__ import annotations

import gc
import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from flow.errors import BadMessageError
from flow.files import File
from flow.server.messages import Chunk
from flow.server.uploads import Uploads


class Clock:
    """A clock that is set by hand, in seconds."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def chunk(data: bytes, offset: int = 0, size: int | None = None, upload: int = 1, page: str = "p") -> Chunk:
    return Chunk(page, upload, offset, offset + len(data) if size is None else size, data)


def told(size: int, upload: Any = 1, **more: Any) -> dict[str, Any]:
    return {"name": "a.txt", "type": "text/plain", "size": size, "modified": 0, "upload": upload, **more}


def test_chunks_become_a_file_when_an_event_tells_of_it() -> None:
    uploads = Uploads()
    assert uploads.add(chunk(b"Hel", size=5)) == 3
    assert uploads.add(chunk(b"lo", offset=3)) == 5
    (file,) = uploads.take("p", [told(5)])
    assert (file.name, file.type, file.size, file.text()) == ("a.txt", "text/plain", 5, "Hello")
    assert file.modified == datetime(1970, 1, 1, tzinfo=UTC)


def test_several_events_tell_of_the_same_file() -> None:
    uploads = Uploads()
    uploads.add(chunk(b"x"))
    assert uploads.take("p", [told(1)])[0] is uploads.take("p", [told(1)])[0]


def test_an_event_without_files_has_none() -> None:
    assert Uploads().take(None, None) == Uploads().take("p", []) == []


@pytest.mark.parametrize(
    "second",
    [
        chunk(b"x", offset=2, size=9),
        chunk(b"x", offset=4, size=9),
        chunk(b"x", offset=3, size=8),
        chunk(b"abc", size=9),
    ],
    ids=["overlap", "gap", "another size", "begun anew"],
)
def test_a_chunk_that_does_not_fit_ends_the_upload(second: Chunk) -> None:
    uploads = Uploads()
    uploads.add(chunk(b"abc", size=9))
    with pytest.raises(BadMessageError, match="where 3 of 9 was next"):
        uploads.add(second)
    assert len(uploads) == 0
    with pytest.raises(BadMessageError, match="not on its way"):
        uploads.add(chunk(b"x", offset=3, size=9))


def test_a_file_that_a_handler_has_cannot_be_written_any_more() -> None:
    uploads = Uploads()
    uploads.add(chunk(b"abc"))
    (file,) = uploads.take("p", [told(3)])
    with pytest.raises(BadMessageError):
        uploads.add(chunk(b"xyz"))
    assert file.read() == b"abc"


def test_more_bytes_than_the_limit_are_refused_before_they_come() -> None:
    uploads = Uploads(limit=10)
    uploads.add(chunk(b"x", size=6))
    with pytest.raises(BadMessageError, match="5 bytes beside 1 files, where 10"):
        uploads.add(chunk(b"x", size=5, upload=2))
    uploads.add(chunk(b"x", size=4, upload=2))


def test_too_many_files_at_once_are_refused() -> None:
    uploads = Uploads(most=2)
    for upload in (1, 2):
        uploads.add(chunk(b"", upload=upload))
    with pytest.raises(BadMessageError, match="upload size"):
        uploads.add(chunk(b"", upload=3))


def test_what_handlers_got_makes_room_and_stays_readable() -> None:
    uploads = Uploads(limit=3)
    uploads.add(chunk(b"abc"))
    (file,) = uploads.take("p", [told(3)])
    uploads.add(chunk(b"xyz", upload=2))
    assert len(uploads) == 1
    assert file.read() == b"abc"


def test_an_upload_nobody_goes_on_with_is_let_go_of() -> None:
    clock = Clock()
    uploads = Uploads(idle=60, clock=clock)
    uploads.add(chunk(b"x", size=2, upload=1))
    clock.now = 40
    uploads.add(chunk(b"x", size=2, upload=2))
    clock.now = 70
    uploads.drop_idle()
    assert len(uploads) == 1
    assert uploads.add(chunk(b"x", offset=1, size=2, upload=2)) == 2


def test_a_file_stays_for_further_events_from_the_last_one_on() -> None:
    clock = Clock()
    uploads = Uploads(idle=60, clock=clock)
    uploads.add(chunk(b"x"))
    for clock.now in (50, 100):
        uploads.drop_idle()
        assert uploads.take("p", [told(1)])
    clock.now = 161
    uploads.drop_idle()
    assert len(uploads) == 0


def test_pages_do_not_see_each_other_s_uploads_and_take_theirs_with_them() -> None:
    uploads = Uploads()
    uploads.add(chunk(b"x", page="p"))
    uploads.add(chunk(b"y", page="q"))
    with pytest.raises(BadMessageError):
        uploads.take("r", [told(1)])
    uploads.drop_page("p")
    with pytest.raises(BadMessageError):
        uploads.take("p", [told(1)])
    assert uploads.take("q", [told(1)])[0].read() == b"y"
    uploads.close()
    assert len(uploads) == 0


@pytest.mark.parametrize(
    "files",
    [
        "x", [1], [told(2)], [told(1, upload=2)], [told(1, upload=[])], [told(1, name=None)],
        [told(1, name="x" * 2000)], [told(1, type=None)], [told(1, modified="now")], [told(1, modified=1e300)],
        [told(1, modified=float("nan"))], [told(1, modified=True)],
    ],
    ids=lambda files: str(files)[:90],
)  # fmt: skip
def test_an_event_that_tells_of_files_that_are_not_there_or_in_a_wrong_way_is_refused(files: Any) -> None:
    uploads = Uploads()
    uploads.add(chunk(b"x"))
    with pytest.raises(BadMessageError):
        uploads.take("p", files)


def test_a_file_that_has_not_fully_arrived_is_not_there() -> None:
    uploads = Uploads()
    uploads.add(chunk(b"x", size=2))
    with pytest.raises(BadMessageError, match="has not arrived"):
        uploads.take("p", [told(2)])


def test_a_large_file_goes_to_the_disk_and_is_closed_with_its_last_user() -> None:
    uploads = Uploads()
    part = bytes(1 << 19)
    for at in range(4):
        uploads.add(chunk(part, offset=at << 19, size=1 << 21))
    (file,) = uploads.take("p", [told(1 << 21)])
    content = file._content
    assert content._rolled  # type: ignore[attr-defined]
    uploads.close()
    assert len(file.read()) == 1 << 21
    del file
    gc.collect()
    assert content.closed


def test_an_upload_that_is_let_go_of_closes_its_content() -> None:
    uploads = Uploads()
    uploads.add(chunk(b"x", size=2))
    content = uploads._uploads["p", 1].content
    uploads.drop_page("p")
    assert content.closed


def test_a_file_is_read_as_text_bytes_and_by_independent_readers() -> None:
    file = File("a.csv", "\ufeffa,b\n1,ä\n".encode())
    assert file.text() == "a,b\n1,ä\n"
    with file.open() as one, file.open() as other:
        assert one.readline() == "\ufeffa,b\n".encode()
        assert other.read() == file.read()
        assert one.read() == "1,ä\n".encode()
        one.seek(-1, io.SEEK_END)
        assert one.read() == b"\n"
        one.seek(3)
        assert (one.tell(), one.read(1)) == (3, b"a")
    assert repr(file) == f"File('a.csv', {file.size} bytes)"


def test_a_reader_finds_the_place_as_it_left_it_whatever_other_threads_read() -> None:
    class Content(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            assert file._lock.locked()
            return super().read(size)

    file = File("a", Content(b"abc"))
    assert file.open().read() == b"abc"


@pytest.mark.parametrize(
    ("told_name", "name"),
    [("a.txt", "a.txt"), ("../../etc/passwd", "passwd"), ("C:\\x\\y.txt", "y.txt"), ("a\x00b\n", "ab"), ("..", "file"),
     ("", "file"), ("x/", "file"), (".bashrc", ".bashrc")],
)  # fmt: skip
def test_a_file_s_name_is_never_a_path(told_name: str, name: str) -> None:
    assert File(told_name, b"").name == name


def test_a_file_is_saved_under_a_path_or_its_name_in_a_folder(tmp_path: Path) -> None:
    file = File("../a.txt", b"x" * 3_000_000)
    assert file.save(tmp_path / "b.bin").read_bytes() == file.read()
    assert file.save(tmp_path) == tmp_path / "a.txt"
    assert (tmp_path / "a.txt").stat().st_size == file.size

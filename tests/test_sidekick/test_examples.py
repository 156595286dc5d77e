"""The seven programs that the original came with, as scripts without a page: they run, and end by themselves."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from support.examples import ENDLESS, FOLDER, SHOWS


@pytest.fixture(scope="module")
def started() -> Iterator[dict[str, subprocess.Popen[str]]]:
    """All at once, for each waits two seconds for a page."""
    processes = {
        name: subprocess.Popen(
            [sys.executable, FOLDER / f"{name}.py"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for name in SHOWS
    }
    yield processes
    for process in processes.values():
        process.kill()
        process.communicate()


def test_all_seven_are_there() -> None:
    assert {file.stem for file in FOLDER.glob("*.py")} == {*SHOWS}
    assert len(SHOWS) == 7


@pytest.mark.parametrize("name", [name for name in SHOWS if name != ENDLESS])
def test_a_program_that_runs_forever_ends_where_no_page_opens(
    started: dict[str, subprocess.Popen[str]], name: str
) -> None:
    assert started[name].communicate(timeout=120) == ("", "")
    assert started[name].returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="an interrupt is no signal there")
def test_one_that_never_ends_goes_on_until_it_is_interrupted(started: dict[str, subprocess.Popen[str]]) -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        started[ENDLESS].communicate(timeout=5)
    started[ENDLESS].send_signal(signal.SIGINT)
    output, errors = started[ENDLESS].communicate(timeout=60)
    assert output == ""
    assert errors.rstrip().endswith("KeyboardInterrupt")

"""The seven programs that the original came with, unmodified, as cells: shown while they run, ended, and run again."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from support import stranger
from support.examples import ENDLESS, SHOWS, source
from support.flow_comm import comm_of, send, tell
from support.flow_page import BOTH_KERNELS
from support.live_kernel import LiveKernel


@pytest.fixture(scope="module", params=BOTH_KERNELS)
def kernel(request: pytest.FixtureRequest, a_home_of_its_own: None) -> Iterator[LiveKernel]:
    with LiveKernel(request.param) as kernel:
        kernel.run("import sidekick")
        yield kernel


SAYS_WHEN_IT_WAITS = """\
import pathlib, sidekick
from sidekick.connection import run_forever as waits_forever
def run_forever():
    pathlib.Path({}).touch()
    waits_forever()
sidekick.run_forever = run_forever"""


@pytest.mark.parametrize("name", SHOWS)
def test_a_program_is_shown_while_it_runs_and_ends_when_it_is_interrupted_twice_in_the_same_kernel(
    kernel: LiveKernel, name: str, tmp_path: Path
) -> None:
    waits = tmp_path / "waits"
    kernel.run(SAYS_WHEN_IT_WAITS.format(repr(str(waits))))
    comms = []
    for _ in range(2):
        run = kernel.send(source(name), metadata={"cellId": name})
        kernel.wait_for(lambda run=run: bool(run.of("display_data")), 60, "the panel")  # type: ignore[misc]
        snapshot = tell(kernel, comm_of(run), {"kind": "ready", "page": "p1", "revision": -1}, "snapshot")
        while SHOWS[name] not in json.dumps(snapshot):  # it was made while the panel was shown
            kernel.pump(0.1)
            snapshot = tell(kernel, comm_of(run), {"kind": "ready", "page": "p1", "revision": -1}, "snapshot")
        if name != ENDLESS:
            kernel.wait_for(waits.exists, 60, "the wait in run_forever")
            waits.unlink()
        assert run.reply is None
        kernel.pump(0.5)
        kernel.interrupt()
        kernel.wait(run)
        assert run.status == ("error" if name == ENDLESS else "ok")
        assert run.stderr == ""
        send(kernel, comm_of(run), {"kind": "gone", "page": "p1"})
        comms.append(comm_of(run))
    assert comms[0] != comms[1]


@pytest.mark.parametrize("name", [name for name in SHOWS if name != ENDLESS])
def test_a_program_ends_by_itself_where_no_page_opens(kernel: LiveKernel, name: str) -> None:
    run = kernel.run(source(name), metadata={"cellId": name})
    assert (run.status, run.text, run.stderr) == ("ok", "", "")


def test_a_notebook_of_them_runs_headless_and_keeps_their_last_pictures(tmp_path: Path) -> None:
    names = [name for name in SHOWS if name != ENDLESS]
    file = tmp_path / "examples.ipynb"
    cells = [nbformat.v4.new_code_cell(source(name)) for name in names]
    spec = {"name": "rdit", "display_name": "rdit"}
    nbformat.write(nbformat.v4.new_notebook(metadata={"kernelspec": spec}, cells=cells), file)
    subprocess.run(
        [sys.executable, "-m", "jupyter", "execute", "--inplace", file.name],
        cwd=tmp_path,
        env=stranger.environment(tmp_path),
        check=True,
        capture_output=True,
        timeout=200,
    )
    for cell, name in zip(nbformat.read(file, as_version=4).cells, names, strict=True):
        (output,) = [each for each in cell.outputs if each.output_type == "display_data"]
        assert SHOWS[name] in output.data["text/html"]

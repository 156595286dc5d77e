"""Work that outgrows a thread: the same line with a process pool, and with clusters of Dask and of ipyparallel."""

from __future__ import annotations

import logging
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, ProcessPoolExecutor
from pathlib import Path

import ipyparallel
import pytest
from distributed import Client, LocalCluster

import flow
from flow import run, run_until


@pytest.fixture(scope="module")
def cluster(a_home_of_its_own: None) -> Iterator[Client]:
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        yield client


@pytest.fixture(scope="module")
def engines(a_home_of_its_own: None) -> Iterator[ipyparallel.Client]:
    with ipyparallel.Cluster(n=2, log_level=logging.ERROR) as client:
        yield client


@pytest.fixture(scope="module")
def pool() -> Iterator[ProcessPoolExecutor]:
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield pool


def _square(n: int) -> tuple[int, int]:
    time.sleep(0.2)
    return n * n, os.getpid()


def _count(n: int, seconds: float, progress: Callable[[float], None]) -> int:
    for k in range(n):
        progress(k / n)
        time.sleep(seconds)
    return n


def _race(path: str, progress: Callable[[float], None]) -> str:
    """Who makes the directory says it is done, and the other that it is half way."""
    try:
        os.mkdir(path)
    except FileExistsError:
        progress(0.5)
        time.sleep(0.5)
        return "second"
    progress(1.0)
    time.sleep(0.5)
    return "first"


def _fail() -> None:
    raise ValueError("no such data")


def test_work_on_a_cluster_is_done_by_its_processes_and_its_state_is_a_signal(cluster: Client) -> None:
    runs = [run(_square, n, executor=cluster) for n in range(4)]
    seen: list[int] = []
    effect = flow.Effect(lambda: seen.append(sum(each.state.value == "done" for each in runs)))
    assert run_until(lambda: all(each.done for each in runs), timeout=60)
    results = [each.result() for each in runs]
    assert [square for square, _ in results] == [0, 1, 4, 9]
    assert os.getpid() not in {pid for _, pid in results}
    assert (seen[0], seen[-1]) == (0, 4)
    effect.dispose()


def test_what_is_run_twice_is_done_twice(cluster: Client) -> None:
    """Dask would take a call of the same function with the same arguments for the same piece of work."""
    first, second = run(time.monotonic_ns, executor=cluster), run(time.monotonic_ns, executor=cluster)
    run_until(lambda: first.done and second.done, timeout=60)
    assert first.result() != second.result()


def test_an_error_on_a_cluster_is_the_error_here(cluster: Client) -> None:
    failed = run(_fail, executor=cluster)
    run_until(lambda: failed.done, timeout=60)
    with pytest.raises(ValueError, match="no such data"):
        failed.result()


def test_what_waits_for_its_turn_on_a_cluster_is_cancelled_there(cluster: Client, tmp_path: os.PathLike[str]) -> None:
    busy = [run(time.sleep, 1.0, executor=cluster) for _ in range(2)]
    waits = run(os.mkdir, os.path.join(tmp_path, "made"), executor=cluster)
    waits.cancel()
    assert waits.state.value == "cancelled"
    with pytest.raises(CancelledError):
        waits.result()
    run_until(lambda: all(each.done for each in busy), timeout=60)
    after = run(os.listdir, tmp_path, executor=cluster)
    run_until(lambda: after.done, timeout=60)
    assert after.result() == []


@pytest.mark.parametrize("where", ["pool", "cluster"])
def test_work_elsewhere_says_how_far_it_is(where: str, request: pytest.FixtureRequest) -> None:
    counting = run(_count, 4, 0.1, executor=request.getfixturevalue(where))
    seen: list[float | None] = []
    effect = flow.Effect(lambda: seen.append(counting.progress.value))
    run_until(lambda: counting.done, timeout=60)
    assert counting.result() == 4
    assert seen == [None, 0, 0.25, 0.5, 0.75]
    effect.dispose()


def test_work_in_a_process_ends_when_it_says_how_far_it_is_to_nobody(pool: ProcessPoolExecutor) -> None:
    endless = run(_count, 100_000, 0.01, executor=pool)
    run_until(lambda: endless.progress.value, timeout=60)
    endless.cancel()
    both = [run(_square, n, executor=pool) for n in (2, 3)]  # as many as there are processes
    run_until(lambda: all(each.done for each in both), timeout=20)
    assert len({each.result()[1] for each in both}) == 2


def test_work_on_an_engine_says_how_far_it_is(engines: ipyparallel.Client) -> None:
    counting = run(_count, 4, 0.4, executor=engines.executor())
    seen: list[float | None] = []
    effect = flow.Effect(lambda: seen.append(counting.progress.value))
    assert run_until(lambda: counting.done, timeout=60)
    assert counting.result() == 4
    assert seen == [None, 0, 0.25, 0.5, 0.75]
    effect.dispose()


def test_work_that_all_engines_do_is_as_far_as_the_slowest(engines: ipyparallel.Client, tmp_path: Path) -> None:
    race = run(_race, str(tmp_path / "made"), executor=engines[:].executor)
    seen: list[float | None] = []
    effect = flow.Effect(lambda: seen.append(race.progress.value))
    assert run_until(lambda: race.done, timeout=60)
    assert sorted(race.result()) == ["first", "second"]
    assert (max(share for share in seen if share is not None), seen[-1]) == (0.5, 0.5)
    effect.dispose()


def test_an_error_on_an_engine_is_the_error_here(engines: ipyparallel.Client) -> None:
    failed = run(_fail, executor=engines.executor())
    assert run_until(lambda: failed.done, timeout=60)
    assert failed.state.value == "failed"
    with pytest.raises(ipyparallel.error.RemoteError, match="no such data"):
        failed.result()

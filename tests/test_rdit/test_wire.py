"""The golden messages of tests/wire: the kernel sends exactly these, and js/test/lab shows what the page makes of them.

A file of tests/wire/statements tells which cells run (``cells``), what the comm ``rdit.statements`` then carries
(``news``), which outputs are marked (``outputs``), and what the page knows in the end (``page``, held by the TypeScript
tests). The cells run in the kernel's own shell, on a clock that only ``sleep`` moves; ``reload`` in a cell is a page
that is loaded anew and asks for the history.

After a change of the messages that is meant, ``SIDEFLOW_WRITE_WIRE=1 pytest tests/test_rdit/test_wire.py`` writes the
files; read the difference before it is committed.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from traitlets.config import Config

from rdit import events, timeline
from rdit.events import CellRun, StatementChannel
from rdit.session import StatementSession
from rdit.shell import Plan, RditShell

WIRE = Path(__file__).parent.parent / "wire"
STORIES = sorted((WIRE / "statements").glob("*.json"))

Message = dict[str, Any]


class Clock:
    """Stands in for the module ``time``: its time passes when it is told to sleep, and timers fire in between."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0
        self._timers: list[tuple[float, Callable[[], None]]] = []

    def time(self) -> float:
        return self.now

    def perf_counter(self) -> float:
        return self.now

    def later(self, delay: float, call: Callable[[], None]) -> None:
        self._timers.append((self.now + delay, call))

    def sleep(self, seconds: float) -> None:
        end = self.now + seconds
        due = [call for at, call in self._timers if at <= end]
        self._timers = [(at, call) for at, call in self._timers if at > end]
        for call in due:
            call()
        self.now = end


class RecordingSession(StatementSession):
    """A session that keeps what it would send."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[Message] = []

    def send(self, stream: Any, msg_or_type: Any, *args: Any, **kwargs: Any) -> Message:
        content, parent = [*args, None, None][:2]
        message = self.msg(msg_or_type, content, parent) if isinstance(msg_or_type, str) else msg_or_type
        self.sent.append(message)
        return message


class Page:
    """The kernel's shell with a front end that listens to its statements."""

    def __init__(self, shell: RditShell, clock: Clock) -> None:
        self.shell = shell
        self.clock = clock
        self.session = RecordingSession()
        self.news: list[Message] = []
        log = shell.statement_log
        self.session.running = log.running
        self.channel = StatementChannel(log, self.news.append, clock.later)
        self.session.before_output = log.before_output
        shell.displayhook.session = self.session
        shell.user_ns.update(sleep=clock.sleep, reload=self.channel.tell_history)

    def run(self, cells: list[Message]) -> Message:
        """Play the cells, a second apart. Returns what was sent, as JSON has it."""
        for count, told in enumerate(cells, 1):
            cell = CellRun({"msg_id": told["msg_id"]}, told["cell_id"], execution_count=count)
            asyncio.run(self._run_cell(cell, told["source"], told.get("metadata")))
            self.clock.sleep(1)
        self.channel.tell_history()
        outputs = [
            {"msg_type": sent["msg_type"], "parent": sent["parent_header"]["msg_id"], "rdit": sent["metadata"]["rdit"]}
            for sent in self.session.sent
        ]
        told = json.loads(json.dumps({"news": self.news, "outputs": outputs}))
        assert isinstance(told, dict)
        return told

    async def _run_cell(self, cell: CellRun, source: str, metadata: Message | None) -> None:
        self.shell.set_parent({"header": cell.header})  # type: ignore[no-untyped-call]
        with self.shell.planned(Plan(cell=cell)):
            transformed = self.shell.transform_cell(source)
            await self.shell.run_cell_async(source, transformed_cell=transformed, cell_meta=metadata)


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    clock = Clock()
    monkeypatch.setattr(events, "time", clock)
    config = Config()
    config.HistoryManager.enabled = False
    module = ModuleType("rdit_wire")
    # A kernel's shell sets variables for the commands that it starts, such as FORCE_COLOR.
    monkeypatch.setattr(RditShell, "init_environment", lambda self: None)
    shell = RditShell(config=config, user_module=module, user_ns=module.__dict__)
    yield Page(shell, clock)
    shell.restore_sys_module_state()  # type: ignore[no-untyped-call]
    sys.modules.pop(module.__name__, None)


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_the_kernel_tells_of_statements_as_the_golden_messages_say(page: Page, path: Path) -> None:
    story = json.loads(path.read_text(encoding="utf-8"))
    told = page.run(story["cells"])
    if os.environ.get("SIDEFLOW_WRITE_WIRE"):
        path.write_text(_written({**story, **told}), encoding="utf-8")
        pytest.skip(f"{path.name} was written, not compared")
    assert told["news"] == story["news"]
    assert told["outputs"] == story["outputs"]


def test_every_kind_of_event_and_every_key_is_in_a_golden_message() -> None:
    told = [
        event
        for path in STORIES
        for message in json.loads(path.read_text(encoding="utf-8"))["news"]
        for event in message["events"]
    ]
    kinds = {"cell_started", "started", "finished", "failed", "cell_finished", "cell_failed"}
    assert {event["event"] for event in told} == kinds
    assert {key for event in told for key in event} == set(events.StatementEvent.__annotations__)


def test_durations_are_written_as_the_golden_table_says() -> None:
    table = json.loads((WIRE / "durations.json").read_text(encoding="utf-8"))
    assert [[value, timeline.seconds(value)] for value, _ in table] == table


def _written(story: Message) -> str:
    """A story as JSON with one event on a line."""
    return _lines(story, 0) + "\n"


def _lines(value: Any, depth: int) -> str:
    if not _holds_records(value):
        return json.dumps(value, ensure_ascii=False)
    inner, outer = " " * (depth + 1), " " * depth
    if isinstance(value, list):
        return "[\n" + ",\n".join(inner + _lines(each, depth + 1) for each in value) + f"\n{outer}]"
    parts = [f'{inner}"{key}": {_lines(each, depth + 1)}' for key, each in value.items()]
    return "{\n" + ",\n".join(parts) + f"\n{outer}}}"


def _holds_records(value: Any) -> bool:
    """Whether there are records in it that deserve a line each."""
    if isinstance(value, list):
        return any(isinstance(each, dict) for each in value)
    return isinstance(value, dict) and any(map(_holds_records, value.values()))

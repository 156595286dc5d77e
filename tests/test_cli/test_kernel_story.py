"""From iopub messages to a story, whichever way a kernel tells of its statements and in whatever order it comes."""

from __future__ import annotations

from typing import Any

from rdit.kernel_story import KernelStory, plain_text
from rdit.terminal.story import CellStarted, Event, Failure, Output, StatementEnded, StatementStarted


class Kernel:
    """Sends a story the messages of a kernel."""

    def __init__(self) -> None:
        self.told: list[Event] = []
        self.over: list[tuple[str, Failure | None]] = []
        self.story = KernelStory(self.told.append, lambda _msg_id, count: count, lambda *end: self.over.append(end))

    def send(self, kind: str, parent: str, content: dict[str, Any], statement: int | None = None) -> None:
        line = 0 if statement is None else statement + 1
        mark = {"cell_id": None, "statement": statement, "line_start": line, "line_end": line}
        self.story.hear(
            {
                "header": {"msg_type": kind},
                "parent_header": {"msg_id": parent, "msg_type": "execute_request"},
                "metadata": {} if statement is None else {"rdit": mark},
                "content": content,
            }
        )

    def answer(self) -> None:
        self.send("comm_msg", "", {"comm_id": self.story.comm_id, "data": {"type": "history", "events": []}})

    def news(self, parent: str, *events: tuple[str, int]) -> None:
        told = [
            {"event": name, "msg_id": parent, "statement": n, "line_start": n + 1, "line_end": n + 1, "duration": 0.5}
            for name, n in events
        ]
        # On the wire its parent is whatever request the kernel serves.
        self.send("comm_msg", "other", {"comm_id": self.story.comm_id, "data": {"type": "events", "events": told}})

    def input(self, parent: str, code: str, count: int) -> None:
        self.send("execute_input", parent, {"code": code, "execution_count": count})

    def out(self, parent: str, text: str, statement: int | None = None) -> None:
        self.send("stream", parent, {"name": "stdout", "text": text}, statement)

    def idle(self, parent: str) -> None:
        self.send("status", parent, {"execution_state": "idle"})


def test_output_waits_for_the_news_of_its_statement() -> None:
    kernel = Kernel()
    kernel.answer()
    kernel.input("a", "x\nprint(1)\n", 1)
    kernel.out("a", "1\n", statement=1)
    assert kernel.told == [CellStarted("x\nprint(1)\n", 1)]
    kernel.news("a", ("cell_started", 0), ("started", 0), ("finished", 0), ("started", 1))
    assert kernel.told[1:] == [
        StatementStarted(0, 1, 1),
        StatementEnded(0.5, is_invisible=True),
        StatementStarted(1, 2, 2),
        Output("stdout", "1\n"),
    ]
    kernel.idle("a")
    assert kernel.over == []
    kernel.news("a", ("finished", 1), ("cell_finished", 0))
    assert kernel.told[5:] == [StatementEnded(0.5, is_invisible=False)]
    assert kernel.over == [("a", None)]


def test_the_next_cell_waits_until_the_news_of_this_one_have_come() -> None:
    kernel = Kernel()
    kernel.answer()
    kernel.input("a", "1", 1)
    kernel.idle("a")
    kernel.input("b", "2", 2)
    kernel.out("b", "2\n", statement=0)
    kernel.idle("b")
    assert kernel.told == [CellStarted("1", 1)]
    kernel.news("a", ("started", 0), ("finished", 0), ("cell_finished", 0))
    kernel.news("b", ("started", 0), ("finished", 0), ("cell_finished", 0))
    assert kernel.told[1:] == [
        StatementStarted(0, 1, 1),
        StatementEnded(0.5, is_invisible=True),
        CellStarted("2", 2),
        StatementStarted(0, 1, 1),
        Output("stdout", "2\n"),
        StatementEnded(0.5, is_invisible=False),
    ]
    assert kernel.over == [("a", None), ("b", None)]


def test_news_that_come_before_their_cell_are_kept_for_it() -> None:
    kernel = Kernel()
    kernel.answer()
    kernel.news("a", ("started", 0))
    kernel.input("a", "1", 1)
    assert kernel.told == [CellStarted("1", 1), StatementStarted(0, 1, 1)]


def test_an_empty_cell_and_one_that_does_not_parse_wait_for_no_news() -> None:
    kernel = Kernel()
    kernel.answer()
    kernel.input("a", "# nothing\n", 1)
    kernel.idle("a")
    kernel.input("b", "x = = 1", 2)
    kernel.send("error", "b", {"ename": "SyntaxError", "evalue": "invalid syntax (1.py, line 1)", "traceback": ["T"]})
    kernel.idle("b")
    assert kernel.told == [CellStarted("# nothing\n", 1), CellStarted("x = = 1", 2), Output("error", "T\n")]
    assert kernel.over == [("a", None), ("b", Failure("SyntaxError: invalid syntax", 1, 1, 2))]


def test_a_cell_of_which_no_news_come_is_given_up_in_the_end() -> None:
    kernel = Kernel()
    kernel.answer()
    kernel.input("a", "print(1)", 1)
    kernel.out("a", "1\n", statement=0)
    kernel.idle("a")
    kernel.story.tick()
    assert kernel.over == []
    kernel.story.close()
    assert kernel.over == [("a", None)]
    assert kernel.told[-1] == Output("stdout", "1\n")


def test_without_news_the_marks_tell_the_statements_that_are_seen() -> None:
    kernel = Kernel()
    kernel.input("a", "1\n2\n3", 1)
    kernel.out("a", "1\n", statement=0)
    kernel.out("a", "3\n", statement=2)
    kernel.idle("a")
    assert [event for event in kernel.told if not isinstance(event, StatementEnded)] == [
        CellStarted("1\n2\n3", 1),
        StatementStarted(0, 1, 1),
        Output("stdout", "1\n"),
        StatementStarted(2, 3, 3),
        Output("stdout", "3\n"),
    ]
    assert len([event for event in kernel.told if isinstance(event, StatementEnded)]) == 2


def test_another_kernels_cell_is_told_as_one_statement() -> None:
    kernel = Kernel()
    kernel.send("comm_close", "", {"comm_id": kernel.story.comm_id, "data": {}})
    kernel.input("a", "x\ny\n", 1)
    kernel.out("a", "1\n")
    kernel.send("error", "a", {"ename": "ValueError", "evalue": "no\nmore", "traceback": ["one", "two"]})
    kernel.idle("a")
    assert kernel.told[:4] == [
        CellStarted("x\ny\n", 1),
        StatementStarted(0, 1, 2),
        Output("stdout", "1\n"),
        Output("error", "one\ntwo\n"),
    ]
    assert isinstance(kernel.told[4], StatementEnded)
    assert kernel.told[4].failed
    assert kernel.over == [("a", Failure("ValueError: no", cell=1))]


def test_what_others_do_meanwhile_is_not_told_as_this_cells() -> None:
    kernel = Kernel()
    kernel.answer()
    kernel.input("a", "1", 1)
    kernel.news("a", ("started", 0))
    kernel.out("b", "another client's\n")
    assert kernel.told[1:] == [StatementStarted(0, 1, 1)]


def test_late_output_of_a_cell_that_is_over_is_still_told() -> None:
    kernel = Kernel()
    kernel.answer()
    kernel.input("a", "1", 1)
    kernel.news("a", ("started", 0), ("finished", 0), ("cell_finished", 0))
    kernel.idle("a")
    kernel.out("a", "from a thread\n")
    assert kernel.told[-1] == Output("stdout", "from a thread\n")


def test_a_mime_bundle_is_told_in_plain_text() -> None:
    assert plain_text({"text/plain": "x", "text/html": "<b>x</b>"}) == "x\n"
    assert plain_text({"image/png": "…", "application/json": {}}) == "<application/json, image/png>\n"

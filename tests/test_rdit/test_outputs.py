"""Outputs as data: the JSON that front ends read, and the status a program leaves with."""

from __future__ import annotations

import json

import pytest

from rdit.outputs import ExecutionResult, OutputItem, exit_status


def test_an_item_as_json() -> None:
    assert OutputItem(type="stderr", text="oh\n").to_dict() == {"type": "stderr", "text": "oh\n"}


def test_a_result_as_json_is_in_camel_case_and_leaves_out_what_json_cannot_hold() -> None:
    result = ExecutionResult(2, 5, 7, [OutputItem("stdout", "1\n")], False, error=ValueError("x"), duration=0.5)
    assert json.loads(json.dumps(result.to_dict())) == {
        "nodeIndex": 2,
        "lineStart": 5,
        "lineEnd": 7,
        "output": [{"type": "stdout", "text": "1\n"}],
        "isInvisible": False,
    }


def test_a_result_without_output_is_invisible() -> None:
    assert ExecutionResult(0, 1, 1).is_invisible


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (None, 0),
        (SystemExit(), 0),
        (SystemExit(0), 0),
        (SystemExit(3), 3),
        (SystemExit(-1), 255),
        (SystemExit("no"), 1),
        (SystemExit(True), 1),
        (ValueError(), 1),
        (KeyboardInterrupt(), 130),
    ],
)
def test_the_status_is_the_one_python_leaves_with(error: BaseException | None, status: int) -> None:
    assert exit_status(error) == status

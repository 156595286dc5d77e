"""What a kernel said about one cell, written so that two kernels' accounts can be compared.

Left out is what no two runs share: ids, dates, addresses, names of temporary files, times taken, the colours of a
traceback. Neighbouring pieces of one stream are joined, since where a text is cut is a matter of moments, and so is
what python3 makes of the order of stdout and stderr. Execution counts are counted from the cell before. The mark that
rdit puts in a message's metadata is left out too.
"""

from __future__ import annotations

import re
from difflib import unified_diff
from itertools import groupby
from pprint import pformat
from typing import Any

from support.live_kernel import Message, Run

Line = tuple[Any, ...]
Transcript = list[Line]

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
# "File place:12, in name(arguments)", and the lines around the one pointed at: "      3     pass", "   (...)", rulers.
_FRAME = re.compile(r"^((?:File|Cell) .*, in [^(]*)\(.*$")
_AROUND = re.compile(r"^(\s*\d+( .*)?|\s+\(\.\.\.\).*|\s+\[\.\.\. skipping hidden .*|[- ]*)$")
_COUNT = re.compile(r"\b(In|Out) ?\[(\d+)\]")
_SUBSTITUTES = (
    (re.compile(r"0x[0-9a-fA-F]{6,}"), "0x…"),
    (
        re.compile(
            r"\b(IPY_MODEL_)?[0-9a-f]{32}\b|\b[0-9a-f]{8}-[0-9a-f]{24}_\d+_\d+\b|\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"
        ),
        "<id>",
    ),
    (re.compile(r"/\S*?ipykernel_\d+/\d+\.py"), "<cell>"),
    (re.compile(r"\d+(\.\d+)?(e[-+]\d+)? ?(ns|μs|µs|us|ms|s)\b( ±)?( per loop)?"), "<time>"),
    (re.compile(r"(Thread-)\d+"), r"\1N"),
    (re.compile(r"\(pid=\d+\)"), "(pid)"),
    (re.compile(r"/[^\s']*/desk\d+"), "<desk>"),
)
_VOLATILE = {"date", "msg_id", "session", "username"}


def transcript(run: Run, base: int) -> Transcript:
    """``base`` is the execution count of the last cell before this one."""
    lines: Transcript = []
    for message in run.messages:
        line = _line(message, base)
        lines.append(line)
    lines = [(*line[:2], _scrubbed(line[2], base)) if line[0] == "stream" else line for line in _joined(lines)]
    lines += [("input_request", m["content"]["prompt"], m["content"]["password"]) for m in run.prompts]
    lines.append(("reply", _scrubbed(_reply(run.content), base)))
    return lines


def reply(content: dict[str, Any]) -> dict[str, Any]:
    """A reply's content, to compare with another kernel's."""
    scrubbed: dict[str, Any] = _scrubbed(_reply(content), 0)
    return scrubbed


def difference_of(expected: Transcript, found: Transcript) -> str:
    """Where two transcripts part, for a failing test to print. Empty when they do not."""
    return "\n".join(unified_diff(_written(expected), _written(found), "expected", "found", n=1, lineterm=""))


def _written(lines: Transcript) -> list[str]:
    return pformat(lines, width=160, sort_dicts=True).splitlines()


def _joined(lines: Transcript) -> Transcript:
    joined: Transcript = []
    for is_stream, group in groupby(lines, lambda line: line[0] == "stream"):
        if not is_stream:
            joined += group
            continue
        pieces = sorted(group, key=lambda line: str(line[1]))
        for name, same in groupby(pieces, lambda line: line[1]):
            joined.append(("stream", name, "".join(line[2] for line in same)))
    return joined


def _line(message: Message, base: int) -> Line:
    kind, content = message["msg_type"], dict(message["content"])
    match kind:
        case "stream":
            return kind, content["name"], content["text"]
        case "status":
            return kind, content["execution_state"]
        case "error":
            content["traceback"] = _traceback(content["traceback"])
        case "execute_input":
            content.pop("code")
    metadata = {k: v for k, v in message["metadata"].items() if k not in {"rdit", *_VOLATILE}}
    return kind, _scrubbed(content, base), _scrubbed(metadata, base)


def _reply(content: dict[str, Any]) -> dict[str, Any]:
    reply = {key: value for key, value in content.items() if key != "engine_info"}
    if "traceback" in reply:
        reply["traceback"] = _traceback(reply["traceback"])
    return reply


def _traceback(lines: list[str]) -> list[str]:
    """The lines that matter: places, lines pointed at, and what is said. Not the lines around them, nor arguments."""
    text = _ANSI.sub("", "\n".join(lines))
    kept = [_FRAME.sub(r"\1", line.rstrip()) for line in text.splitlines() if not _AROUND.match(line)]
    # How deep a recursion got depends on how deep it began.
    return kept if len(kept) < 100 else list(dict.fromkeys(kept))


def _scrubbed(value: Any, base: int) -> Any:
    if isinstance(value, str):
        value = _COUNT.sub(lambda found: f"{found[1]}[{_relative(int(found[2]), base)}]", _ANSI.sub("", value))
        for pattern, substitute in _SUBSTITUTES:
            value = pattern.sub(substitute, value)
        return value
    if isinstance(value, dict):
        return {
            _scrubbed(key, base): _relative(each, base) if key == "execution_count" else _scrubbed(each, base)
            for key, each in value.items()
        }
    if isinstance(value, list):
        return [_scrubbed(each, base) for each in value]
    return value


def _relative(count: int | None, base: int) -> str | None:
    return None if count is None else f"{count - base:+d}"

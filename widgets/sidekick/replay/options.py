"""The options of ``%%replay``, as they are written behind it."""

from __future__ import annotations

import argparse
import shlex
from typing import Any, Final, NoReturn

from sidekick.replay.recorder import MAX_STEPS, Options

_ABOUT: Final = """\
Run the cell as always, and show below it, step by step, which line ran and what it did to the variables.

  %%replay                     go through the cell's steps, back and forth
  %%replay --vars total,item   look at these variables only
  %%replay --no-functions      step over the functions that the cell calls

Your own code is recorded: the cell, and functions that cells of this notebook define. Libraries run at full speed.
%replay in a line of its own records the rest of its cell. The newest replay is `_replay`: `_replay.to_html("a.html")`
writes a page that works without a kernel.
"""


class OptionsError(ValueError):
    """Options of ``%%replay`` that cannot be followed."""

    def _render_traceback_(self) -> list[str]:
        """What IPython prints: the line that was written stands right above it."""
        return [f"UsageError: {self}"]


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise OptionsError(f"%%replay: {message}. See %%replay --help.")


def _parser() -> _Parser:
    parser = _Parser(
        prog="%%replay",
        description=_ABOUT,
        add_help=False,
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--max-steps",
        type=_count,
        default=MAX_STEPS,
        metavar="N",
        help=f"record so many steps at most (default {MAX_STEPS}); the program runs on, at full speed",
    )
    parser.add_argument(
        "--depth",
        type=_count,
        default=Options().depth,
        metavar="N",
        help=f"record calls so deep inside each other at most (default {Options().depth})",
    )
    parser.add_argument("--vars", type=_names, default=frozenset(), metavar="a,b", help="look at these variables only")
    parser.add_argument("--no-functions", action="store_true", help="record the cell's own lines only")
    parser.add_argument("-h", "--help", action="store_true", help="show this and run nothing")
    return parser


def read_options(line: str) -> Options | str:
    """The options in a line, or the help if that is asked for. Raises ``OptionsError``."""
    parser = _parser()
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise OptionsError(f"%%replay: {str(error).lower()} in {line!r}. See %%replay --help.") from None
    found: Any = parser.parse_args(words)
    if found.help:
        return parser.format_help()
    return Options(found.max_steps, found.depth, found.vars, not found.no_functions)


def _count(text: str) -> int:
    if text.isdecimal() and int(text) > 0:
        return int(text)
    raise argparse.ArgumentTypeError(f"expected a whole number above 0, but got {text!r}")


def _names(text: str) -> frozenset[str]:
    names = [each.strip() for each in text.split(",") if each.strip()]
    wrong = next((each for each in names if not each.isidentifier()), None)
    if wrong is not None or not names:
        raise argparse.ArgumentTypeError(f"expected names of variables like a,b, but got {wrong or text!r}")
    return frozenset(names)

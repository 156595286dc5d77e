"""A pytest plugin: the terminal shell of IPython's tests runs its nodes the way rdit's shell does."""

from __future__ import annotations

import IPython.terminal.interactiveshell as terminal
from IPython.core.compilerop import CachingCompiler
from IPython.terminal.prompts import RichPromptDisplayHook
from traitlets import Type

from rdit.compiler import RditCompiler
from rdit.display import StatementDisplayHook
from rdit.shell import StatementShell


class StatementTerminalDisplayHook(StatementDisplayHook, RichPromptDisplayHook):
    """The terminal's `Out[1]:`, for the statements that show something."""


class StatementTerminalCompiler(RditCompiler):
    """A cell's file is called what IPython's tests expect, not what ipykernel's debugger does."""

    get_code_name = CachingCompiler.get_code_name
    format_code_name = CachingCompiler.format_code_name


class StatementTerminal(StatementShell, terminal.TerminalInteractiveShell):
    """IPython's terminal, statement by statement."""

    compiler_class = Type(StatementTerminalCompiler)
    displayhook_class = Type(StatementTerminalDisplayHook)


terminal.TerminalInteractiveShell = StatementTerminal  # type: ignore[misc]

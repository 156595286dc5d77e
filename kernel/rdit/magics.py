"""The rdit kernel's own magics.

`%%lines`, `%resume` and `%%resume` are the cell's first line and are read before the cell runs (`selection.py`); here
they have their help, and an answer for where they come too late.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from IPython.core.error import UsageError
from IPython.core.magic import Magics, cell_magic, line_cell_magic, line_magic, magics_class
from IPython.display import display
from traitlets import TraitError

from rdit.interactivity import INTERACTIVITY
from rdit.selection import parse_lines
from rdit.timeline import Timeline

if TYPE_CHECKING:
    from rdit.shell import StatementShell


@magics_class
class StatementMagics(Magics):
    """Magics about statements."""

    shell: StatementShell

    @line_magic
    def interactivity(self, line: str) -> None:
        """Say whose value a cell shows.

        %interactivity            what it is now
        %interactivity all        every expression's that stands at the top level (rdit's default)
        %interactivity last_expr  the cell's last expression's alone, as in Jupyter

        ``last``, ``none`` and ``last_expr_or_assign`` are IPython's. It holds from the next cell on, until the kernel
        ends; ``c.InteractiveShell.ast_node_interactivity`` in the configuration holds for good.
        """
        wanted = line.strip()
        if wanted:
            try:
                self.shell.ast_node_interactivity = wanted
            except TraitError:
                choices = ", ".join(INTERACTIVITY)
                raise UsageError(f"%interactivity: expected one of {choices}, but got {wanted!r}.") from None
        else:
            print(self.shell.ast_node_interactivity)

    @line_magic
    def timeline(self, line: str) -> None:
        """Show the statements of the last cell with their times, as a bar chart.

        %timeline       the 40 slowest, in their order
        %timeline 10    the 10 slowest
        """
        most = line.strip()
        if most and not (most.isdecimal() and int(most)):
            raise UsageError(f"%timeline: expected how many statements to show, a whole number, but got {most!r}.")
        last = self.shell.statement_log.last
        if last is None:
            raise UsageError("%timeline: no cell has run yet.")
        display(Timeline(last, int(most) if most else 40))

    @cell_magic
    def lines(self, line: str, cell: str) -> Any:
        """Run only those statements of the cell that have one of these lines.

        %%lines 3-5    lines 3 to 5, as the cell's editor numbers them (this line is line 1)
        %%lines 3      line 3;  3- from line 3 on;  -5 up to line 5
        """
        parse_lines(line)
        self.shell.run_cell(f"%%lines {line}\n{cell}")

    @line_cell_magic
    def resume(self, line: str, cell: str | None = None) -> Any:
        """Go on from the statement that failed.

        %resume      alone in a cell: run the last failed cell on from its failed statement, as it was
        %%resume     in the first line of the cell, which may have been corrected: what ran before and is unchanged
                     does not run again
        """
        if cell is None or line.strip():
            raise UsageError("%resume is the first line of its cell: alone, or with the corrected cell below it.")
        self.shell.run_cell(f"%%resume\n{cell}")

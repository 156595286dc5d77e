"""The command line `rdit`: what can be said, and who does it. Each command imports what it needs when it runs."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any, NoReturn

import click

from rdit import __version__

_COMPLETION = """\b
Completion of commands, options and file names:
  bash  eval "$(_RDIT_COMPLETE=bash_source rdit)"   in ~/.bashrc
  zsh   eval "$(_RDIT_COMPLETE=zsh_source rdit)"    in ~/.zshrc
  fish  _RDIT_COMPLETE=fish_source rdit | source    in ~/.config/fish/completions/rdit.fish
"""


def main() -> NoReturn:
    """The entry point. Leaves with the program's exit status, or one that tells what went wrong."""
    try:
        status = commands.main(prog_name="rdit", standalone_mode=False)
    except click.ClickException as error:
        if isinstance(error, click.NoSuchOption) and error.ctx is not None and error.ctx.command is run:
            error = click.UsageError(f"{error.format_message()} The program's own options follow `--`.", error.ctx)
        error.show()
        status = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        status = 130
    sys.exit(status)


class _Commands(click.Group):
    """Knows that a file is not a command, and that a reader may have seen enough."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # As any filter leaves in `rdit run script.py | head`.
            from rdit.console import leave_quietly

            leave_quietly()
            return 141

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if self.get_command(ctx, args[0]) is None and (args[0].endswith((".py", ".ipynb")) or Path(args[0]).is_file()):
            raise click.UsageError(
                f"expected a command, but got the file {args[0]!r}: `rdit run {args[0]}` runs it", ctx
            )
        return super().resolve_command(ctx, args)


_RANGE = re.compile(r"(\d*)\s*([:-]?)\s*(\d*)")


def _lines(_ctx: click.Context, _param: click.Parameter, value: str | None) -> tuple[int, int] | None:
    """The lines of a script, such as ``3:7``."""
    if value is None:
        return None
    found = _RANGE.fullmatch(value.strip())
    if found is None or not (found[1] or found[3]):
        raise click.BadParameter(f"expected lines such as 3:7, 3, 3: or :7, but got {value!r}.")
    first = int(found[1] or 1)
    last = int(found[3]) if found[3] else sys.maxsize if found[2] else first
    if not 1 <= first <= last:
        raise click.BadParameter(f"expected first:last, counted from 1, first not after last, but got {value!r}.")
    return first, last


def _program(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
    """A script or a notebook that is there, or ``-``."""
    path = Path(value)
    if value != "-" and not (path.is_file() or path.is_fifo()):
        found = "a folder" if path.is_dir() else "no such file"
        raise click.BadParameter(f"expected a script or a notebook, but {value!r} is {found}.")
    return value


@click.group(cls=_Commands, epilog=_COMPLETION, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="rdit %(version)s")
def commands() -> None:
    """Python that runs one top-level statement at a time, and shows what each one did."""


@commands.command("run", short_help="Run a script or a notebook and show what each statement does.")
@click.argument("program", type=click.Path(allow_dash=True), callback=_program, metavar="FILE")
@click.argument("args", nargs=-1, metavar="[-- ARGS...]")
@click.option("--lines", callback=_lines, metavar="FIRST:LAST", help="Run only the statements that touch these lines.")
@click.option(
    "--json", "as_json", is_flag=True, help="Write one JSON object a line: a statement's result when it has ended."
)
@click.option("--kernel", "in_kernel", is_flag=True, help="Run in a real rdit kernel: magics, rich display, await.")
@click.option(
    "--timeout", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS", help="End a program that runs longer."
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    metavar="FILE.ipynb",
    help="Save the executed notebook here. Needs --kernel.",
)
def run(
    program: str,
    args: tuple[str, ...],
    lines: tuple[int, int] | None,
    as_json: bool,
    in_kernel: bool,
    timeout: float | None,
    output: Path | None,
) -> int:
    """Run FILE, a script or a notebook, and show what each statement does as it does it.

    FILE `-` is a script on standard input. What follows `--` are the program's own arguments (sys.argv).

    \b
    Exit status: the program's own; 1 if it raised, 2 for a mistake in the command,
    124 if its time was up, 130 if it was interrupted.
    """
    from rdit.console import make_view
    from rdit.notebooks import NotANotebook
    from rdit.program import Program

    asked = Program(program, args, lines)
    if asked.is_notebook and lines is not None:
        raise click.UsageError(
            "--lines counts the lines of a script, and a notebook has lines in every cell: leave it out."
        )
    if output is not None and not in_kernel:
        raise click.UsageError("--output saves what a kernel published: add --kernel.")
    view, columns = make_view(as_json=as_json)
    if not in_kernel:
        from rdit.script_run import run_script

        return run_script(asked, view, timeout=timeout, columns=columns)
    from rdit.kernel_run import run_in_kernel

    try:
        return run_in_kernel(asked, view, timeout=timeout, output=output, columns=columns)
    except (NotANotebook, SyntaxError, OSError) as error:
        raise click.ClickException(f"{program}: {error}") from error


class _WatchCommand(click.Command):
    """Takes a whole command after ``--``, whatever its own options are."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if "--" in args:
            end = args.index("--")
            ctx.meta[__name__] = tuple(args[end + 1 :])
            args = args[:end]
        return super().parse_args(ctx, args)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        return ["[OPTIONS]", "[CONNECTION_FILE | -- COMMAND...]"]


@commands.command(cls=_WatchCommand, short_help="Show what each statement does in a kernel that others use.")
@click.argument("connection_file", required=False)
@click.option(
    "--json", "as_json", is_flag=True, help="Write one JSON object a line: a statement's result when it has ended."
)
@click.pass_context
def watch(ctx: click.Context, connection_file: str | None, as_json: bool) -> int:
    """Show what each statement does in a running kernel, while JupyterLab or any other client works with it.

    CONNECTION_FILE is a path or a part of the kernel's id; without one, the kernel that was started last is watched.

    With a COMMAND, run it and watch the kernels that it starts. The exit status is the command's:

    \b
        rdit watch -- jupyter execute --kernel_name=rdit tour.ipynb
    """
    from rdit.console import make_view
    from rdit.watch import CommandNotRun, KernelNotFound, find_connection_file, watch_command, watch_kernel

    command: tuple[str, ...] | None = ctx.meta.get(__name__)
    if command is not None and (connection_file is not None or not command):
        raise click.UsageError("expected either a connection file, or `--` and a command that starts a kernel.")
    try:
        if command is not None:
            return watch_command(command, make_view(as_json=as_json)[0])
        return watch_kernel(find_connection_file(connection_file), make_view(as_json=as_json)[0])
    except (KernelNotFound, CommandNotRun) as error:
        raise click.ClickException(str(error)) from error


@commands.group("kernelspec")
def kernelspec() -> None:
    """Tell Jupyter about the rdit kernel of this Python."""


@kernelspec.command()
@click.option("--user", "where", flag_value="user", help="For this user, in whatever environment Jupyter runs.")
@click.option("--sys-prefix", "where", flag_value="sys-prefix", help="For this Python's environment (the default).")
@click.option("--prefix", type=click.Path(path_type=Path), help="Below this folder, in share/jupyter/kernels.")
@click.option("--name", default="rdit", show_default=True, help="What `--kernel_name` and notebooks call it.")
@click.option("--display-name", help="What launchers call it.")
def install(where: str | None, prefix: Path | None, name: str, display_name: str | None) -> None:
    """Install the kernelspec, so that Jupyter offers the kernel. An older one of the same name is replaced."""
    from rdit.kernelspec_install import KernelspecError, install_kernelspec

    if where is not None and prefix is not None:
        raise click.UsageError(f"--{where} and --prefix name two places: give one.")
    try:
        folder = install_kernelspec(name, display_name, user=where == "user", prefix=prefix)
    except KernelspecError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Installed {name} in {folder}")


@kernelspec.command("list")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def list_kernelspecs(as_json: bool) -> None:
    """List the kernelspecs that start an rdit kernel, and the Python that each one starts."""
    from rdit.kernelspec_install import rdit_kernelspecs

    found = rdit_kernelspecs()
    if as_json:
        import json

        click.echo(json.dumps([spec.to_dict() for spec in found], indent=2))
        return
    if not found:
        click.echo("No rdit kernel is known to Jupyter here; `rdit kernelspec install` installs one.")
    width = max((len(spec.name) for spec in found), default=0) + 2
    for spec in found:
        note = "" if spec.is_usable else click.style("  (not there)", fg="red")
        click.echo(f"{spec.name:<{width}}{spec.display_name}")
        click.echo(f"{'':<{width}}{spec.folder}")
        click.echo(f"{'':<{width}}{spec.python}{note}")


@kernelspec.command()
@click.argument("names", nargs=-1, metavar="[NAME...]")
def remove(names: tuple[str, ...]) -> None:
    """Remove rdit's kernelspec, or those called NAME. The kernelspecs of other kernels are left alone."""
    from rdit.kernelspec_install import KernelspecError, remove_kernelspec

    for name in names or ("rdit",):
        try:
            click.echo(f"Removed {name} from {remove_kernelspec(name)}")
        except KernelspecError as error:
            raise click.ClickException(str(error)) from error

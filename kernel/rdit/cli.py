"""The command line `rdit`: what can be said, and who does it. Each command imports what it needs when it runs."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from rdit import __version__

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_COMPLETION = """\b
Completion of commands, options and file names:
  bash  eval "$(_RDIT_COMPLETE=bash_source rdit)"   in ~/.bashrc
  zsh   eval "$(_RDIT_COMPLETE=zsh_source rdit)"    in ~/.zshrc
  fish  _RDIT_COMPLETE=fish_source rdit | source    in ~/.config/fish/completions/rdit.fish
"""


# How help and usage call it.
_FILE = "FILE"


def main() -> NoReturn:
    """The entry point. Leaves with the program's exit status, or one that tells what went wrong."""
    try:
        status = commands.main(prog_name="rdit", standalone_mode=False)
    except click.ClickException as error:
        if isinstance(error, click.NoSuchOption) and error.ctx is not None:
            whose = {run: "The program's", open_file: "JupyterLab's"}.get(error.ctx.command)
            if whose is not None:
                error = click.UsageError(f"{error.format_message()} {whose} own options follow `--`.", error.ctx)
        error.show()
        status = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        status = 130
    sys.exit(status)


class _Commands(click.Group):
    """Opens a file that is given in place of a command, and knows that a reader may have seen enough."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # As any filter leaves in `rdit run script.py | head`.
            from rdit.console import leave_quietly

            leave_quietly()
            return 141

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        # An option before the file, as in `rdit --no-browser script.py`, is left to who opens the file.
        is_for_file = bool(args) and args[0].partition("=")[0] in {
            name for each in open_file.params for name in each.opts
        }
        return super().parse_args(ctx, ["--", *args] if is_for_file else args)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if self.get_command(ctx, args[0]) is None and _looks_like_a_file(args[0]):
            return _FILE, open_file, args
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        return super().shell_complete(ctx, incomplete) or [CompletionItem(incomplete, type="file")]

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        return ["FILE | COMMAND", "[OPTIONS]", "[-- ARGS...]"]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("File"):
            formatter.write_dl([(_FILE, f"{open_file.short_help}  `rdit {_FILE} --help` tells how.")])
        super().format_commands(ctx, formatter)


def _looks_like_a_file(word: str) -> bool:
    """Whether ``word``, which is no command, means a file: by its name, since it is there, or as help writes it."""
    return word == _FILE or word.startswith("--") or word.endswith((".py", ".ipynb")) or Path(word).exists()


class _TakesTheRest(click.Command):
    """Takes everything after ``--`` as it stands, whatever options are in it."""

    def __init__(self, *args: Any, usage: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._usage = usage

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if "--" in args:
            end = args.index("--")
            ctx.meta[__name__] = tuple(args[end + 1 :])
            args = args[:end]
        return super().parse_args(ctx, args)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        return self._usage


def _rest(ctx: click.Context) -> tuple[str, ...] | None:
    """What followed ``--``; None where there was none."""
    rest: tuple[str, ...] | None = ctx.meta.get(__name__)
    return rest


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


# Not one of the commands: the file is what is said.
@click.command(
    cls=_TakesTheRest,
    usage=["[OPTIONS]", "[-- JUPYTERLAB'S OPTIONS...]"],
    short_help="Open a script or a notebook in JupyterLab.",
)
@click.argument("file", type=click.Path(), metavar="FILE")
@click.option("--new", "is_new", is_flag=True, help="Make FILE if it is not there.")
@click.option("--no-browser", is_flag=True, help="Only tell the address to open.")
@click.option(
    "--port", type=click.IntRange(0, 65535), help="Listen on this port.  [default: 8888 or the next free one]"
)
@click.option("--page", "is_page", is_flag=True, help="Show a script in a small page that follows it as you save it.")
@click.pass_context
def open_file(ctx: click.Context, file: str, is_new: bool, no_browser: bool, port: int | None, is_page: bool) -> None:
    """Open FILE in JupyterLab: a script in an editor, connected to an rdit kernel, or a notebook.

    JupyterLab shows the current folder if FILE lies in it, and FILE's folder if not. Ctrl+C ends it with its kernels.

    With --page, or without JupyterLab, a script is shown in a page with what each statement did beside its lines. Edit
    it where you like: the page follows the file.
    """
    from rdit.lab import LabMissing, Opened, has_lab, lab_options, require_lab, run_lab, server_options
    from rdit.script_page import ServerMissing, has_server, page_options, require_server, run_page

    opened = Opened.beside(file, Path.cwd())
    if is_page and opened.is_notebook:
        raise click.UsageError(f"--page shows a script; `rdit {file}` opens a notebook in JupyterLab.")
    is_page = is_page or (not opened.is_notebook and not has_lab() and has_server())
    try:
        (require_server if is_page else require_lab)(file)
        if is_new:
            opened.make()
    except (LabMissing, ServerMissing) as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"expected to make {file!r}, but: {error.strerror}") from error
    if not opened.file.is_file():
        found = "a folder" if opened.file.is_dir() else f"no such file; `rdit {file} --new` makes it"
        raise click.UsageError(f"expected a script or a notebook, but {file!r} is {found}.")
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    options_of, start = (page_options, run_page) if is_page else (lab_options, run_lab)
    told = server_options(opened, port=port, is_root=is_root, others=_rest(ctx) or ())
    start([*options_of(opened, opens_browser=not no_browser), *told])


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


@commands.command(
    cls=_TakesTheRest,
    usage=["[OPTIONS]", "[CONNECTION_FILE | -- COMMAND...]"],
    short_help="Show what each statement does in a kernel that others use.",
)
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

    command = _rest(ctx)
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

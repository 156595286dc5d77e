"""The command ``flow``: from an app's file to a page."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

import click

from flow.dev.completing import complete_app

NO_WRAP = "\b\n"  # has click leave the lines of a paragraph as they are
EXAMPLES = f"""{NO_WRAP}Examples:
  flow new shop                  a project to begin with
  flow dev app.py                a page that follows every edit
  flow build app.py -o dist      a page for any web server

{NO_WRAP}Completion of commands, options and apps, for .bashrc, .zshrc or config.fish:
  eval "$(_FLOW_COMPLETE=bash_source flow)"
  eval "$(_FLOW_COMPLETE=zsh_source flow)"
  _FLOW_COMPLETE=fish_source flow | source

Exit codes: 0 done, 1 failed, 2 wrong use."""
DEV_EXAMPLES = f"""{NO_WRAP}Examples:
  flow dev app:App
  flow dev shop/app.py --port 9000
  flow dev app.py --no-open"""
BUILD_EXAMPLES = f"""{NO_WRAP}Examples:
  flow build app.py
  flow build lesson.ipynb
  flow build app.py -o site --title "Tea shop\""""
NEW_EXAMPLES = f"""{NO_WRAP}Examples:
  flow new shop
  flow new ~/projects/tea-shop"""


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, epilog=EXAMPLES)
@click.version_option(package_name="sideflow", prog_name="flow")
def cli() -> None:
    """flow: pages in plain Python."""


@cli.command(short_help="Make a page for any web server of an app.", epilog=BUILD_EXAMPLES)
@click.argument("app", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--output", "-o", type=click.Path(file_okay=False, path_type=Path), default=Path("dist"), show_default=True,
    help="The folder to build into.",
)  # fmt: skip
@click.option("--component", "-c", help="What the page shows, else that in flow.run(…), App, or the only component.")
@click.option("--title", "-t", help="The title of the page, else made of the file's name.")
@click.option(
    "--pyodide", type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder with Pyodide, as `npm install pyodide` makes one. [env: FLOW_PYODIDE]",
)  # fmt: skip
@click.option(
    "--find-links", "links", type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of wheels, for packages that [tool.flow] of pyproject.toml lists.",
)  # fmt: skip
@click.option("--no-index", "offline", is_flag=True, help="Look for those packages nowhere else.")
def build(
    app: Path,
    output: Path,
    component: str | None,
    title: str | None,
    pyodide: Path | None,
    links: Path | None,
    offline: bool,
) -> None:
    """Build APP, a file with components or a notebook, into a page that runs in the visitor's browser.

    The output is for any web server, and holds nothing that stays on the server: that is in a folder beside it.
    """
    from flow.build.builder import PRIVATE, BuildError, FlowBuilder
    from flow.compiler import SplitError

    began = perf_counter()
    click.echo(f"Building {app}")
    try:
        builder = FlowBuilder(output, component=component, title=title, pyodide=pyodide, links=links, offline=offline)
        made = builder.build(app)
    except (BuildError, SplitError) as error:
        raise click.ClickException(str(error)) from None
    except SyntaxError as error:
        raise click.ClickException(f"{error.filename}:{error.lineno}: {error.msg}") from None
    for warning in made.warnings:
        click.secho(f"Warning: {warning}", fg="yellow", err=True)
    module, name = made.entry
    click.echo(f"Shows {module}.{name}")
    for part, size in made.sizes.items():
        zipped = f"{made.zipped[part] / 1024:,.1f} KB zipped" if part in made.zipped else ""
        place = f"{made.server}  (for the server alone, not for visitors)" if part == PRIVATE else str(output / part)
        click.echo(f"  {size / 1024:10,.1f} KB {zipped:>20}  {place}")
    click.echo(f"Build complete in {perf_counter() - began:.1f} s: {made.html_shell}")


@cli.command(short_help="Serve an app on this machine, and follow its files.", epilog=DEV_EXAMPLES)
@click.argument("app", shell_complete=complete_app)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", "-p", type=click.IntRange(0, 65535), help="The port; else the first that is free from 8000 on.")
@click.option("--open/--no-open", "opens", default=True, help="Whether to open the page in the browser.")
def dev(app: str, host: str, port: int | None, opens: bool) -> None:
    """Serve APP on this machine, and follow its files: an edit is on the page at once, and signals keep their values.

    APP is a module and the component in it, or a file: app:App, app.py, app.py:App. Ctrl+C ends.
    """
    from flow.dev.target import TargetError, parse

    try:
        target = parse(app, Path.cwd())
    except TargetError as error:
        raise click.BadParameter(str(error), param_hint="APP") from None
    try:
        from flow.dev.program import PortError, serve
    except ModuleNotFoundError as error:
        raise click.ClickException(f"{error}. Serving needs more: pip install 'sideflow[server]'") from None
    try:
        serve(target, host=host, port=port, opens=opens)
    except TargetError as error:
        raise click.BadParameter(str(error), param_hint="APP") from None
    except PortError as error:
        raise click.ClickException(str(error)) from None


@cli.command(short_help="Make a project to begin with.", epilog=NEW_EXAMPLES)
@click.argument("name", type=click.Path(path_type=Path))
def new(name: Path) -> None:
    """Make a project in a new folder: an app, its tests and what describes it."""
    from flow.dev.new import BadNameError, ProjectError, make

    try:
        made = make(name.expanduser())
    except BadNameError as error:
        raise click.BadParameter(str(error), param_hint="NAME") from None
    except (ProjectError, OSError) as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"Made {name}: {', '.join(path.relative_to(name.expanduser()).as_posix() for path in made)}")
    click.echo(f"Next:\n  cd {name}\n  flow dev app.py\n  python -m pytest\n  flow build app.py")


def main() -> None:
    """Run the command."""
    cli(prog_name="flow")


if __name__ == "__main__":
    main()

"""FlowBuilder: an app's file becomes a folder.

    dist/index.html     the page
    dist/client/        the page's half of the app's modules; of the entry as <name>_client.py
    dist/assets/        what loads it: flow's browser half, Python. Their names have digests in them
    dist/flow-service.js    keeps all that for the next visit
    dist/server/        a word on where the server's half is
    dist-server/        the server's half: the app's modules as they are. Not for visitors, and so not in dist

A page asks for nothing outside of the first four. ``create_app(App, client=dist)`` serves no more than these.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from flow.build import data, fetching, packages, service
from flow.build.assets import write_assets
from flow.build.entry import shown_in
from flow.build.errors import BuildError
from flow.build.notebook import SHOWN, SUFFIX
from flow.build.notebook import read as read_notebook
from flow.build.output import Output, digest, size, zipped_size
from flow.build.page import File, page
from flow.build.picture import NoPicture, taken
from flow.build.pyodide import find
from flow.build.remarks import import_places, is_nowhere, remarks, root_of
from flow.build.server_half import POINTERS, folder_of, write_server
from flow.compiler import Split, split
from flow.compiler.rules import Rules

__all__ = ["BuildError", "BuildResult", "FlowBuilder"]

PUBLIC: Final = ("index.html", service.NAME, "client", "assets")
PRIVATE: Final = POINTERS
MARK: Final = ".flow-build"  # the file that says whose the folder is


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What was made. ``warnings`` are the split's doubts and why there is no picture; ``sizes`` bytes by folder."""

    server_bundle: Path  # the entry, in the server's half
    client_bundle: Path
    html_shell: Path
    output_dir: Path
    entry: tuple[str, str]
    warnings: tuple[str, ...]
    sizes: dict[str, int]
    zipped: dict[str, int]  # as servers that compress send it

    @property
    def server(self) -> Path:
        """The folder of the server's half."""
        return self.server_bundle.parent


class FlowBuilder:
    """Builds apps into a folder.

    ``pyodide`` names the folder with Pyodide, which is looked for without it; ``component`` what of the entry is shown:
    without it that in ``flow.run(…)``, ``App``, or the only component. Packages that the project lists are looked for
    in ``links``, a folder of wheels, too; ``offline``: nowhere else.
    """

    def __init__(
        self,
        output_dir: Path,
        *,
        pyodide: Path | None = None,
        component: str | None = None,
        title: str | None = None,
        links: Path | None = None,
        offline: bool = False,
    ) -> None:
        self.output_dir = Path(output_dir)
        self._output, self._private = Output(self.output_dir), Output(folder_of(self.output_dir))
        self._pyodide, self._component, self._title = pyodide, component, title
        self._links, self._is_offline = links, offline

    def prepare(self) -> None:
        """Make the folder. What an earlier build left in its parts is taken away; what somebody else did is not."""
        for each, names in ((self._output, (*PUBLIC, PRIVATE)), (self._private, ("",))):
            theirs = [name or "files" for name in names if each.size(name)]
            if theirs and not (each.folder / MARK).exists():
                raise BuildError(
                    f"{each.folder} holds {', '.join(theirs)}, which no build made and this one would replace. "
                    "Choose another folder: --output FOLDER"
                )
        shutil.rmtree(self._private.folder, ignore_errors=True)
        for each in (self._output, self._private):
            each.write(MARK, b"flow build made this folder, and replaces what is in it.\n")
        for name in (PRIVATE, "client", "assets"):
            shutil.rmtree(self.output_dir / name, ignore_errors=True)
            (self.output_dir / name).mkdir()

    def build(self, source: Path) -> BuildResult:
        """Build an app by its entry's file, or a notebook. Raises ``BuildError``, ``SplitError`` and ``SyntaxError``.

        Nothing is written before it is known that the app can be split.
        """
        source = Path(source)
        if not source.is_file():
            raise BuildError(f"{source} is not there: an app is built by the file of its entry")
        notebook = read_notebook(source) if source.suffix == SUFFIX else None
        found = notebook.split() if notebook else split(source)
        name = self._component or (SHOWN if notebook else shown_in(source))
        pyodide = find(self._pyodide, source.resolve().parent)
        root = root_of(source, found)
        rules = Rules.of_project(root)
        files = data.files_of(rules, root)
        fetched = fetching.fetched(rules.packages, pyodide.python, links=self._links, offline=self._is_offline)
        said = notebook.with_cells if notebook else str
        imported = packages.sorted_out(found.packages, pyodide, fetched)
        places = {each: said(place) for each, place in import_places(found, root).items()}
        wheels = packages.files_of(imported.built, pyodide, places)
        others = packages.files_of_installed(imported.installed, places) | fetched
        self.prepare()
        server = write_server(self._output, self._private, source, files, notebook)
        modules = self._write_client(found)
        data_files = self._write_files(files)
        assets = write_assets(self._output, found, pyodide, wheels, others)
        setup = assets.setup
        setup |= {"modules": modules, "files": data_files, "entry": (found.entry, name)}
        setup["packages"] = [*imported.built.values()]
        setup["size"] += sum(self._output.size(each["url"]) for each in (*modules, *data_files))
        picture, warnings = self._picture(found, name, files | fetched)
        title = self._title or (notebook.title if notebook else "") or _title(found.entry)
        shell = self.output_dir / "index.html"
        shell.write_text(page(title, picture, setup, loader=assets.loader, style=assets.style), encoding="utf-8")
        service.write_service(self._output, shell, [each["url"] for each in (*modules, *data_files)])
        warnings = [
            *map(str, found.warnings),
            *(is_nowhere(each, places) for each in imported.unknown),
            *remarks(found, root, files),
            *data.doubts(files),
            *assets.warnings,
            *warnings,
        ]
        return BuildResult(
            server_bundle=server,
            client_bundle=self.output_dir / "client" / _client_path(found, found.entry),
            html_shell=shell,
            output_dir=self.output_dir,
            entry=(found.entry, name),
            warnings=(*(notebook.warnings if notebook else ()), *map(said, warnings)),
            sizes={each: self._output.size(each) for each in PUBLIC} | {PRIVATE: size(self._private.folder)},
            zipped={each: zipped_size(self.output_dir / each) for each in PUBLIC},
        )

    # -- The parts

    def _write_client(self, found: Split) -> list[File]:
        files: list[File] = []
        for name, text in sorted(found.sources.items()):
            content = text.encode()
            path = f"client/{_client_path(found, name).as_posix()}"
            self._output.write(path, content)
            files.append({"url": f"{path}?{digest(content)}", "file": found.paths[name].as_posix()})
        return files

    def _write_files(self, files: Mapping[str, bytes]) -> list[File]:
        return [
            {"url": f"{self._output.write(f'client/{name}', content)}?{digest(content)}", "file": name}
            for name, content in files.items()
        ]

    def _picture(self, found: Split, name: str, files: Mapping[str, bytes]) -> tuple[str, list[str]]:
        with TemporaryDirectory() as folder:
            for each, text in found.sources.items():
                path = Path(folder) / found.paths[each]
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            for each, content in files.items():
                Output(Path(folder)).write(each, content)
            try:
                return taken(Path(folder), found.entry, name), []
            except NoPicture as error:
                said = str(error).replace(folder, "client")
                return "", [f"the page shows nothing while it loads, for {name} could not be drawn here: {said}"]


def _client_path(found: Split, name: str) -> Path:
    """Where a module is below ``client``. That of the entry says that it is not the entry itself."""
    path = found.paths[name]
    return path.with_stem(f"{path.stem}_client") if name == found.entry else path


def _title(module: str) -> str:
    return module.rpartition(".")[2].replace("_", " ").capitalize()

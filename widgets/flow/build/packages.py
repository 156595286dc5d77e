"""What a page imports besides the app's own modules: where each comes from.

Python's own modules are in Pyodide. flow and sidekick come as archives of what a page needs of them. What Pyodide has
built comes from its folder. Other packages come from this Python, if they are of Python alone.
"""

from __future__ import annotations

import io
import re
import sys
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution, packages_distributions
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from flow.build.errors import BuildError
from flow.build.pyodide import Pyodide

OURS: Final = ("flow", "sidekick")
OF_OURS: Final = {"sidekick": ("markdown-it-py", "tinycss2")}  # what they import when it is wanted
_NOT_IN_PAGES: Final = frozenset(  # of flow: what needs a server, a kernel or an author
    (
        "build",
        "cli.py",
        "compiler",
        "dev",
        "layout",
        "server/app.py",
        "server/arguments.py",
        "server/calls.py",
        "server/guards.py",
        "shell_channel.py",
        "static",
        "widget.py",
    )
)
_BINARY: Final = (".so", ".pyd", ".dylib", ".dll")
_NAME: Final = re.compile(r"[\w.-]+")
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the same archive of the same files


def files_of_ours(name: str) -> dict[str, bytes]:
    """flow or sidekick, as far as pages need them."""
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise BuildError(f"the page imports {name}, which this Python does not have")
    root = Path(spec.submodule_search_locations[0])
    return {
        f"{name}/{path.relative_to(root).as_posix()}": path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not _is_left_out(path.relative_to(root))
    }


def files_of_installed(installed: Mapping[str, str], places: Mapping[str, str]) -> dict[str, bytes]:
    """Distributions of this Python with what they require, which have to be of Python alone."""
    found: dict[str, Path] = {}
    for top, name in installed.items():
        for each in _with_requirements([name]):
            for path in each.files or ():
                if path.suffix in _BINARY:
                    raise BuildError(
                        f"{_at(top, places)}the page imports {each.name}, which is not of Python alone, and this "
                        "Pyodide has not built it: call it in an @rpc function, which stays on the server"
                    )
                if ".." not in path.parts and "__pycache__" not in path.parts and not path.name.endswith(".pth"):
                    found[path.as_posix()] = Path(str(each.locate_file(path)))
    return {name: path.read_bytes() for name, path in sorted(found.items()) if path.is_file()}


@dataclass(frozen=True, slots=True)
class Imported:
    """Of the packages that a page imports: those that Pyodide has built, distributions of this Python, and the rest.

    By what they are imported as.
    """

    built: dict[str, str]
    installed: dict[str, str]
    unknown: list[str]


def sorted_out(imported: Collection[str], pyodide: Pyodide, fetched: Collection[str] = ()) -> Imported:
    """Where packages come from. Ours are left out, as is what Pyodide's Python has, and what is among fetched files."""
    by_import = {name: key for key, package in pyodide.packages.items() for name in package["imports"]}
    distributions = packages_distributions()
    there = {*OURS, *sys.stdlib_module_names, *(name.partition("/")[0].removesuffix(".py") for name in fetched)}
    found = Imported({}, {}, [])
    for top in sorted({name.partition(".")[0] for name in imported} - there):
        if top in by_import:
            found.built[top] = by_import[top]
        elif top in distributions:
            found.installed[top] = distributions[top][0]
        else:
            found.unknown.append(top)
    found.installed.update({each: each for name in OURS if name in imported for each in OF_OURS.get(name, ())})
    return found


def files_of(built: Mapping[str, str], pyodide: Pyodide, places: Mapping[str, str]) -> list[Path]:
    """The files of packages that Pyodide has built, with those of what they need."""
    found: dict[Path, None] = {}
    for top, key in built.items():
        files = _with_needed(key, pyodide)
        if missing := sorted(path.name for path in files if not path.is_file()):
            raise BuildError(
                f"{_at(top, places)}the page imports {top}, and {pyodide.folder} lacks {', '.join(missing)}. npm's "
                f"package has only Python itself: unpack Pyodide {pyodide.version}'s full distribution, and name its "
                "folder with --pyodide FOLDER. Or use it in @rpc functions, which stay on the server"
            )
        found |= dict.fromkeys(files)
    return sorted(found)


def _with_needed(key: str, pyodide: Pyodide) -> list[Path]:
    files: dict[str, Path] = {}
    waiting = [key]
    while waiting:
        each = _normal(waiting.pop())
        package: dict[str, Any] = pyodide.packages[each]
        if each not in files:
            files[each] = pyodide.folder / package["file_name"]
            waiting.extend(package["depends"])
    return [*files.values()]


def _at(top: str, places: Mapping[str, str]) -> str:
    return f"{places[top]}: " if top in places else ""


def _is_left_out(path: Path) -> bool:
    parents = [path.as_posix(), *(each.as_posix() for each in path.parents)]
    return "__pycache__" in path.parts or not _NOT_IN_PAGES.isdisjoint(parents)


def _with_requirements(names: Iterable[str]) -> Iterator[Distribution]:
    known: set[str] = set()
    waiting = [*names]
    while waiting:
        name = _normal(waiting.pop())
        if name in known:
            continue
        known.add(name)
        try:
            found = distribution(name)
        except PackageNotFoundError:  # required on other systems only
            continue
        yield found
        for each in found.requires or ():
            if "extra ==" not in each and (match := _NAME.match(each)):
                waiting.append(match[0])


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def zipped(files: Mapping[str, bytes]) -> bytes:
    """An archive, the same for the same files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED, compresslevel=9)
    return made.getvalue()


def unzipped(archive: Path) -> dict[str, bytes]:
    """The files of an archive; none if it is no such thing."""
    if not zipfile.is_zipfile(archive):
        return {}
    with zipfile.ZipFile(archive) as opened:
        return {each.filename: opened.read(each) for each in opened.infolist() if not each.is_dir()}

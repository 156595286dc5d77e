"""``assets`` of a built page: flow's browser half, Python, and what the app imports, compiled where it can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from flow.build import packages, service
from flow.build.bytecode import Compiled, compiled, with_codes
from flow.build.closure import imported
from flow.build.output import Output, digest
from flow.build.page import Setup
from flow.build.pyodide import FILES, LIBRARY, Pyodide
from flow.compiler import Split

_LIBRARY_AT: Final = "/lib/python314.zip"  # where Pyodide has its library
_UNPACKED_AT: Final = "/library"  # as js/src/page/worker.ts has it


@dataclass(frozen=True, slots=True)
class Assets:
    """What was written: addresses."""

    setup: Setup
    loader: str
    style: str
    warnings: tuple[str, ...]


def write_assets(
    output: Output, found: Split, pyodide: Pyodide, wheels: Sequence[Path], others: Mapping[str, bytes]
) -> Assets:
    """Write them. ``wheels`` are files that Pyodide has built, ``others`` those of packages of Python alone."""
    tops = {each.partition(".")[0] for each in found.packages} | {"flow"}
    ours = {f"{name}.zip": packages.files_of_ours(name) for name in packages.OURS if name in tops}
    library = packages.unzipped(pyodide.folder / LIBRARY)
    sources = [content for files in (*ours.values(), others) for name, content in files.items() if name.endswith(".py")]
    begins = {*imported(library, [*sources, *(each.encode() for each in found.sources.values())])} if library else set()
    done = _compiled({name: library[name] for name in begins}, [*ours.values(), others], pyodide)
    archives = [output.asset(name, packages.zipped(_with(files, done))) for name, files in ours.items()]
    if others:
        archives.append(output.asset("packages.zip", packages.zipped(_with(others, done, keeps_sources=True))))
    folder = _write_pyodide(output, pyodide, wheels)
    if done.codes:
        at = output.asset("python.zip", packages.zipped(with_codes(library, done.codes, _LIBRARY_AT)))
    else:
        at = output.write(f"{folder}{LIBRARY}", (pyodide.folder / LIBRARY).read_bytes())
    loaded = (
        *archives,
        *(f"{folder}{name}" for name in (*FILES, *(each.name for each in wheels)) if name != LIBRARY),
        at,
    )
    setup: Setup = {
        "flow": output.static("flow.js"),
        "sanitizer": output.static("sanitizer.js"),
        "worker": output.static("page/worker.js"),
        "archives": archives,
        "modules": [],
        "files": [],
        "pyodide": folder,
        "library": at,
        "packages": [],
        "service": service.NAME,
        "entry": ("", ""),
        "size": sum(map(output.size, loaded)),
    }
    warnings = (
        (
            f"the page takes longer until it is alive, for its Python is not compiled: {done.missing}. "
            f"Install one of them",
        )
        if done.missing
        else ()
    )
    return Assets(setup, output.static("page/loader.js"), output.static("page/flow.css"), warnings)


def _compiled(library: Mapping[str, bytes], unpacked: Sequence[Mapping[str, bytes]], pyodide: Pyodide) -> Compiled:
    """Codes of what a page begins with. Of a Pyodide without a library, which begins nothing, there are none."""
    if not library:
        return Compiled({})
    sources = {f"{_LIBRARY_AT}/{name}": source for name, source in library.items()}
    for files in unpacked:
        sources |= {f"{_UNPACKED_AT}/{name}": source for name, source in files.items() if name.endswith(".py")}
    return compiled(sources, pyodide)


def _with(files: Mapping[str, bytes], done: Compiled, *, keeps_sources: bool = False) -> Mapping[str, bytes]:
    return with_codes(files, done.codes, _UNPACKED_AT, keeps_sources=keeps_sources)


def _write_pyodide(output: Output, pyodide: Pyodide, wheels: Sequence[Path]) -> str:
    """Write what it is of but its library, which may come compiled. The folder's name changes with what is in it."""
    contents = {name: (pyodide.folder / name).read_bytes() for name in FILES if name != LIBRARY}
    folder = f"assets/pyodide-{pyodide.version}-{digest(b''.join(contents.values()))}/"
    for name, content in contents.items():
        output.write(folder + name, content)
    for path in wheels:
        output.write(folder + path.name, path.read_bytes())
    return folder

"""The server's half of an app: its modules as they are, in a folder beside the one that visitors may read.

A web server that knows nothing of flow shows every file below ``dist`` to anyone, so no source of the server's may be
there. ``dist/server/app.py`` is for those who look for it there: it says where the half is, and becomes it when it is
run or imported where both folders are.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from flow.build.notebook import Notebook
from flow.build.output import Output
from flow.compiler.project import Project

POINTERS: Final = "server"
_POINTER: Final = """\
# The server's half of this app is not here, where a web server may show it to anyone, but beside: in {folder!r}.
# Run or imported where both folders are, this file becomes {name!r} of that folder.

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

_file = Path(__file__).resolve().parents[2] / {folder!r} / {name!r}
if not _file.is_file():
    raise FileNotFoundError(f"the server's half of this app has to be beside its page, as it was built: {{_file}}")
sys.path.insert(0, str(_file.parent))
_spec = spec_from_file_location(__name__, _file)
sys.modules[__name__] = _module = module_from_spec(_spec)
_spec.loader.exec_module(_module)
"""


def folder_of(output: Path) -> Path:
    """Where the server's half is: ``dist-server`` for ``dist``."""
    whole = output.resolve()
    return whole.with_name(f"{whole.name}-server")


def write_server(
    output: Output, private: Output, source: Path, files: Mapping[str, bytes], notebook: Notebook | None = None
) -> Path:
    """Write the modules below the entry's folder that are imported, and files of the app's data."""
    root = source.resolve().parent
    project = Project(root)
    entry = notebook.add_to(project).name if notebook else project.name_of(source)
    for path in _modules_of(project, entry):
        private.write(path.relative_to(root).as_posix(), path.read_bytes())
    for name, content in files.items():
        private.write(name, content)
    file = f"{entry}.py" if notebook else source.name
    if notebook:
        private.write(file, notebook.source.encode())
    pointer = _POINTER.format(folder=private.folder.name, name=file)
    output.write(f"{POINTERS}/{file}", pointer.encode())
    return private.folder / file


def _modules_of(project: Project, entry: str) -> Iterable[Path]:
    """The files of the modules of a project that an app imports, as far as its sources name them."""
    known: set[str] = set()
    waiting = [entry]
    while waiting:
        name = waiting.pop()
        if not name or name in known:
            continue
        known.add(name)
        waiting.append(name.rpartition(".")[0])  # a package runs before what is in it
        module = project.find(name)
        for node in ast.walk(module.tree) if module is not None else ():
            if isinstance(node, ast.Import):
                waiting += [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and module is not None:
                base = module.imported_from(node)
                waiting += [base, *(f"{base}.{alias.name}" for alias in node.names)]
    return [path.resolve() for path in project.files]

"""How long after an author saves a file the page of ``flow dev`` is told of the edit, in small and in large apps.

    python benchmarks/dev.py

From the write of the file to the patch on the page's WebSocket: finding the edit, running the modules, the new tree and
its difference from the old one. The page then shows it in its next frame.
"""

from __future__ import annotations

import json
import re
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from tempfile import TemporaryDirectory

from websockets.sync.client import connect

TIMES = 21
APP = """\
from flow import Signal, component, use_signal
from flow.ui import Button, Div, Text
{imports}
count = Signal(0)


@component
def Row(k):
    n = use_signal(k)
    with Div() as root:
        Text(lambda: f"row {{n.value}}")
        Button("more", on_click=lambda: n.update(lambda n: n + 1))
    return root


@component
def App():
    with Div() as root:
        Text("edit 0")
        for k in range({rows}):
            Row(k, key=k)
    return root
"""


def measured(rows: int, modules: int) -> list[float]:
    """Milliseconds from each save to its patch. Of the modules only the entry is edited."""
    with TemporaryDirectory() as folder:
        for k in range(modules):
            Path(folder, f"part{k}.py").write_text("from flow import Signal\nvalue = Signal(0)\n")
        source = APP.format(rows=rows, imports="\n".join(f"import part{k}" for k in range(modules)))
        Path(folder, "app.py").write_text(source)
        command = [sys.executable, "-m", "flow.cli", "dev", "app.py", "--no-open", "--port", "0"]
        with subprocess.Popen(
            command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as process:
            try:
                assert process.stdout is not None
                found = re.search(r"http://\S+", process.stdout.readline())
                assert found is not None
                return _times(found[0], Path(folder, "app.py"), source)
            finally:
                process.kill()


def _times(url: str, file: Path, source: str) -> list[float]:
    html = urllib.request.urlopen(url).read().decode()
    token = json.loads(html.partition('id="flow-setup">')[2].partition("</script>")[0])["page"]
    times = []
    with connect(f"{url.replace('http', 'ws')}_flow/live?page={token}", proxy=None) as way:
        way.send(json.dumps({"kind": "ready", "page": "p", "revision": -1}))
        revision = _until(way, "snapshot")["revision"]
        for edit in range(1, TIMES + 1):
            time.sleep(0.3)  # an author is slower
            began = time.perf_counter()
            file.write_text(source.replace("edit 0", f"edit {edit}"))
            revision = _until(way, "patch")["revision"]
            times.append(1000 * (time.perf_counter() - began))
            way.send(json.dumps({"kind": "ack", "page": "p", "revision": revision}))
    return times


def _until(way, kind: str) -> dict:  # type: ignore[no-untyped-def,type-arg]
    while True:
        message = json.loads(way.recv(30))
        if message["kind"] == kind:
            return message  # type: ignore[no-any-return]


def main() -> None:
    """Print a table."""
    print("rows  other modules  median ms  largest ms")
    for rows, modules in ((10, 0), (10, 50), (1000, 0)):
        times = measured(rows, modules)
        print(f"{rows:4}  {modules:13}  {statistics.median(times):9.0f}  {max(times):10.0f}")


if __name__ == "__main__":
    main()

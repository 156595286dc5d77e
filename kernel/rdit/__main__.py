"""`python -m rdit`: the kernel when asked for one, the command line otherwise.

The kernel is started here without importing the command line. Before anything else is imported the current directory
leaves ``sys.path``: a `random.py` beside a notebook or a script must not take the place of the standard library's while
rdit loads. IPython and `rdit run` put the directory back for the user's own imports.
"""

from __future__ import annotations

import gc
import sys


def main() -> None:
    if sys.path[:1] == [""] or sys.path[:1] == [_cwd()]:
        del sys.path[0]
    if sys.argv[1:2] == ["kernel"]:
        del sys.argv[1]
        # Importing makes only what stays. `RditKernelApp.start` switches the collector on again.
        gc.disable()
        from rdit.lazy_packages import stand_in

        connect = "jupyter_client.connect"
        stand_in("jupyter_client", write_connection_file=connect, find_connection_file=connect)
        from rdit.app import RditKernelApp

        RditKernelApp.launch_instance()
    else:
        from rdit.cli import main as command_line

        command_line()


def _cwd() -> str:
    import os

    try:
        return os.getcwd()
    except OSError:
        return ""


if __name__ == "__main__":
    main()

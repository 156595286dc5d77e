"""Record what runs between ``start`` and ``stop`` on this thread; ``record`` does so for a text of Python."""

from __future__ import annotations

import linecache
from collections.abc import Callable, Container
from typing import Any

from sidekick.replay.recorder import Options, Recorder
from sidekick.replay.sources import Source, read_source
from sidekick.replay.steps import Recording
from sidekick.replay.tracing import make_tracer
from sidekick.replay.written import Written


class Recorded:
    """What is recorded on this thread. ``is_own`` says of the name of a file whether it is the user's code."""

    def __init__(
        self,
        source: Source,
        namespace: dict[str, Any],
        options: Options,
        is_own: Callable[[str], bool],
        hidden: Container[str] = (),
    ) -> None:
        self.recording = Recording(source)
        self._sources = {source.name: source}
        self._is_own = is_own
        self._tracer = make_tracer()
        self._written = Written()
        self._recorder = Recorder(
            self.recording,
            self._source_of,
            options,
            namespace,
            lambda: self._written.length,
            self._tracer.stop,
            hidden,
        )

    def start(self) -> None:
        """Record what begins from now on."""
        self._written.start()
        self._tracer.start(self._recorder)

    def stop(self) -> Recording:
        """Record no more. Twice is harmless."""
        self._tracer.stop()
        self._written.stop()
        self._recorder.finish()
        self.recording.output = self._written.text
        return self.recording

    def _source_of(self, name: str) -> Source | None:
        if name not in self._sources:
            if not self._is_own(name):
                return None
            self._sources[name] = read_source("".join(linecache.getlines(name)), name)
        return self._sources[name]


def record(source: str, namespace: dict[str, Any] | None = None, options: Options | None = None) -> Recording:
    """Run a text of Python and record it: ``record("x = 1\\nx += 1").steps``. Its errors are raised after that.

    ``error`` of what is raised has the recording, as ``error.recording``.
    """
    name = "<replay>"
    space = namespace if namespace is not None else {"__name__": "__main__"}
    code = compile(source, name, "exec")
    recorded = Recorded(read_source(source, name), space, options or Options(), lambda each: each == name)
    recorded.start()
    try:
        exec(code, space)
    except Exception as error:
        error.recording = recorded.stop()  # type: ignore[attr-defined]
        raise
    finally:
        recorded.stop()
    return recorded.recording

"""What a suite said of each of its tests, and where two runs of it part."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Outcome:
    """``tests`` maps each test's name to passed, skipped, failed or error; ``trouble`` tells why there are none."""

    tests: Mapping[str, str] = field(default_factory=dict)
    trouble: str = ""

    @property
    def summary(self) -> str:
        if self.trouble:
            return self.trouble
        counts = Counter(self.tests.values())
        return ", ".join(f"{counts[kind]} {kind}" for kind in ("passed", "skipped", "failed", "error") if counts[kind])


@dataclass(frozen=True, slots=True)
class Comparison:
    """One suite on python3 and on rdit.

    rdit is measured by python3, or by ``truth`` where there is one. ``expected`` maps the ends of names of tests that
    may differ to the reason.
    """

    suite: str
    python3: Outcome
    rdit: Outcome
    expected: Mapping[str, str] = field(default_factory=dict)
    truth: Outcome | None = None

    @property
    def measure(self) -> Outcome:
        return self.truth or self.python3

    @property
    def differing(self) -> list[str]:
        """The tests whose outcome differs, with both outcomes and, where one is known, the reason."""
        told = []
        for name in sorted({*self.measure.tests, *self.rdit.tests}):
            theirs, ours = self.measure.tests.get(name, "missing"), self.rdit.tests.get(name, "missing")
            if theirs != ours:
                reason = self._reason(name)
                told.append(f"{name}: {theirs} -> {ours}" + (f" ({reason})" if reason else ""))
        return told

    @property
    def is_as_good(self) -> bool:
        """Whether rdit ran, and passes whatever it is measured by."""
        if self.rdit.trouble or not self.rdit.tests:
            return False
        passing = [name for name, kind in self.measure.tests.items() if kind == "passed"]
        return all(self.rdit.tests.get(name) == "passed" or self._reason(name) for name in passing)

    def _reason(self, name: str) -> str:
        return next((reason for end, reason in self.expected.items() if name.endswith(end)), "")


def read_junit(path: Path) -> Outcome:
    """The outcome that pytest wrote with ``--junitxml``. A test tried twice (flaky) counts as it ended."""
    if not path.exists():
        return Outcome(trouble="no report was written")
    tests: dict[str, str] = {}
    for case in ElementTree.parse(path).iter("testcase"):
        kinds = [child.tag for child in case if child.tag in ("failure", "error", "skipped")]
        name = f"{case.get('classname')}::{case.get('name')}"
        tests[name] = {"failure": "failed"}.get(kinds[0], kinds[0]) if kinds else "passed"
    return Outcome(tests) if tests else Outcome(trouble="no tests ran")

"""What the split has to say of an app: errors, where a component reaches the server, and doubts."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from flow.errors import FlowError

Kind: TypeAlias = Literal["server", "error", "doubt"]
"""Of a finding: a component reaches the server; something that cannot be split; what may be wrong."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a name is in the page: a definition that reads it, at a line, and why that one is there."""

    label: str
    path: str
    line: int
    before: Reason | None = None
    node: ast.AST | None = field(default=None, compare=False)  # the definition

    @property
    def chain(self) -> tuple[str, ...]:
        """The names that lead to it, beginning with the component."""
        found: list[str] = []
        at: Reason | None = self
        while at is not None:
            if not found or found[-1] != at.label:
                found.append(at.label)
            at = at.before
        return tuple(reversed(found))


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to say, at a line of the app's: ``chain`` are the names that lead to it."""

    path: str
    line: int
    chain: tuple[str, ...]
    text: str
    kind: Kind

    def __str__(self) -> str:
        kind = "warning: " if self.kind == "doubt" else ""
        return f"{self.path}:{self.line}: {kind}{' -> '.join(self.chain)}: {self.text}"


class SplitError(FlowError):
    """An app cannot be split: a component reaches what stays on the server, say. ``findings`` are all such places."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(map(str, self.findings)))


class SplitWarning(UserWarning):
    """A page lacks what a component reaches, for it stays on the server, or may lack something."""

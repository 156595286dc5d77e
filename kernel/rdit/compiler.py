"""The kernel's compiler: it parses a cell once, and names it fast.

A cell's file name is a hash of its text that the front end computes too, to set breakpoints. ipykernel computes it a
character at a time, some 5 ms for a thousand lines; here it is a word at a time.
"""

from __future__ import annotations

import ast
import os
import struct
from typing import Any

from ipykernel.compiler import XCachingCompiler, get_tmp_directory, get_tmp_hash_seed

_MULTIPLIER = 0x5BD1E995
_MASK = 0xFFFFFFFF


def murmur2(data: bytes, seed: int) -> int:
    """The 32 bit MurmurHash2 of Austin Appleby, as ipykernel and JupyterLab compute it."""
    length = len(data)
    whole = length & ~3
    h = (seed ^ length) & _MASK
    for word in struct.unpack(f"<{whole // 4}I", data[:whole]):
        k = word * _MULTIPLIER & _MASK
        h = (h * _MULTIPLIER & _MASK) ^ ((k ^ k >> 24) * _MULTIPLIER & _MASK)
    rest = data[whole:]
    if rest:
        h = (h ^ int.from_bytes(rest, "little")) * _MULTIPLIER & _MASK
    h = (h ^ h >> 13) * _MULTIPLIER & _MASK
    return h ^ h >> 15


class RditCompiler(XCachingCompiler):
    """ipykernel's compiler, with the tree of the source it parsed last kept until it is asked for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._parsed: tuple[tuple[str, str, str, int], ast.AST] | None = None

    def ast_parse(self, source: str, filename: str = "<unknown>", symbol: str = "exec") -> ast.AST:
        key = (source, filename, symbol, self.flags)
        parsed, self._parsed = self._parsed, None
        if parsed is not None and parsed[0] == key:
            # Given away: an AST transformer may change it.
            return parsed[1]
        return super().ast_parse(source, filename, symbol)

    def parse_ahead(self, source: str, filename: str) -> None:
        """Parse now what `ast_parse` will be asked for. Raises what it would raise."""
        tree = super().ast_parse(source, filename, "exec")
        self._parsed = ((source, filename, "exec", self.flags), tree)

    def get_code_name(self, raw_code: str, transformed_code: str, number: int) -> str:
        name = os.environ.get("IPYKERNEL_CELL_NAME")
        if name is not None:
            return name
        digest = murmur2(raw_code.encode("utf8", "surrogatepass"), get_tmp_hash_seed())
        return f"{get_tmp_directory()}{os.sep}{digest}.py"

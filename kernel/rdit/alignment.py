"""Which items of two sequences belong together, in order."""

from __future__ import annotations

from collections.abc import Sequence

# difflib takes time with the product of the lengths where many items are alike. Beyond this, what differs stays apart.
_MOST = 4_000_000


def aligned(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int, int]]:
    """Blocks ``(i, j, n)`` with ``before[i:i+n] == after[j:j+n]``, in order and apart. The last one is empty.

    Where both begin or end alike, that is paired first: so a long text with one change is aligned in linear time.
    """
    shortest = min(len(before), len(after))
    head = 0
    while head < shortest and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < shortest - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    middle, other = before[head : len(before) - tail], after[head : len(after) - tail]
    blocks = [(0, 0, head)] if head else []
    if len(middle) * len(other) <= _MOST:
        # Imported where it is needed: few cells ever do.
        from difflib import SequenceMatcher

        found = SequenceMatcher(None, middle, other, autojunk=False).get_matching_blocks()
        blocks += [(head + match.a, head + match.b, match.size) for match in found if match.size]
    if tail:
        blocks.append((len(before) - tail, len(after) - tail, tail))
    return [*blocks, (len(before), len(after), 0)]

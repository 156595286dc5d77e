"""Which of several things in a new order have to be moved: all but those of a longest increasing subsequence.

That is the least number of moves (Fredman 1975, by patience sorting).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence


def longest_increasing(places: Sequence[int | None]) -> set[int]:
    """The positions of a longest increasing subsequence, not counting None."""
    tops: list[int] = []  # the least last place of an increasing subsequence of each length
    ends: list[int] = []  # and its position
    previous: list[int] = [-1] * len(places)
    for at, place in enumerate(places):
        if place is None:
            continue
        if not tops or place > tops[-1]:
            previous[at] = ends[-1] if ends else -1
            tops.append(place)
            ends.append(at)
        else:
            length = bisect_left(tops, place)
            previous[at] = ends[length - 1] if length else -1
            tops[length], ends[length] = place, at
    found: set[int] = set()
    at = ends[-1] if ends else -1
    while at >= 0:
        found.add(at)
        at = previous[at]
    return found

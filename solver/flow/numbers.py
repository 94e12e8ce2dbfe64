"""The kinds of arrays that flows work on, and pairs of numbers searched as one code each."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]

NOBODY = -1
"""Stands in arrays of numbers where there is no meeting, session or channel."""
CODE = 2**32
"""A pair of numbers is coded as first * CODE + second."""


def coded(pairs: Iterable[tuple[int, int]]) -> Numbers:
    """The sorted codes of pairs of numbers."""
    return np.array(sorted(first * CODE + second for first, second in pairs), dtype=np.int64)


def among(codes: Numbers, first: Numbers, second: Numbers) -> Flags:
    """For each pair whether its code is among these sorted codes."""
    wanted = first * CODE + second
    if not len(codes):
        return np.zeros(wanted.shape, dtype=bool)
    return np.asarray(codes[np.minimum(np.searchsorted(codes, wanted), len(codes) - 1)] == wanted)

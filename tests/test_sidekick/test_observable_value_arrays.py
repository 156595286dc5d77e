"""NumPy arrays are observed by item, by slice and as a whole; so is what looks at the memory of one."""

from __future__ import annotations

from typing import Any

import pytest

from sidekick import ObservableValue, apply_change

np = pytest.importorskip("numpy")


class Following:
    """An observed array, what was told of it, and a replica that knows nothing else."""

    def __init__(self, array: Any) -> None:
        self.replica = array.copy()
        self.observed = ObservableValue[Any](array)
        self.paths: list[Any] = []
        self.observed.subscribe(self.hear)

    def hear(self, change: dict[str, Any]) -> None:
        self.paths.append(change["path"])
        self.replica = apply_change(self.replica, change)

    def is_right(self) -> bool:
        array = self.observed.get()
        return bool(array.dtype == self.replica.dtype and np.array_equal(array, self.replica, equal_nan=True))


@pytest.fixture
def grid() -> Following:
    return Following(np.arange(12.0).reshape(3, 4).copy())


def test_an_item_a_slice_a_mask_and_indexes_are_told_with_the_key(grid: Following) -> None:
    observed = grid.observed
    observed[0, 1] = 5
    observed[1:, ::2] = [[7, 8], [9, 10]]
    observed[observed > 8] = 0
    observed[[0, 2], [1, 1]] += 1
    observed[:, 1:] = observed[:, :-1]
    assert grid.paths[0] == [(0, 1)]
    assert grid.paths[1] == [(slice(1, None), slice(None, None, 2))]
    assert len(grid.paths) == 5
    assert grid.is_right()


def test_a_row_is_a_part_of_the_array_and_a_copy_is_none(grid: Following) -> None:
    observed = grid.observed
    observed[1][2] = 100
    observed[1:][0][0] = 200
    for row in observed:
        row[3] = 300
    observed.T[0][0] = 400
    observed.reshape(-1)[5] = 500
    assert grid.paths[:2] == [[1, 2], [slice(1, None), 0, 0]]
    assert grid.is_right()
    told = len(grid.paths)
    observed[[0, 1]][0] = 1
    observed.copy()[0] = 1
    (observed + 1)[0] = 1
    assert len(grid.paths) == told


def test_operators_in_place_methods_and_functions_are_told(grid: Following) -> None:
    observed = grid.observed
    steps = [
        lambda: observed.__iadd__(1),
        lambda: observed.__imul__(observed),
        lambda: observed[0].__isub__(5),
        lambda: observed[::-1].sort(axis=0),
        lambda: observed[:, 1].fill(7),
        lambda: observed[:, ::-1].partition(1),
        lambda: observed.put([0, 1], [9, 9]),
        lambda: np.add(observed, 1, out=observed),
        lambda: np.multiply.at(observed, (0, 0), 3),
        lambda: np.copyto(observed, 2),
        lambda: np.fill_diagonal(observed, 4),
        lambda: observed.byteswap(inplace=True),
        lambda: observed.resize((2, 2), refcheck=False),
    ]
    for number, step in enumerate(steps):
        told = len(grid.paths)
        step()  # type: ignore[no-untyped-call]
        assert len(grid.paths) > told, number
        assert grid.is_right(), number


def test_what_fails_raises_as_numpy_does_and_tells_nothing(grid: Following) -> None:
    observed, before = grid.observed, grid.observed.get().copy()
    with pytest.raises(IndexError, match="out of bounds"):
        observed[9] = 1
    with pytest.raises(ValueError, match="could not convert"):
        observed[0] = "text"
    with pytest.raises(ValueError, match="broadcast"):
        observed += [1, 2]
    with pytest.raises(ValueError, match="cannot delete array elements"):
        del observed[0]
    assert grid.paths == []
    assert np.array_equal(observed.get(), before)


def test_reading_an_array_gives_what_numpy_gives(grid: Following) -> None:
    observed, array = grid.observed, grid.observed.get()
    assert observed.shape == (3, 4)
    assert observed.sum() == array.sum()
    assert np.array_equal(np.asarray(observed), array)
    assert np.array_equal(np.sin(observed), np.sin(array))
    assert np.array_equal(array @ observed.T, array @ array.T)
    assert np.array_equal(array + observed, array * 2)
    assert np.array_equal(np.concatenate([observed, array]), np.concatenate([array, array]))
    assert np.array_equal(np.linalg.norm(observed, axis=0), np.linalg.norm(array, axis=0))
    assert (observed == array).all()
    assert np.mean(ObservableValue([1, 2, 3])) == 2
    assert np.asarray(ObservableValue([1, 2])).dtype == np.asarray([1, 2]).dtype
    with pytest.raises(ValueError, match="ambiguous"):
        bool(observed)


def test_an_array_inside_of_a_list_is_told_with_the_way_to_it() -> None:
    observed, paths = ObservableValue([np.zeros((2, 2))]), list[Any]()
    observed.subscribe(lambda change: paths.append(change["path"]))
    observed[0][1][0] = 5
    observed[0] += 1
    assert paths[0] == [0, 1, 0]
    assert paths[1] == [0, ...]
    assert np.array_equal(observed.get()[0], [[1, 1], [6, 1]])

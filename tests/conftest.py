"""Options of the test run."""

import gc

import pytest

from tests.compiled import compiled_once
from tests.replayed import every_store_replays, replayed
from tests.stores import databases_go, pytest_collection_modifyitems, stores_of_the_run

__all__ = [
    "compiled_once", "databases_go", "every_store_replays", "pytest_collection_modifyitems", "replayed",
    "stores_of_the_run",
]  # fmt: skip

# What a module beside the tests asserts tells its values too, as the tests themselves do.
pytest.register_assert_rewrite("tests.workflow")

# Thousands of small tests make little that waits to be collected: a twelfth of the time went into looking for it.
gc.set_threshold(100_000, 20, 100)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--benchmark",
        action="store_true",
        help="measure at full size and print the ratios (make bench); else each runs once, tiny",
    )
    parser.addoption(
        "--pictures",
        action="store_true",
        help="make the pictures of the README anew (docs/images) while the browser tests run",
    )
    parser.addoption(
        "--screenshots",
        metavar="FOLDER",
        help="keep a picture of every page at both widths there, to look at",
    )
    parser.addoption(
        "--checkers",
        metavar="FOLDER",
        help="where npm has installed the checkers of pages (make pages)",
    )
    parser.addoption(
        "--pages",
        metavar="FOLDER",
        help="keep every page there as it is served, and what Lighthouse says (make pages)",
    )
    parser.addoption(
        "--golden",
        action="store_true",
        help="write the golden files of the annual report anew (tests/golden); look at them, then commit",
    )

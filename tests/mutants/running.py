"""Runs tests on a house in which one thing is changed.

Every run is a fork of an interpreter that has the libraries loaded and nothing of the house: the fork
loads the house itself, the changed module among it, so that decorators, constants, defaults, models and
what is collected from them are changed too, and no cache is left of the unchanged house. Processes that a
test starts by itself load the house from its files and do not see the change.
"""

import ast
import gc
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import os
import pickle
import resource
import shutil
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import pytest

from tests.mutants.mutations import Mutant, is_text, mutated

LEFT_OUT = ("tests/bench", "tests/browser", "tests/workflow/service/test_model.py", "tests/mutants")
"""Slow, or about anything that anybody does: they notice much and say little about a room."""
MOST_TESTS = 250
MOST_SECONDS = 60.0
"""Of one mutant's tests, measured while they are watched. What is left out can only lower the score."""
MEMORY_BYTES = 6 * 2**30
EXAMPLES = 25
"""Of a hypothesis test, always the same ones."""
SHARED = ""
"""Stands for the tests of what runs while modules load, tests are collected or shared fixtures made."""
BROKEN = 70
MARK = "__reached__"


class HarnessBroken(Exception):
    """A run ended for a reason that lies in this package."""


@dataclass
class Known:
    """What a run of all tests on the unchanged house told.

    seconds: of each test, while watched. reached: tests by file and line. libraries: modules to load
    before forking.
    """

    seconds: dict[str, float] = field(default_factory=dict)
    reached: dict[tuple[str, int], set[str]] = field(default_factory=lambda: defaultdict(set))
    failed: list[str] = field(default_factory=list)
    libraries: list[str] = field(default_factory=list)

    def tests_for(self, mutant: Mutant) -> list[str]:
        """The tests that can notice the mutant, those that run its line first, then the fastest."""
        found = self.reached.get((mutant.path, mutant.statement), set())
        if not found:
            return []
        able = set(self.seconds) if mutant.at_import or SHARED in found else found
        if mutant.at_import:
            found = set().union(
                *(tests for (path, _), tests in self.reached.items() if path == mutant.path)
            )
        spent, chosen = 0.0, list[str]()
        for test in sorted(able, key=lambda one: (one not in found, self.seconds[one], one)):
            spent += self.seconds[test]
            if chosen and (spent > MOST_SECONDS or len(chosen) == MOST_TESTS):
                break
            chosen.append(test)
        return chosen


@dataclass(frozen=True)
class Verdict:
    """How it went: killed, timeout (killed too), survived, unreached (survived: no test runs it)."""

    mutant: Mutant
    how: str

    @property
    def killed(self) -> bool:
        return self.how in {"killed", "timeout"}


class Selection:
    """Pytest plugin: only the wanted tests in the wanted order, few examples and always the same."""

    def __init__(self, wanted: Sequence[str] | None = None) -> None:
        self.wanted = None if wanted is None else {test: n for n, test in enumerate(wanted)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        if self.wanted is not None:
            order = self.wanted
            items[:] = sorted(
                (item for item in items if item.nodeid in order), key=lambda i: order[i.nodeid]
            )
        for item in items:
            _few_examples(getattr(item, "obj", None))


def _few_examples(test: Any) -> None:
    from hypothesis import Phase, settings

    function = getattr(test, "__func__", test)
    own = getattr(function, "_hypothesis_internal_use_settings", None)
    if own is not None:
        function._hypothesis_internal_use_settings = settings(
            own,
            max_examples=min(EXAMPLES, own.max_examples),
            derandomize=True,
            database=None,
            phases=(Phase.explicit, Phase.generate),
        )


class Watch(Selection):
    """Pytest plugin: which test reaches which statements of the rooms, how long it takes, whether it
    fails. The rooms tell it themselves: they are loaded with a mark before every statement."""

    def __init__(self, root: Path, paths: set[str]) -> None:
        super().__init__()
        self.known = Known()
        self.marks: dict[str, set[int]] = {path: set() for path in paths}
        self.names = [module_name(path) for path in sorted(paths)]
        self.owner = SHARED
        for path, marked in self.marks.items():
            sys.meta_path.insert(0, Changed(root, path, with_marks, marked))

    def belongs_to(self, owner: str) -> str:
        """From now on statements are reached by the owner; by whom until now."""
        for path, lines in self.marks.items():
            for line in lines:
                self.known.reached[path, line].add(self.owner)
            lines.clear()
        before, self.owner = self.owner, owner
        return before

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        for name in self.names:
            for value in vars(sys.modules.get(name, object)).values():
                if hasattr(type(value), "cache_clear"):  # a proxy of Flask has no value now
                    value.cache_clear()
        self.belongs_to(item.nodeid)
        began = time.monotonic()
        result = yield
        self.known.seconds[item.nodeid] = time.monotonic() - began
        self.belongs_to(SHARED)
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Iterator[None]:
        if fixturedef.scope == "function":
            return (yield)
        before = self.belongs_to(SHARED)
        try:
            return (yield)
        finally:
            self.belongs_to(before)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.known.failed.append(report.nodeid)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.known.failed.append(report.nodeid)


class _Loader(importlib.machinery.SourceFileLoader):
    """Loads a module from a tree that differs from its file's."""

    def __init__(
        self, name: str, file: str, tree_of: Callable[[str], ast.Module], marked: set[int]
    ):
        super().__init__(name, file)
        self.tree_of, self.marked = tree_of, marked

    def get_code(self, fullname: str) -> CodeType:
        tree = self.tree_of(Path(self.path).read_text("utf-8"))
        return compile(tree, self.path, "exec", dont_inherit=True)

    def exec_module(self, module: ModuleType) -> None:
        setattr(module, MARK, self.marked.add)
        super().exec_module(module)


class Changed(importlib.abc.MetaPathFinder):
    """Finds one module before anybody else does, and has it loaded from another tree."""

    def __init__(
        self,
        root: Path,
        path: str,
        tree_of: Callable[[str], ast.Module],
        marked: set[int] | None = None,
    ) -> None:
        self.name, self.file = module_name(path), str(root / path)
        self.tree_of, self.marked = tree_of, set() if marked is None else marked

    def find_spec(self, name: str, *_: Any) -> importlib.machinery.ModuleSpec | None:
        if name != self.name:
            return None
        loader = _Loader(name, self.file, self.tree_of, self.marked)
        return importlib.util.spec_from_file_location(name, self.file, loader=loader)


def with_marks(source: str) -> ast.Module:
    """The module with a mark before each statement, which tells its line."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        for field_name in ("body", "orelse", "finalbody"):
            block = getattr(node, field_name, None)
            if isinstance(block, list):
                setattr(node, field_name, [part for one in block for part in _marked(one)])
    return ast.fix_missing_locations(tree)


def _marked(statement: ast.stmt) -> list[ast.stmt]:
    future = isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
    if future or is_text(statement):
        return [statement]
    mark = ast.parse(f"{MARK}({statement.lineno})").body[0]
    return [ast.copy_location(mark, statement), statement]


def _kill(pid: int) -> None:
    """End a run with every process that it started."""
    for kill in (os.killpg, os.kill):
        with suppress(ProcessLookupError):
            kill(pid, signal.SIGKILL)


def module_name(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


class Runner:
    """Runs the tests of one project.

    patience: seconds for loading the house; its tests may take three times as long as usual. scratch: a
    folder for what the runs leave behind.
    """

    def __init__(self, root: Path, tests: Sequence[str], patience: float, scratch: Path) -> None:
        self.root, self.tests, self.patience, self.scratch = root, list(tests), patience, scratch
        self.runs = 0

    def unchanged(self, paths: set[str]) -> Known:
        """Run all tests once, and load the libraries that they load."""
        told = self.scratch / "known"

        def run(folder: Path) -> int:
            watch = Watch(self.root, paths)
            code = self._pytest(watch, self.tests, folder)
            watch.known.libraries = self._libraries()
            told.write_bytes(pickle.dumps(watch.known))
            return code

        pid, folder = self._fork(run)
        _, status = os.waitpid(pid, 0)
        if not told.exists():
            raise HarnessBroken(f"status {status}\n{(folder / 'output').read_text('utf-8')}")
        known: Known = pickle.loads(told.read_bytes())
        if not known.seconds:
            raise HarnessBroken((folder / "output").read_text("utf-8"))
        shutil.rmtree(folder, ignore_errors=True)
        for name in known.libraries:
            with suppress(Exception):
                importlib.import_module(name)
        gc.freeze()
        # What the first of the following runs compiles of the house, the others find.
        sys.dont_write_bytecode, sys.pycache_prefix = False, str(self.scratch / "compiled")
        return known

    def _libraries(self) -> list[str]:
        found = []
        for name, module in list(sys.modules.items()):
            file = getattr(module, "__file__", None)
            if file and name != "__main__":
                own = Path(file).is_relative_to(self.root) and "site-packages" not in file
                if not own and getattr(module, "__spec__", None) is not None:
                    found.append(name)
        return found

    def verdicts(self, mutants: Sequence[Mutant], known: Known, jobs: int) -> Iterator[Verdict]:
        """One verdict for each mutant, as they come in."""
        running: dict[int, tuple[Mutant, float, Path]] = {}
        try:
            yield from self._verdicts(list(reversed(mutants)), running, known, jobs)
        finally:
            for pid in running:
                _kill(pid)

    def _verdicts(
        self,
        waiting: list[Mutant],
        running: dict[int, tuple[Mutant, float, Path]],
        known: Known,
        jobs: int,
    ) -> Iterator[Verdict]:
        while waiting or running:
            while waiting and len(running) < jobs:
                mutant = waiting.pop()
                tests = known.tests_for(mutant)
                if not tests:
                    yield Verdict(mutant, "unreached")
                    continue
                pid, folder = self._fork(self._changed_run(mutant, tests))
                limit = self.patience + 3 * sum(known.seconds[test] for test in tests)
                running[pid] = mutant, time.monotonic() + limit, folder
            time.sleep(0.02)
            for pid, (mutant, until, folder) in list(running.items()):
                how = self._ended(pid, until, folder)
                if how is not None:
                    del running[pid]
                    shutil.rmtree(folder, ignore_errors=True)
                    yield Verdict(mutant, how)

    def _changed_run(self, mutant: Mutant, tests: list[str]) -> Callable[[Path], int]:
        def run(folder: Path) -> int:
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
            change = partial(mutated, number=mutant.number)
            sys.meta_path.insert(0, Changed(self.root, mutant.path, change))
            files = sorted({test.split("::", 1)[0] for test in tests})
            return self._pytest(Selection(tests), files, folder)

        return run

    def _ended(self, pid: int, until: float, folder: Path) -> str | None:
        """What became of a run; None while it goes on."""
        done, status = os.waitpid(pid, os.WNOHANG)
        if not done and time.monotonic() < until:
            return None
        _kill(pid)
        if not done:
            os.waitpid(pid, 0)
            return "timeout"
        code = os.waitstatus_to_exitcode(status)
        if code == BROKEN:
            raise HarnessBroken((folder / "output").read_text("utf-8"))
        return "survived" if code in {0, pytest.ExitCode.NO_TESTS_COLLECTED} else "killed"

    def _fork(self, work: Callable[[Path], int]) -> tuple[int, Path]:
        self.runs += 1
        folder = self.scratch / f"run{self.runs}"
        folder.mkdir()
        sys.stdout.flush()
        pid = os.fork()
        if pid:
            return pid, folder
        code = BROKEN
        try:
            os.setsid()
            # Begun in the background, this ignores Ctrl-C; what a test starts must not.
            signal.signal(signal.SIGINT, signal.default_int_handler)
            output = os.open(folder / "output", os.O_WRONLY | os.O_CREAT)
            os.dup2(output, 1)
            os.dup2(output, 2)
            code = int(work(folder))
        finally:
            if code == BROKEN:
                sys.excepthook(*sys.exc_info())
                sys.stderr.flush()
            os._exit(code)

    def _pytest(self, plugin: Selection, tests: Sequence[str], folder: Path) -> int:
        first = () if isinstance(plugin, Watch) else ("-x",)
        ignored = [f"--ignore={name}" for name in LEFT_OUT]
        options = ["-q", "--tb=no", "-p", "no:cacheprovider", "-m", "not browser"]
        os.environ["TESTS_KEEP"] = "no"  # a kept store was made by the unchanged house
        seed = ["--hypothesis-seed=0", f"--rootdir={self.root}", f"--basetemp={folder / 'temp'}"]
        return pytest.main([*tests, *first, *options, *ignored, *seed], plugins=[plugin])

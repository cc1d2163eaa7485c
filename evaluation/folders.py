"""Where the benchmark's folders are, and what is to be done with each."""

import importlib.util
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).parents[1]
DEFAULT = ROOT.parent / "shared" / "benchmark"
SCORER = "eval_reference.py"

Needs = Mapping[str, Sequence[str]]
"""The files that a task reads, by the task's name."""


class NotFound(Exception):
    """Something that is needed isn't there; the message is a sentence with the remedy."""


@dataclass(frozen=True, slots=True)
class Run:
    """One task on one folder."""

    task: str
    folder: Path

    @property
    def name(self) -> str:
        """Name the folder."""
        return self.folder.name

    def answers_to(self, name: str) -> bool:
        """Tell whether `name` is the folder's or the task's."""
        return name in {self.name, self.task}


def find_runs(place: Path, needs: Needs) -> tuple[list[Run], list[str]]:
    """Look at every folder in `place`, or at `place` alone if the scorer lies beside it.

    Return what can be run, and a sentence for each folder that can't.

    Raises:
        NotFound: there is no such place, or no scorer in it or beside it.
    """
    if not place.is_dir() or not _scorer(place).is_file():
        msg = f"There is no {SCORER} in {place}: name the benchmark's folder with --data DIR."
        raise NotFound(msg)
    runs: list[Run] = []
    skipped: list[str] = []
    is_whole = (place / SCORER).is_file()
    for folder in (
        sorted(each for each in place.iterdir() if each.is_dir() and each.name[0] not in "._") if is_whole else [place]
    ):
        if reason := _unfit(folder, needs):
            skipped.append(f"{folder.name} is skipped: {reason}")
        else:
            runs += _runs_of(folder, needs)
    return runs, skipped


def chosen(runs: Sequence[Run], name: str | None, needs: Needs) -> list[Run]:
    """Return the runs that `name` means; all of them for None.

    Raises:
        NotFound: it means none.
    """
    found = [run for run in runs if name is None or run.answers_to(name)]
    if name is not None and not found:
        known = ", ".join(sorted({run.name for run in runs} | {run.task for run in runs}))
        remedy = f" The task {name} reads a folder {name} with {', '.join(needs[name])}." if name in needs else ""
        msg = f"Nothing is called {name} here; there is: {known or 'nothing'}.{remedy}"
        raise NotFound(msg)
    return found


def task_of(folder: Path) -> str:
    """Return a folder's name up to its first underscore."""
    return folder.name.partition("_")[0]


def records(file: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a file of JSON lines."""
    with file.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def load_scorer(place: Path) -> ModuleType:
    """Load the scorer that lies in `place` or beside it, leaving nothing there."""
    spec = importlib.util.spec_from_file_location("eval_reference", _scorer(place))
    if spec is None or spec.loader is None:
        raise ImportError(SCORER)
    scorer = importlib.util.module_from_spec(spec)
    writes_nothing, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        spec.loader.exec_module(scorer)
    finally:
        sys.dont_write_bytecode = writes_nothing
    return scorer


def _scorer(place: Path) -> Path:
    return place / SCORER if (place / SCORER).is_file() else place.resolve().parent / SCORER


def _unfit(folder: Path, needs: Needs) -> str | None:
    task = task_of(folder)
    if task not in needs:
        return f"no adapter knows the task {task}."
    missing = _missing(folder, needs[task])
    return f"it has no {missing[0]}." if missing else None


def _runs_of(folder: Path, needs: Needs) -> Iterator[Run]:
    yield Run(task_of(folder), folder)
    if task_of(folder) == "routing" and "related" in needs and not _missing(folder, needs["related"]):
        yield Run("related", folder)


def _missing(folder: Path, names: Sequence[str]) -> list[str]:
    return [name for name in names if not (folder / name).is_file()]

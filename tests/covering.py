"""Which lines and branches of the bot the tests run.

Where COVERED is set, slipcover puts its counting into the bot's code while that is imported, and takes it out again
where it has counted enough. Only our own code is slower for it; a tracer makes everything slower. slipcover's own
command line rewrites the inside of pytest, so this asks it for nothing but the counting.
"""

import json
import os
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from slipcover import FileMatcher, ImportManager, Slipcover, merge_coverage, print_coverage

SOURCES = ["bot", "cogs", "models"]
AT_LEAST = 95
"""Percent of all lines and branches."""
NEVER_RUN = [r"if TYPE_CHECKING:", r"raise NotImplementedError", r"@overload", r"^\s+\.\.\.$"]


class Covering:
    """A plugin that counts in each process that runs tests, and adds it all up in the one that started them."""

    def __init__(self) -> None:
        """Count in what is imported from now on."""
        self._root = Path.cwd()
        self._counted = Slipcover(branch=True, source=SOURCES, exclude_also=NEVER_RUN)
        ImportManager(self._counted, FileMatcher(SOURCES)).__enter__()
        self._parts: list[dict[str, Any]] = []
        self._total: dict[str, Any] = {}

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:  # noqa: ANN401 - a worker, which xdist doesn't type
        """Take what a worker counted; one that broke down says nothing."""
        if (part := getattr(node, "workeroutput", {}).get("covered")) is not None:
            self._parts.append(json.loads(part))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Iterator[None]:
        """Hand over what was counted, or add it up; fail where it is too little."""
        result = yield
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput["covered"] = json.dumps(self._count())
        else:
            first, *others = self._parts or [self._count()]
            for other in others:
                merge_coverage(first, other)
            self._total = first
            session.testsfailed += self._percent < AT_LEAST
        return result

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what no test ran."""
        if self._total:
            print_coverage(self._total, outfile=terminalreporter, skip_covered=True, missing_width=80)
            terminalreporter.write_line(f"Covered: {self._percent:.2f} %, of which at least {AT_LEAST} % are asked.")

    @property
    def _percent(self) -> float:
        return float(self._total["summary"]["percent_covered"])

    def _count(self) -> dict[str, Any]:
        os.chdir(self._root)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)  # it leaves the files open that it looks into
            counted: dict[str, Any] = self._counted.get_coverage()
        return counted


covering = Covering() if os.environ.get("COVERED") else None

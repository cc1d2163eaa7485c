"""The command line: what to ask again, and how much of it."""

import argparse
import asyncio
from collections.abc import Sequence
from pathlib import Path

from benchmarks.simulator import drafts
from benchmarks.simulator.comparison import SETTINGS, Ground, compared
from benchmarks.simulator.ranking import topics
from benchmarks.simulator.record import Record
from evaluation import replaying
from evaluation.folders import DEFAULT

MISCONFIGURED = 78
"""The exit code when there is nothing to simulate."""
FOLDER = "routing_mixed"


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare the settings and return the exit code: about an hour for a setting, shorter with fewer questions."""
    options = _parser().parse_args(arguments)
    folder = options.data / FOLDER if (options.data / FOLDER).is_dir() else options.data
    missing = [name for name in replaying.NEEDS if not (folder / name).is_file()]
    if missing:
        print(f"There is no {missing[0]} in {folder}: name a folder of the task routing with --data FOLDER.")
        return MISCONFIGURED
    record = Record.read(folder)
    questions = min(options.questions or len(record.questions), len(record.questions))
    found = asyncio.run(topics(record, folder, questions, has_encoders=not options.words_alone))
    ground = Ground(record, found, questions)
    print(
        f"{folder.name}: {ground.questions} questions, {len(record.helpers)} people who ever answered, "
        f"{options.seeds} draws of people. Brackets hold 95 % of the resamples of the questions and of the draws.\n\n"
        f"{_compared(ground, options)}"
    )
    return 0


def _compared(ground: Ground, options: argparse.Namespace) -> str:
    if options.drafts is None:
        settings = {name: SETTINGS[name] for name in options.only or SETTINGS}
        return compared(ground, settings, options.seeds, options.processes)
    shelf = drafts.Shelf(ground)
    said = f"{len(shelf.drafts)} of the questions are asked as drafts.\n\n"
    return said + drafts.compared(shelf, options.drafts, options.seeds, options.processes)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.simulator", description="What other numbers come to")
    parser.add_argument("--data", type=Path, default=DEFAULT, metavar="FOLDER", help=f"a folder like {FOLDER}")
    parser.add_argument("--only", nargs="+", choices=SETTINGS, metavar="NAME", help="compare these settings alone")
    parser.add_argument(
        "--drafts", nargs="*", choices=drafts.CHANGES, metavar="NAME",
        help="ask every fifth question as a draft, beside calls to everyone, and compare these settings of drafts",
    )  # fmt: skip
    parser.add_argument("--questions", type=int, metavar="N", help="only the first N questions of the record")
    parser.add_argument("--seeds", type=int, default=3, metavar="N", help="draws of the people")
    parser.add_argument("--processes", type=int, metavar="N", help="runs at the same time; as many as there are cores")
    parser.add_argument("--words-alone", action="store_true", help="match people by words alone, without the encoders")
    return parser

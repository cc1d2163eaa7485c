"""The command line: what to simulate, and where the figures go."""

import argparse
import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.figures import table
from benchmarks.simulator import matching, report
from benchmarks.simulator.arms import BUSY_RULES
from benchmarks.simulator.laboratory import Laboratory
from benchmarks.simulator.measuring import Checked, check_hard_rules, compare, measure
from benchmarks.simulator.record import Record
from bot.log import configure_logging
from evaluation import replaying
from evaluation.folders import DEFAULT

MET, MISSED, MISCONFIGURED = 0, 1, 78
"""Exit codes: every bar is met, or not; there is nothing to simulate."""
FOLDER = "routing_mixed"
HARD_RULES_QUESTIONS = 10_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Simulate what was asked for and return the exit code: about eight minutes, and two more the first time."""
    options = _parser().parse_args(arguments)
    folder = options.data / FOLDER if (options.data / FOLDER).is_dir() else options.data
    missing = [name for name in replaying.NEEDS if not (folder / name).is_file()]
    if missing:
        print(f"There is no {missing[0]} in {folder}: name a folder of the task routing with --data DIR.")
        return MISCONFIGURED
    configure_logging("ERROR", "text")
    return asyncio.run(_simulate(folder, options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.simulator", description="What asking people comes to")
    parser.add_argument("--data", type=Path, default=DEFAULT, metavar="DIR", help=f"a folder like {FOLDER}")
    parser.add_argument("--questions", type=int, metavar="N", help="only the first N questions of the record")
    parser.add_argument("--seeds", type=int, default=3, metavar="N", help="draws of the people")
    parser.add_argument("--use-cases", type=int, default=40, metavar="N", help="questions put to the use cases too")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument(
        "--check-hard-rules", nargs="?", type=int, const=HARD_RULES_QUESTIONS, metavar="N",
        help=f"only look for invitations against the rules: N ({HARD_RULES_QUESTIONS:,}) questions to the use cases",
    )  # fmt: skip
    return parser


async def _simulate(folder: Path, options: argparse.Namespace) -> int:
    record = Record.read(folder)
    router, sentence = matching.routers(folder)
    if sentence:
        print(sentence)
    expertise = await matching.expertise(record, folder, router)
    laboratory = Laboratory(record, expertise, options.questions)
    if options.check_hard_rules is not None:
        return await _check(laboratory, options.check_hard_rules)
    measured = await measure(laboratory, options.seeds)
    if options.use_cases:
        few = Laboratory(record, expertise, min(options.use_cases, len(laboratory.rows)))
        measured = replace(measured, same=await compare(few))
    print(report.report(record, len(laboratory.rows), measured, options.seeds))
    if options.json:
        figures = json.dumps(report.record(measured), indent=2, ensure_ascii=False)
        options.json.write_text(f"{figures}\n", encoding="utf-8")
    is_same = measured.same is None or measured.same.first_difference is None
    return MET if is_same and all(figure.is_met is not False for figure in report.bars(measured)) else MISSED


async def _check(laboratory: Laboratory, questions: int) -> int:
    def tell(checked: Checked) -> None:
        broken = sum(checked.broken.values())
        print(
            f"{checked.questions:,} questions, {checked.invitations:,} invitations, {broken} against a rule", flush=True
        )

    print(f"People who give the rules more to do: {report.changed(BUSY_RULES)}.")
    figure = report.rules("by the use cases", await check_hard_rules(laboratory, BUSY_RULES, questions, tell))
    print(table([figure]))
    return MET if figure.is_met else MISSED

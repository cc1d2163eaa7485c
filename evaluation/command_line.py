"""The command line: what to measure or learn, and where the figures go."""

import argparse
import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

from bot.errors import Unavailable
from bot.log import configure_logging
from bot.routing.router import _ENGLISH, _OTHER
from evaluation.encoding import Encoders, encoders, versioned
from evaluation.folders import DEFAULT, NotFound, Run, chosen, find_runs, load_scorer
from evaluation.learning import Ground, learn
from evaluation.measuring import measured
from evaluation.report import HEADINGS, Line, table
from evaluation.tasks import NEEDS, TASKS

UNAVAILABLE, MISCONFIGURED = 69, 78
"""Exit codes, as the bot's own."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what was asked for and return the exit code: about 25 minutes the first time, a few minutes from then on."""
    options = _parser().parse_args(arguments)
    try:
        runs, skipped = find_runs(options.data, NEEDS)
        print("\n".join(skipped), end="\n\n" if skipped else "")
        if options.verb == "fit":
            return asyncio.run(_fit(options.data, Ground.survey(runs)))
        return asyncio.run(_measure(options.data, chosen(runs, options.only, NEEDS), skipped, options.json))
    except NotFound as refusal:
        print(refusal)
        return MISCONFIGURED
    except Unavailable as refusal:
        print(f"An encoder is not available: {refusal.params.get('reason')}")
        return UNAVAILABLE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evaluation", description="How well questions find people")
    parser.add_argument("verb", nargs="?", choices=["fit"], help="learn the weights of bot/routing/fusion.toml anew")
    parser.add_argument(
        "--data", type=Path, default=DEFAULT, metavar="DIR", help="the benchmark's folder, or one of its folders"
    )
    parser.add_argument("--only", metavar="NAME", help="measure this folder or this task alone")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    return parser


async def _measure(data: Path, runs: Sequence[Run], skipped: Sequence[str], file: Path | None) -> int:
    if runs:
        configure_logging("WARNING", "text")
        async with encoders() as both:
            await both.prepare([TASKS[run.task].texts(run.folder) for run in runs])
            measures = await measured(runs, load_scorer(data), both.english, both.multilingual)
            print(f"{_header(both)}\n\n{table(HEADINGS, [line.cells() for line in measures])}")
            _write(file, both, skipped, measures)
    return 0


async def _fit(data: Path, ground: Ground) -> int:
    configure_logging("WARNING", "text")
    async with encoders() as both:
        await both.prepare([TASKS["routing"].texts(folder) for folder in ground.folders.values()])
        print(await learn(ground, load_scorer(data), both.english, both.multilingual))
    return 0


def _header(both: Encoders) -> str:
    counts = " and ".join(
        f"{versioned(encoder.model_id)} counts {english:g} for questions in English, {other:g} for others"
        for encoder, english, other in zip((both.english, both.multilingual), _ENGLISH, _OTHER, strict=True)
    )
    return f"Encoders: {counts}."


def _write(file: Path | None, both: Encoders, skipped: Sequence[str], measures: Sequence[Line]) -> None:
    if file is not None:
        figures = {"encoders": _header(both), "skipped": skipped, "figures": [line.record() for line in measures]}
        file.write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")

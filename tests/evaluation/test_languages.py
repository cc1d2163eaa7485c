from pathlib import Path

import pytest

from bot.routing.router import Router
from evaluation import topics, xquestions
from evaluation.ranking import nobody
from tests.evaluation.communities import write
from tests.hashing import HashingEmbedder


@pytest.fixture
def router() -> Router:
    return Router(HashingEmbedder(), None, nobody)


async def test_a_headline_finds_its_expert_among_those_it_allows(tmp_path: Path, router: Router) -> None:
    experts = {"music": "music, concerts and songs", "sports": "football and running", "health": "music therapy"}
    write(tmp_path / "experts.jsonl", [{"id": name, "text": text} for name, text in experts.items()])
    headline = {"qid": "eng-1", "lang": "eng", "text": "A night of songs and concerts", "expert": "music"}
    write(tmp_path / "headlines.jsonl", [headline | {"experts": ["sports", "music"]}])
    assert await topics.rankings(router, tmp_path) == [{"qid": "eng-1", "ranking": ["music", "sports"]}]


async def test_a_question_is_compared_with_translations_of_its_own_language(tmp_path: Path, router: Router) -> None:
    pairs = [
        {"qid": f"{language}-{number}", "lang": language, "question": f"{word}?", "translated": f"what is {word}"}
        for language in ("swa", "hau")
        for number, word in enumerate(("census", "minister", "coach"))
    ]
    write(tmp_path / "pairs.jsonl", [pairs[each] for each in (0, 3, 1, 4, 2, 5)])
    found = {str(each["qid"]): each["ranking"] for each in await xquestions.rankings(router, tmp_path)}
    assert {name: ranking[0] for name, ranking in found.items()} == {name: name for name in found}  # type: ignore[index]
    assert all(len(ranking) == 3 for ranking in found.values())  # type: ignore[arg-type]

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.routing import fusion
from bot.routing.fusion import Fusion
from bot.routing.router import Router
from evaluation.fitting import Choice, fitted
from evaluation.folders import DEFAULT, SCORER, NotFound, Run, load_scorer
from evaluation.fusion_file import Learned, digests, write
from evaluation.history import History
from evaluation.learning import Ground, learn
from evaluation.measuring import measured
from evaluation.ranking import GUILD_ID, nobody
from evaluation.replaying import NEEDS, Replay
from evaluation.samples import WEIGHTS, gather
from tests.evaluation.communities import Event, craft, write_routing
from tests.evaluation.test_caching import Counting
from tests.hashing import HashingEmbedder

needs_scorer = pytest.mark.skipif(
    not (DEFAULT / SCORER).is_file(), reason=f"needs the benchmark's {SCORER}, which lies beside the repository"
)
SUBJECTS = {"routing_strings": "violins and bows", "routing_wood": "oak and chisels"}
WEAK = Fusion(dense=0.0, profile=0.0, bm25=0.0, tfidf=0.0, month=0.0, week=0.0, idle=0.0)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Two communities, and both as one."""
    events: list[Event] = []
    judgements: list[Event] = []
    for name, subject in SUBJECTS.items():
        some, judged = craft(name[-2:], subject)
        write_routing(tmp_path / name, some, judged)
        events, judgements = events + some, judgements + judged
    write_routing(tmp_path / "routing_mixed", sorted(events, key=lambda event: str(event["ts"])), judgements)
    return tmp_path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file as the bot reads it, with fixed weights that know nothing."""
    file = tmp_path / "fusion.toml"
    file.write_text("# By hand.\n[fixed]\n" + "".join(f"{name} = 0.0\n" for name in WEIGHTS), encoding="utf-8")
    return file


def written(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def runs(place: Path) -> list[Run]:
    return [Run("routing", folder) for folder in sorted(place.glob("routing_*"))]


def planted(weights: list[float], count: int) -> list[Choice]:
    draw = np.random.default_rng(1)
    choices = []
    for _ in range(count):
        features = draw.standard_normal((30, len(weights)))
        odds = np.exp(features @ np.asarray(weights))
        target = np.zeros(30)
        target[draw.choice(30, p=odds / odds.sum())] = 1
        choices.append(Choice(features, target))
    return choices


def test_finds_the_weights_that_were_planted() -> None:
    assert fitted(planted([1.5, 0.0, -0.7], 500)) == pytest.approx([1.5, 0.0, -0.7], abs=0.15)


def test_a_weight_stays_within_its_bounds() -> None:
    learned = fitted(planted([1.5, -0.7], 300), [(0.0, None), (0.0, None)])
    assert learned[0] > 1
    assert learned[1] == 0


def test_a_question_nobody_known_answered_teaches_nothing() -> None:
    told, untold = planted([1.0], 50), Choice(np.ones((3, 1)), np.zeros(3))
    assert fitted([*told, untold]) == pytest.approx(fitted(told))
    with pytest.raises(ValueError, match="nothing to learn from"):
        fitted([untold])


async def test_a_sample_ranks_as_the_router_did(place: Path) -> None:
    folder = place / "routing_mixed"
    samples = await gather(Router(HashingEmbedder(), None, nobody), folder)
    assert len(samples) == 32
    for sample in samples:
        choice = sample.choice()
        assert choice.features.shape == (len(choice.target), len(WEIGHTS))
        assert choice.target.sum() == pytest.approx(1.0)
    ranking = samples[-1].ranking(fusion.fusion_for(0, has_meaning=True))["ranking"]
    assert ranking == ["bob", "ada"]


async def test_a_sample_weighs_everybody_as_the_router_does(place: Path) -> None:
    router, folder = Router(HashingEmbedder(), None, nobody), place / "routing_mixed"
    samples = await gather(Router(HashingEmbedder(), None, nobody), folder)
    by_id = {sample.question.id: sample.weighed(fusion.fusion_for(0, has_meaning=True)) for sample in samples}
    async for question, query in Replay(router, History.read(folder)).questions(by_id):
        matches = await router.rank(GUILD_ID, query, question.at, limit=None)
        expected = sorted((match.member_id, match.expertise, match.availability) for match in matches)
        assert [(match.expertise, match.availability) for match in by_id[question.id]] == [
            (expertise, availability) for _, expertise, availability in expected
        ]


def test_the_words_of_a_question_tell_its_community(place: Path) -> None:
    origins = Ground.survey(runs(place)).origins
    assert {origins["gs3"], origins["od3"]} == set(SUBJECTS)
    assert set(origins.values()) == set(SUBJECTS)


def test_writes_what_the_bot_reads_and_keeps_what_stands_before(place: Path, file: Path) -> None:
    weights = Fusion(dense=0.26, profile=1.08, bm25=0.06, tfidf=0.03, month=0.28, week=0.41, idle=-0.27)
    sha256 = digests([place / "routing_mixed"])
    for questions in (7, 8):
        write(file, Learned(weights, questions, {"routing_mixed": {"MRR": 0.42519, "hit@5": 0.6}}, sha256))
    assert file.read_text(encoding="utf-8").startswith("# By hand.\n[fixed]\n")
    tables = written(file)
    assert Fusion.read(tables["learned"]) == weights
    assert Fusion.read(tables["fixed"]) == WEAK
    provenance = tables["learned"]["provenance"]
    assert provenance["questions"] == 8
    assert provenance["command"] == "python -m evaluation fit"
    assert provenance["out_of_fold"] == {"routing_mixed": {"MRR": 0.425, "hit@5": 0.6}}
    assert list(provenance["sha256"]) == [f"routing_mixed/{name}" for name in NEEDS]


@needs_scorer
async def test_learns_where_it_helps_and_says_so(place: Path, file: Path) -> None:
    said = await learn(Ground.survey(runs(place)), load_scorer(DEFAULT), HashingEmbedder(), Counting(), file)
    assert "routing_mixed: the learned weights beat the fixed ones (+" in said
    assert "fusion.toml is written" in said
    learned = written(file)["learned"]
    assert Fusion.read(learned) != WEAK
    assert set(learned["provenance"]["out_of_fold"]) == {"routing_mixed", *SUBJECTS}


def test_needs_communities_to_hold_out(place: Path) -> None:
    with pytest.raises(NotFound, match="All questions of routing_mixed are of one community"):
        Ground.survey([run for run in runs(place) if run.name == "routing_mixed"])


@needs_scorer
async def test_measures_what_the_scorer_scores_beside_simpler_ways(place: Path) -> None:
    run = Run("routing", place / "routing_mixed")
    measures = await measured([run], load_scorer(DEFAULT), HashingEmbedder(), Counting())
    assert [line.figure for line in measures] == ["hit@1", "hit@5", "MRR", "nDCG@10", "mAUC", "load3"]
    assert measures[2].value.mean > measures[2].baselines["random"].mean
    assert set(measures[2].baselines) == {"random", "popularity", "recent"}
    assert all(line.questions == 32 for line in measures[:4])

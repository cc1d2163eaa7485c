from collections import defaultdict
from pathlib import Path

import pytest

from bot.routing.router import Router
from evaluation import reviewers
from evaluation.folders import DEFAULT, NotFound, Run, load_scorer
from evaluation.measuring import measured
from evaluation.ranking import Ranking, nobody
from evaluation.reviewer_baselines import baselines
from evaluation.reviewers import LONGEST, Panel
from tests.evaluation.communities import write
from tests.evaluation.panel import PAST, RATED, READ, Record, papers, profiles, write_panel
from tests.evaluation.test_learning import needs_scorer
from tests.hashing import HashingEmbedder

SPELLED_OUT = list(PAST["tomas"].values())[:2]


@pytest.fixture
def router() -> Router:
    return Router(HashingEmbedder(), None, nobody)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_panel(tmp_path / "reviewers")


def by_member(scores: list[Ranking], version: int = 1) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for each in scores:
        if each["version"] == version:
            found[str(each["member"])][str(each["paper"])] = float(str(each["score"]))
    return dict(found)


def read_with(folder: Path, *listed: Record) -> dict[int, dict[str, list[str]]]:
    return {version: dict(members) for version, members in Panel.read(write_panel(folder, [*listed])).versions.items()}


def words(*names: str) -> list[str]:
    known = {name: pair for some in (*PAST.values(), READ) for name, pair in some.items()}
    return ["\n".join(known[name]) for name in names]


async def test_each_rating_of_each_version_gets_a_score(folder: Path, router: Router) -> None:
    scores = await reviewers.rankings(router, folder)
    for version in (1, 2):
        found = by_member(scores, version)
        assert {member: set(some) for member, some in found.items()} == {
            name: set(some) for name, some in RATED.items()
        }
    assert len(scores) == 2 * sum(map(len, RATED.values()))


async def test_papers_of_a_members_own_field_fit_them_better(folder: Path, router: Router) -> None:
    for member, fits in by_member(await reviewers.rankings(router, folder)).items():
        own = [fits[paper] for paper, expertise in RATED[member].items() if expertise >= 4]
        others = [fits[paper] for paper, expertise in RATED[member].items() if expertise <= 2]
        assert min(own) > max(others)


async def test_scores_are_what_the_router_tells_of_a_draft(folder: Path, router: Router) -> None:
    fits = by_member(await reviewers.rankings(router, folder))["farida"]
    (asked,) = words("p5")
    number = list(PAST).index("farida") + 1
    assert fits["p5"] == (await router.fits(1, await router.read(asked)))[number]


async def test_a_member_without_past_papers_scores_nothing_and_is_not_left_out(tmp_path: Path, router: Router) -> None:
    listed = [each for each in profiles() if each["version"] == 1 and each["member"] != "joon"]
    found = by_member(await reviewers.rankings(router, write_panel(tmp_path, listed)))
    assert set(found["joon"].values()) == {0.0}
    assert found["lindiwe"]["p1"] > 0


def test_everything_asked_of_the_encoders_is_said_beforehand(folder: Path) -> None:
    texts = reviewers.texts(folder)
    assert sorted(texts.questions) == sorted(words(*READ))
    assert set(texts.statements) == {text for some in PAST.values() for text in words(*some)}


@pytest.mark.parametrize(
    "listed",
    [
        [{"member": "tomas", "papers": ["t1", "t2"]}],
        [{"version": 1, "member": "tomas", "paper": "t1"}, {"version": 1, "member": "tomas", "paper": "t2"}],
        [{"version": "1", "member": "tomas", "papers": [{"id": "t1"}, {"paper_id": "t2"}]}],
        [{"member": "tomas", "versions": [["t1", "t2"]]}],
        [{"member": "tomas", "versions": {"1": ["t1", "t2"]}}],
        [{"member": "tomas", "papers": {"1": ["t1", "t2"]}}],
        [{"member": "tomas", "publications": ["t1", "t2"]}],
        [{"member": "tomas", "papers": [{"title": title, "text": text} for title, text in SPELLED_OUT]}],
        [{"member": "tomas", "title": title, "abstract": text} for title, text in SPELLED_OUT],
    ],
)
def test_profiles_may_be_written_in_several_ways(tmp_path: Path, listed: list[Record]) -> None:
    assert read_with(tmp_path, *listed) == {1: {"tomas": words("t1", "t2")}}


def test_versions_are_kept_apart(folder: Path) -> None:
    versions = Panel.read(folder).versions
    assert list(versions) == [1, 2]
    assert versions[1]["joon"] == words("j1", "j2", "j3")
    assert versions[2]["joon"] == words("j2", "j3")


def test_a_paper_may_lack_an_abstract_and_is_cut_to_what_a_draft_may_have(tmp_path: Path) -> None:
    folder = write_panel(tmp_path)
    write(folder / "papers.jsonl", [*papers(), {"paper": "x", "title": "t", "abstract": None},
                                    {"paper_id": "y", "text": "z" * 9_000}])  # fmt: skip
    panel = Panel.read(folder)
    assert panel.papers["x"] == "t"
    assert panel.papers["y"] == "z" * LONGEST


@pytest.mark.parametrize(
    ("file", "line", "sentence"),
    [
        ("papers.jsonl", {"title": "t"}, "line 1: a paper needs a name, under one of id, paper, paper_id."),
        ("papers.jsonl", {"id": "t"}, "papers.jsonl, line 1: a paper needs a title, or an abstract, or a text."),
        ("papers.jsonl", [1], "papers.jsonl, line 1 is no JSON object."),
        ("profiles.jsonl", {"member": "tomas", "papers": ["nowhere"]}, "line 1: papers.jsonl has no paper nowhere."),
        ("profiles.jsonl", {"member": "tomas", "papers": "t1"}, "profiles.jsonl, line 1: papers are to be a list."),
        ("profiles.jsonl", {"papers": ["t1"]}, "profiles.jsonl, line 1: there is no member."),
        ("profiles.jsonl", {"member": "tomas", "papers": ["t1"], "version": "late"}, "line 1: a version is a number."),
        ("profiles.jsonl", {"member": "tomas", "articles": ["t1"]},
         "under papers, past_papers, past, paper_ids, publications, profile or versions."),
        ("ratings.jsonl", {"member": "tomas", "paper": "nowhere", "expertise": 1},
         "the paper nowhere is rated in ratings.jsonl, and papers.jsonl doesn't have it."),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_said_in_a_sentence(tmp_path: Path, file: str, line: Record, sentence: str) -> None:
    folder = write_panel(tmp_path)
    write(folder / file, [line])
    with pytest.raises(NotFound) as refusal:
        Panel.read(folder)
    assert str(refusal.value).endswith(sentence)


def test_empty_profiles_and_broken_lines_are_said_too(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"profiles\.jsonl is empty\."):
        Panel.read(write_panel(tmp_path, []))
    (tmp_path / "papers.jsonl").write_text('{"id": "t1"\n', encoding="utf-8")
    with pytest.raises(NotFound, match=r"papers\.jsonl, line 1 is no JSON object\."):
        Panel.read(tmp_path)


async def test_simpler_ways_score_the_same_ratings(folder: Path, router: Router) -> None:
    ours = {(each["version"], each["member"], each["paper"]) for each in await reviewers.rankings(router, folder)}
    ways = await baselines(HashingEmbedder(), folder)
    assert list(ways) == ["English encoder, 3 best", "English encoder, best", "TF–IDF", "BM25"]
    for scores in ways.values():
        assert {(each["version"], each["member"], each["paper"]) for each in scores} == ours
        assert by_member(scores)["tomas"]["p3"] > by_member(scores)["tomas"]["p5"]


@needs_scorer
async def test_the_scorer_reads_the_scores(folder: Path) -> None:
    scorer = load_scorer(DEFAULT)
    loss, easy, hard = await measured([Run("reviewers", folder)], scorer, HashingEmbedder(), None)  # type: ignore[arg-type]
    assert [line.figure for line in (loss, easy, hard)] == ["loss", "easy_acc", "hard_acc"]
    assert loss.value.mean < 0.1
    assert easy.value.mean == 1.0
    assert str(loss.bar) == "≤ 0.21"
    assert loss.questions == len(RATED)
    assert list(loss.baselines) == ["English encoder, 3 best", "English encoder, best", "TF–IDF", "BM25"]
    assert loss.value.low is not None

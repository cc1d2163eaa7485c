"""Earlier questions that were answered: most alike first, and only the near ones worth a look."""

import pytest

from bot.routing.ports import Community, StoredText
from tests.routing.rows import towards
from tests.routing.scenes import AUDIO, ENGLISH, GRANTS, GUILD, MANY, Model, Polyglot, Scene, read_by


def solved(id: int, words: str = "", **cosines: float) -> StoredText:
    """Make a question that was answered, with its cosine to a question about audio."""
    vectors = {model_id: towards(cosine).tolist() for model_id, cosine in cosines.items()}
    return read_by(StoredText(id, id, words), **vectors)


def scene_of(*questions: StoredText, english: Model | None = None, many: Polyglot | None = None) -> Scene:
    return Scene(english or Model(), many, Community(solved=questions))


async def test_the_most_alike_comes_first() -> None:
    scene = scene_of(solved(1, english=0.25), solved(2, english=0.875), solved(3, english=0.5))
    assert [question_id for question_id, _ in await scene.similar("audio")] == [2, 3, 1]


async def test_of_two_alike_the_older_one_comes_first() -> None:
    scene = scene_of(solved(3, english=0.5), solved(2, english=0.875), solved(1, english=0.875))
    assert [question_id for question_id, _ in await scene.similar("audio")] == [1, 2, 3]


async def test_words_decide_between_questions_as_near_in_meaning() -> None:
    scene = scene_of(
        solved(1, "grants", english=0.75), solved(2, "audio loss", english=0.75), solved(3, "bayes", english=0.0)
    )
    assert [question_id for question_id, _ in await scene.similar("audio")] == [2, 1, 3]


async def test_only_what_is_near_is_called_so() -> None:
    scene = scene_of(solved(1, english=0.875), solved(2, english=0.625), solved(3, english=0.5))
    assert await scene.similar("audio") == [(1, True), (2, True), (3, False)]


async def test_nothing_is_near_merely_for_being_the_most_alike() -> None:
    assert await scene_of(solved(1, english=0.5), solved(2, english=0.25)).similar("audio") == [(1, False), (2, False)]


async def test_at_most_so_many() -> None:
    scene = scene_of(*(solved(id, english=id / 10) for id in range(1, 8)))
    question = await scene.router.read("audio")
    assert [each.question_id for each in await scene.router.similar(GUILD, question, limit=3)] == [7, 6, 5]


async def test_by_words_alone_they_are_ranked_and_none_is_called_near() -> None:
    scene = scene_of(solved(1, "grant writing"), solved(2, "audio audio"), english=Model(is_warm=False))
    assert await scene.similar("audio") == [(2, False), (1, False)]


async def test_a_community_without_answers_has_nothing_alike() -> None:
    assert await Scene().similar("audio") == []


class TestMultilingual:
    """In the space of many languages everything lies near, so nearness is measured from what is common."""

    def scene(self, *questions: StoredText) -> Scene:
        places = {"sauti": AUDIO, "audio": AUDIO}
        return scene_of(
            *questions,
            english=Model(places=places),
            many=Polyglot(places=places, foreign=frozenset({"sauti"})),
        )

    async def test_near_is_what_is_nearer_than_the_middle(self) -> None:
        near, other, far = (0.9, 0.43, 0.0), (0.9, 0.0, 0.43), (0.9, -0.43, 0.0)
        questions = [read_by(StoredText(id, id, ""), many=each) for id, each in enumerate((near, other, far), 1)]
        scene = scene_of(*questions, many=Polyglot(places={"sauti": near}, foreign=frozenset({"sauti"})))
        assert await scene.similar("sauti") == [(1, True), (2, False), (3, False)]

    @pytest.mark.parametrize(("question", "first"), [("audio", 1), ("sauti", 2)])
    async def test_the_model_that_counts_most_says_what_is_near(self, question: str, first: int) -> None:
        scene = self.scene(
            solved(1, english=0.875, many=0.125), solved(2, english=0.25, many=0.875), solved(3, english=0.0, many=0.0)
        )
        (most_alike, is_near), *others = await scene.similar(question)
        assert (most_alike, is_near) == (first, True)
        assert not any(near for _, near in others)

    async def test_a_model_that_read_no_earlier_question_sets_no_standard(self) -> None:
        scene = self.scene(solved(1, english=0.875), solved(2, english=0.375))
        assert await scene.similar("sauti") == [(1, True), (2, False)]


class TestChanges:
    """What becomes answered, or is no longer, is taken over without reading the tables again."""

    async def test_a_question_that_is_answered_is_found_and_one_that_is_not_any_more_is_not(self) -> None:
        scene = scene_of(solved(1, english=0.875))
        assert await scene.similar("audio") == [(1, True)]
        scene.router.settle(GUILD, 2, solved(2, english=1.0))
        scene.router.settle(GUILD, 3, None)
        assert [question_id for question_id, _ in await scene.similar("audio")] == [2, 1]
        scene.router.settle(GUILD, 2, None)
        scene.router.settle(GUILD, 1, solved(1, english=0.25))
        assert await scene.similar("audio") == [(1, False)]
        assert scene.tables.reads == 1

    async def test_people_and_questions_are_never_mixed_up(self) -> None:
        scene = Scene(
            community=Community(
                statements=[read_by(StoredText(1, 1, ""), **{ENGLISH: AUDIO})], solved=[solved(2, english=0.875)]
            )
        )
        scene.router.settle(GUILD, 1, solved(1, english=0.25))
        scene.router.replace(GUILD, 2, [read_by(StoredText(2, 2, ""), **{ENGLISH: GRANTS})])
        assert await scene.ask("audio") == [1]
        assert await scene.similar("audio") == [(2, True)]
        scene.router.settle(GUILD, 1, solved(1, english=0.25))
        scene.router.replace(GUILD, 2, [read_by(StoredText(2, 2, ""), **{ENGLISH: GRANTS, MANY: AUDIO})])
        assert await scene.ask("audio") == [1, 2]
        assert [question_id for question_id, _ in await scene.similar("audio")] == [2, 1]

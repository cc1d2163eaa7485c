"""Which models read a text, and what each counts for a question."""

from dataclasses import replace

import numpy as np
import pytest

from bot.errors import Unavailable
from bot.routing.ports import Community, Query, Role, StoredText
from tests.factories import NOW
from tests.routing.scenes import (
    AUDIO,
    ENGLISH,
    GRANTS,
    GUILD,
    MANY,
    Model,
    Polyglot,
    Scene,
    audio,
    grants,
    packed,
    query,
    read_by,
)

COLD, BROKEN = {"is_warm": False}, {"is_broken": True}


class TestRead:
    """A question is read by every model that is warm."""

    async def test_both_models_read_it_as_a_question(self) -> None:
        scene = Scene(Model(), Polyglot())
        found = await scene.router.read("audio?")
        assert {model_id: vector.tolist() for model_id, vector in found.vectors.items()} == {
            ENGLISH: [1, 0],
            MANY: [1, 0],
        }
        assert (found.text, found.is_english, found.is_fallback) == ("audio?", True, False)
        assert scene.english is not None
        assert scene.many is not None
        assert scene.english.roles == scene.many.roles == [Role.QUESTION]

    @pytest.mark.parametrize("trouble", [COLD, BROKEN], ids=["cold", "broken"])
    async def test_without_the_english_model_the_other_one_answers_and_says_so(self, trouble: dict[str, bool]) -> None:
        found = await Scene(Model(**trouble), Polyglot()).router.read("audio?")  # type: ignore[arg-type]
        assert (set(found.vectors), found.is_fallback) == ({MANY}, True)

    @pytest.mark.parametrize("trouble", [COLD, BROKEN], ids=["cold", "broken"])
    async def test_without_the_multilingual_model_everything_is_taken_for_english(
        self, trouble: dict[str, bool]
    ) -> None:
        many = Polyglot(foreign=frozenset({"sauti"}), **trouble)  # type: ignore[arg-type]
        found = await Scene(Model(), many).router.read("sauti")
        assert (set(found.vectors), found.is_english, found.is_fallback) == ({ENGLISH}, None, False)

    @pytest.mark.parametrize("trouble", [COLD, BROKEN], ids=["cold", "broken"])
    async def test_without_any_model_there_are_the_words(self, trouble: dict[str, bool]) -> None:
        found = await Scene(Model(**trouble), Polyglot(**trouble)).router.read("audio")  # type: ignore[arg-type]
        assert (found.vectors, found.is_english, found.is_fallback) == ({}, None, True)

    async def test_words_are_all_that_was_wanted_where_no_model_is_chosen(self) -> None:
        scene = Scene(None)
        assert not (await scene.router.read("audio")).is_fallback
        assert scene.router.encoders == ()
        assert await scene.ask("audio") == [10, 20]

    async def test_the_multilingual_model_alone_is_no_fallback(self) -> None:
        found = await Scene(None, Polyglot()).router.read("audio")
        assert (set(found.vectors), found.is_fallback) == ({MANY}, False)

    async def test_another_language_is_told_from_english(self) -> None:
        scene = Scene(Model(), Polyglot(foreign=frozenset({"sauti"})))
        assert not (await scene.router.read("sauti")).is_english
        assert (await scene.router.read("audio")).is_english


class TestEncode:
    """A statement is read by every model that is warm, too; what is missing waits for a sweep."""

    async def test_every_model_reads_it_as_a_statement(self) -> None:
        scene = Scene(Model(), Polyglot())
        assert await scene.router.encode(["audio", "grants"]) == [
            {ENGLISH: packed(*AUDIO), MANY: packed(*AUDIO)},
            {ENGLISH: packed(*GRANTS), MANY: packed(*GRANTS)},
        ]
        assert scene.english is not None
        assert scene.english.roles == [Role.STATEMENT]
        assert len(scene.router.encoders) == 2

    @pytest.mark.parametrize("trouble", [COLD, BROKEN], ids=["cold", "broken"])
    async def test_a_model_that_does_not_answer_leaves_its_part_out(self, trouble: dict[str, bool]) -> None:
        scene = Scene(Model(**trouble), Polyglot())  # type: ignore[arg-type]
        assert await scene.router.encode(["audio"]) == [{MANY: packed(*AUDIO)}]

    @pytest.mark.parametrize("scene", [Scene(Model(is_warm=False)), Scene(None)], ids=["cold", "none"])
    async def test_without_a_model_there_is_nothing_to_keep(self, scene: Scene) -> None:
        assert await scene.router.encode(["audio", "grants"]) == [{}, {}]

    async def test_nothing_to_encode_asks_no_model(self) -> None:
        scene = Scene()
        assert await scene.router.encode([]) == []
        assert scene.english is not None
        assert scene.english.roles == []

    async def test_an_error_nobody_foresaw_is_not_swallowed(self) -> None:
        class Unforeseen(Model):
            def refuse_if_broken(self) -> None:
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await Scene(Unforeseen()).router.encode(["audio"])


@pytest.mark.parametrize("trouble", [COLD, BROKEN], ids=["cold", "broken"])
async def test_words_answer_from_the_same_statements(trouble: dict[str, bool]) -> None:
    scene = Scene(Model(**trouble))  # type: ignore[arg-type]
    first, second = await scene.matches("writing a grant")
    assert (first.member_id, second.member_id) == (20, 10)
    assert (first.evidence.dense, first.evidence.profile) == (0, 0)
    assert first.evidence.bm25 > 0
    assert second.expertise == 0


class TestShares:
    """For a question in English the English model counts more, for any other the other one."""

    @pytest.fixture
    def scene(self) -> Scene:
        """Two members that the two models disagree about, neither sharing a word with the question."""
        first = read_by(audio(1, 10), **{ENGLISH: AUDIO, MANY: GRANTS})
        second = read_by(audio(2, 20), **{ENGLISH: GRANTS, MANY: AUDIO})
        places = {"swali": AUDIO, "question": AUDIO}
        return Scene(
            Model(places=places), Polyglot(places=places, foreign=frozenset({"swali"})), Community([first, second])
        )

    async def test_the_question_s_language_decides(self, scene: Scene) -> None:
        assert await scene.ask("question") == [10, 20]
        assert await scene.ask("swali") == [20, 10]

    async def test_the_model_that_is_there_decides_alone(self, scene: Scene) -> None:
        assert scene.english is not None
        assert scene.many is not None
        scene.english.is_broken = True
        assert await scene.ask("question") == [20, 10]
        scene.english.is_broken, scene.many.is_broken = False, True
        assert await scene.ask("swali") == [10, 20]

    async def test_a_question_kept_from_before_counts_as_it_was_read(self, scene: Scene) -> None:
        kept = await scene.router.read("swali")
        assert (await scene.router.rank(GUILD, kept, NOW))[0].member_id == 20
        assert (await scene.router.rank(GUILD, replace(kept, is_english=True), NOW))[0].member_id == 10

    async def test_a_model_that_read_only_some_statements_leaves_the_others_in_the_middle(self, scene: Scene) -> None:
        await scene.ask("swali")
        scene.router.replace(GUILD, 30, [read_by(audio(3, 30), **{ENGLISH: GRANTS})])
        dense = {match.member_id: match.evidence.dense for match in await scene.matches("swali")}
        assert dense[20] > dense[30] > dense[10]

    async def test_vectors_of_a_model_that_is_gone_are_not_compared(self, scene: Scene) -> None:
        found = await scene.router.rank(GUILD, query(*AUDIO, model_id="gone"), NOW)
        assert [match.evidence.dense for match in found] == [0, 0]


class TestCentring:
    """In the multilingual space, what all questions have in common is taken away."""

    COMMON, ABOUT_A, ABOUT_B = (1.0, 0.0, 0.0), (0.8, 0.6, 0.0), (0.8, 0.0, 0.6)
    QUESTION = (0.95, 0.3, 0.0)
    """About A, and yet nearer to what everything has in common."""
    TILTED = (0.8, 0.3, 0.5)
    """Nearer to B, as all questions are here."""

    def scene(self, model_id: str, *asked: tuple[float, ...]) -> Scene:
        texts = [
            read_by(StoredText(id, id, ""), **{model_id: vector})
            for id, vector in enumerate((self.COMMON, self.ABOUT_A, self.ABOUT_B), 1)
        ]
        community = Community(texts, asked=[{model_id: packed(*vector)} for vector in asked])
        return Scene(Model(), Polyglot(), community)

    async def ranked(self, scene: Scene, *vector: float, model_id: str = MANY) -> list[int]:
        question = query(*vector, model_id=model_id, text="", is_english=model_id == ENGLISH)
        found = await scene.router.rank(GUILD, question, NOW)
        return [match.member_id for match in sorted(found, key=lambda match: -match.evidence.dense)]

    async def test_what_lies_near_everything_is_not_near_a_question(self) -> None:
        assert (await self.ranked(self.scene(MANY), *self.QUESTION))[0] == 2

    async def test_nobody_is_left_out_though_all_are_far(self) -> None:
        """Across languages a question is farther from every statement than the statements are from each other."""
        far = (0.7, -0.3, -0.4)
        for scene in (self.scene(MANY), self.scene(MANY, *[self.COMMON] * 100)):
            found = await scene.router.rank(GUILD, query(*far, model_id=MANY, text="", is_english=False), NOW)
            assert {match.member_id for match in found} == {1, 2, 3}
            assert all(match.expertise > 0 for match in found)

    async def test_a_single_helper_is_found_in_every_language(self) -> None:
        scene = Scene(Model(), Polyglot(), Community([read_by(audio(1, 10), **{MANY: AUDIO})]))
        (only,) = await scene.router.rank(GUILD, query(*GRANTS, model_id=MANY, is_english=False), NOW)
        assert only.expertise == 1

    async def test_in_the_english_space_nothing_is_taken_away(self) -> None:
        assert (await self.ranked(self.scene(ENGLISH), *self.QUESTION, model_id=ENGLISH))[0] == 1

    async def test_what_questions_here_have_in_common_is_learned_from_the_tables(self) -> None:
        assert (await self.ranked(self.scene(MANY), *self.TILTED))[0] == 3
        asked = [(0.8, 0.1, 0.5)] * 200
        assert (await self.ranked(self.scene(MANY, *asked), *self.TILTED))[0] == 2

    async def test_and_from_every_question_asked_since(self) -> None:
        scene = self.scene(MANY)
        assert (await self.ranked(scene, *self.TILTED))[0] == 3
        for _ in range(200):
            scene.router.note_question(GUILD, query(0.8, 0.1, 0.5, model_id=MANY))
        assert (await self.ranked(scene, *self.TILTED))[0] == 2
        assert scene.tables.reads == 1

    async def test_a_few_questions_do_not_turn_it_over(self) -> None:
        scene = self.scene(MANY, *[(0.8, 0.1, 0.5)] * 2)
        assert (await self.ranked(scene, *self.TILTED))[0] == 3

    async def test_questions_of_another_length_are_not_taken_away(self) -> None:
        scene = self.scene(MANY, *[(0.8, 0.5)] * 200)
        assert (await self.ranked(scene, *self.TILTED))[0] == 3
        scene.router.note_question(GUILD, query(*self.TILTED, model_id=MANY))
        assert (await self.ranked(scene, *self.TILTED))[0] == 3


async def test_an_encoder_that_refuses_says_why_in_the_log_only() -> None:
    model = Model(is_broken=True)
    with pytest.raises(Unavailable):
        await model.embed(["audio"])
    assert await Scene(model).router.encode(["audio"]) == [{}]


async def test_neither_model_decides_alone_where_both_have_read_everything() -> None:
    both = {ENGLISH: AUDIO, MANY: AUDIO}
    texts = [read_by(audio(1, 10), **both), read_by(grants(2, 20), **{ENGLISH: AUDIO, MANY: GRANTS})]
    assert await Scene(Model(), Polyglot(), Community(texts)).ask("audio") == [10, 20]


def test_two_texts_count_alike_and_the_words_stay_those_of_the_first() -> None:
    one, other = (Query(text, {"m": np.array(unit, dtype=np.float32)}) for text, unit in (("a", [1, 0]), ("b", [0, 1])))

    both = one.blended(other)

    assert both.text == "a"
    assert np.allclose(both.vectors["m"], np.sqrt([0.5, 0.5]))
    assert np.allclose(one.blended(Query("b")).vectors["m"], [1, 0])
    opposite = Query("b", {"m": np.array([-1, 0], dtype=np.float32)})
    assert np.allclose(one.blended(opposite).vectors["m"], [1, 0]), "what cancels out says nothing"

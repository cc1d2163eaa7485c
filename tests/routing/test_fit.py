"""How well a person fits a text: a number that means the same for every text."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.routing.fit import ENGLISH, MULTILINGUAL, WORDS, Measure, Near, fit
from bot.routing.ports import Community, Query, StoredText
from tests.routing.rows import towards
from tests.routing.scenes import ENGLISH as ENGLISH_MODEL
from tests.routing.scenes import GUILD, MANY, Model, Polyglot, Scene, query, read_by

COSINES = st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=12)
MEASURES = st.sampled_from([ENGLISH, MULTILINGUAL, WORDS])


def near(measure: Measure, *cosines: float) -> Near:
    return Near(measure, np.asarray(cosines, dtype=np.float32))


def helper(id: int, words: str = "", **cosines: float) -> StoredText:
    """Make the only statement of a person, with its cosine to what points to the east."""
    return read_by(
        StoredText(id, id, words), **{model_id: towards(cosine).tolist() for model_id, cosine in cosines.items()}
    )


async def fits(asked: Query, *helpers: StoredText, many: Polyglot | None = None) -> dict[int, float]:
    return await Scene(Model(), many, Community(helpers)).router.fits(GUILD, asked)


def test_the_measures_are_these() -> None:
    """Change them only with figures that the reviewers' ratings had no part in."""
    assert Measure(share=1.0, nothing=0.0, step=0.14, common=0.5) == ENGLISH
    assert Measure(share=0.5, nothing=0.78, step=0.02, common=0.75) == MULTILINGUAL
    assert Measure(share=0.5, nothing=0.0, step=0.05, common=0.5) == WORDS


def test_it_is_what_one_would_compute_by_hand() -> None:
    whole, half = Measure(1.0, 0.0, 0.5, common=0.0), Measure(3.0, 0.5, 0.25, common=1.0)
    found = fit([near(whole, 0.5, 0.25), near(half, 0.75, 0.25)])
    assert found.tolist() == [0.25 * 1.0 + 0.75 * 1.0, 0.25 * 0.5 + 0.75 * -1.0]


def test_nothing_to_compare_is_no_one() -> None:
    assert fit([]).tolist() == []
    assert fit([near(WORDS)]).tolist() == []


@given(COSINES, MEASURES, st.data())
def test_who_is_nearer_never_fits_less(cosines: list[float], measure: Measure, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(cosines) - 1))
    nearer = [*cosines]
    nearer[place] = min(1.0, cosines[place] + 0.25)
    before, after = fit([near(measure, *cosines)]), fit([near(measure, *nearer)])
    assert after[place] >= before[place] - 1e-4


@given(COSINES, st.integers(1, 4))
def test_the_scale_does_not_stretch_to_the_community(cosines: list[float], times: int) -> None:
    once, often = fit([near(ENGLISH, *cosines)]), fit([near(ENGLISH, *cosines * times)])
    assert often[: len(cosines)] == pytest.approx(once, abs=1e-4)


async def test_two_texts_can_be_compared_for_one_person() -> None:
    helpers = [helper(1, english=1.0), helper(2, english=-1.0)]
    strong, weak = [await fits(query(*towards(cosine).tolist()), *helpers) for cosine in (1.0, 0.5)]
    assert strong[1] > weak[1]


async def test_a_community_in_which_no_text_fits_says_so() -> None:
    far = await fits(query(1, 0), helper(1, english=0.0625), helper(2, english=0.0))
    close = await fits(query(1, 0), helper(1, english=0.9375), helper(2, english=0.875))
    assert max(far.values()) < 0.5 < min(close.values())


async def test_how_much_others_wrote_changes_nothing_for_a_person_of_one_line() -> None:
    near, far = helper(1, english=0.75), helper(2, english=0.25)
    more = [replace(far, id=id) for id in (3, 4, 5)]
    few, many = await fits(query(1, 0), near, far), await fits(query(1, 0), near, far, *more)
    assert few == many


async def test_what_everyone_is_near_to_counts_for_less() -> None:
    alone = await fits(query(1, 0), helper(1, english=0.75), helper(2, english=0.0), helper(3, english=0.0))
    general = await fits(query(1, 0), helper(1, english=0.75), helper(2, english=0.75), helper(3, english=0.75))
    assert alone[1] > general[1] > alone[2]


async def test_words_in_common_speak_for_a_person() -> None:
    asked = replace(query(1, 0), text="audio of bayes")
    found = await fits(asked, helper(1, "bayes and audio", english=0.5), helper(2, "grants", english=0.5))
    assert found[1] > found[2]


async def test_both_models_count_and_english_less_for_another_language() -> None:
    both = {ENGLISH_MODEL: np.asarray(towards(1.0)), MANY: np.asarray(towards(1.0))}
    helpers = [helper(1, english=1.0, many=0.0), helper(2, english=0.0, many=0.0625)]
    ours = await fits(Query("?", both, is_english=True), *helpers, many=Polyglot())
    other = await fits(Query("?", both, is_english=False), *helpers, many=Polyglot())
    assert ours[1] > ours[2]
    assert other[2] > other[1]


async def test_words_alone_tell_where_no_model_has_read_the_text() -> None:
    found = await fits(Query("audio"), helper(1, "audio and speech"), helper(2, "grants"))
    assert found[1] > found[2]
    assert await fits(Query("audio")) == {}


async def test_ranking_is_left_as_it_was() -> None:
    scene = Scene()
    before = await scene.matches("audio")
    await scene.router.fits(GUILD, await scene.router.read("audio"))
    assert await scene.matches("audio") == before

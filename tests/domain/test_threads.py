"""Discord's own archiving ends nothing; people's hands do."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.threads import EARLY, Shut, Thread, shut
from tests.factories import NOW

SILENCES = st.sampled_from([60, 1_440, 4_320, 10_080]).map(lambda minutes: timedelta(minutes=minutes))
DELAYS = st.timedeltas(timedelta(), timedelta(days=3))


def a_thread(said_ago: timedelta, silence: timedelta, *, is_archived: bool = True, is_locked: bool = False) -> Thread:
    return Thread(1, is_archived, is_locked, NOW, NOW - said_ago, silence)


@given(silence=SILENCES, later=DELAYS)
def test_archiving_after_the_silence_is_discord_s_own(silence: timedelta, later: timedelta) -> None:
    assert shut(a_thread(silence + later, silence)) is None


@given(silence=SILENCES, share=st.floats(0, 0.98))
def test_archiving_before_is_a_person_s(silence: timedelta, share: float) -> None:
    assert shut(a_thread((silence - EARLY) * share, silence)) is Shut.PUT_AWAY


@given(silence=SILENCES, ago=DELAYS, is_archived=st.booleans())
def test_a_lock_is_always_moderators(silence: timedelta, ago: timedelta, *, is_archived: bool) -> None:
    assert shut(a_thread(ago, silence, is_archived=is_archived, is_locked=True)) is Shut.LOCKED


@pytest.mark.parametrize("ago", [timedelta(), timedelta(days=30)])
def test_an_open_thread_is_open(ago: timedelta) -> None:
    assert shut(a_thread(ago, timedelta(hours=1), is_archived=False)) is None

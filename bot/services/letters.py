"""Every kind of letter, as the rooms describe them."""

from bot.domain.policy import Policy
from bot.services.community import letters as community_letters
from bot.services.feedback import moderator_letters, reader_letters, together_letters
from bot.services.feedback import thread_letters as draft_letters
from bot.services.office_hours import booking_letters, hour_letters
from bot.services.outbox.describing import Descriptions, described
from bot.services.outbox.removing import RemovalLetter
from bot.services.people.letters import MessageCheckLetter
from bot.services.requests import asker_letters, helper_letters, thread_letters


def all_letters(numbers: Policy) -> Descriptions:
    """Return the description of every kind there is."""
    rooms = (
        thread_letters.DESCRIPTIONS,
        helper_letters.descriptions(numbers),
        asker_letters.descriptions(numbers),
        booking_letters.DESCRIPTIONS,
        hour_letters.DESCRIPTIONS,
        draft_letters.DESCRIPTIONS,
        reader_letters.DESCRIPTIONS,
        together_letters.DESCRIPTIONS,
        moderator_letters.DESCRIPTIONS,
        community_letters.DESCRIPTIONS,
        (MessageCheckLetter(), RemovalLetter()),
    )
    return described(each for room in rooms for each in room)

"""Every kind of letter, from all rooms."""

from bot.services.community.letters import CommunityLetter
from bot.services.office_hours.letters import HoursLetter
from bot.services.people.letters import PeopleLetter
from bot.services.requests.letters import RequestLetter
from bot.services.results import LetterKind

KINDS: tuple[LetterKind, ...] = (*RequestLetter, *HoursLetter, *CommunityLetter, *PeopleLetter)

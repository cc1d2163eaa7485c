"""One transaction and the stores that take part in it."""

from functools import cached_property
from typing import Generic

from sqlalchemy import func, select

from bot.store.absences import Absences
from bot.store.attention import AttentionBudget
from bot.store.blocks import Blocks
from bot.store.bookings import Bookings
from bot.store.communities import Communities
from bot.store.deeds import Deeds
from bot.store.departures import Departures
from bot.store.drafts import Drafts
from bot.store.erasures import Erasures
from bot.store.facts import Facts
from bot.store.feedback import FeedbackStore
from bot.store.guilds import Guilds
from bot.store.help_interactions import HelpInteractions
from bot.store.invitations import Invitations
from bot.store.kept_answers import KeptAnswers
from bot.store.meetings import Meetings
from bot.store.members import Members
from bot.store.office_hours import OfficeHoursStore
from bot.store.outbox import Outbox
from bot.store.outbox_files import OutboxFiles
from bot.store.questions import Questions
from bot.store.queue_places import QueuePlaces
from bot.store.reading import is_of
from bot.store.referrals import Referrals
from bot.store.requests import Requests
from bot.store.reveals import Reveals
from bot.store.said import WhatWasSaid
from bot.store.statements import Statements
from bot.store.statistics import Statistics
from bot.store.transactions import Reads, Session, Writes
from bot.store.vectors import TextVectors, Vectors
from bot.store.waitlist import Waitlist
from models import Base, DraftVector, Question, QuestionVector, Statement, StatementVector


class Stores(Generic[Session]):
    """The stores over one transaction; rows never leave it."""

    def __init__(self, session: Session) -> None:
        """Take a session whose transaction has begun; the caller ends it."""
        self._session = session

    async def is_of(self, table: str, row_id: int, guild_id: int) -> bool:
        """Tell whether a row is a community's; a row without a community is everyone's."""
        return await is_of(self._session, table, row_id, guild_id)

    @cached_property
    def communities(self) -> Communities[Session]:
        """To which community a row belongs."""
        return Communities(self._session)

    @cached_property
    def guilds(self) -> Guilds[Session]:
        """Communities and what they chose."""
        return Guilds(self._session)

    @cached_property
    def members(self) -> Members[Session]:
        """People in communities."""
        return Members(self._session)

    @cached_property
    def absences(self) -> Absences[Session]:
        """What stood still while the bot wasn't in a community."""
        return Absences(self._session)

    @cached_property
    def departures(self) -> Departures[Session]:
        """What depends on one person."""
        return Departures(self._session)

    @cached_property
    def statements(self) -> Statements[Session]:
        """What people can help with."""
        return Statements(self._session)

    @cached_property
    def statement_vectors(self) -> TextVectors[Session]:
        """What encoders made of statements."""
        return TextVectors(self._session, Statement, StatementVector)

    @cached_property
    def question_vectors(self) -> TextVectors[Session]:
        """What encoders made of questions."""
        return TextVectors(self._session, Question, QuestionVector)

    @cached_property
    def draft_vectors(self) -> Vectors[Session]:
        """What encoders made of drafts; a changed model reads them as their readers are looked for."""
        return Vectors(self._session, "draft", DraftVector)

    @cached_property
    def statistics(self) -> Statistics[Session]:
        """What happened, as columns."""
        return Statistics(self._session)

    @cached_property
    def said(self) -> WhatWasSaid[Session]:
        """What letters have said."""
        return WhatWasSaid(self._session)

    @cached_property
    def drafts(self) -> Drafts[Session]:
        """What drafts say."""
        return Drafts(self._session)

    @cached_property
    def feedback(self) -> FeedbackStore[Session]:
        """What readers say about drafts."""
        return FeedbackStore(self._session)

    @cached_property
    def requests(self) -> Requests[Session]:
        """What people ask for, of any kind, and where it stands."""
        return Requests(self._session)

    @cached_property
    def questions(self) -> Questions[Session]:
        """What questions say."""
        return Questions(self._session)

    @cached_property
    def invitations(self) -> Invitations[Session]:
        """Who was asked."""
        return Invitations(self._session)

    @cached_property
    def attention(self) -> AttentionBudget[Session]:
        """What is left of people's attention."""
        return AttentionBudget(self._session)

    @cached_property
    def blocks(self) -> Blocks[Session]:
        """Who blocked which member."""
        return Blocks(self._session)

    @cached_property
    def referrals(self) -> Referrals[Session]:
        """Who is to be asked in another's name."""
        return Referrals(self._session)

    @cached_property
    def kept_answers(self) -> KeptAnswers[Session]:
        """What two people agreed to keep for others."""
        return KeptAnswers(self._session)

    @cached_property
    def reveals(self) -> Reveals[Session]:
        """Who learned, and why, who asked anonymously."""
        return Reveals(self._session)

    @cached_property
    def help_interactions(self) -> HelpInteractions[Session]:
        """Who helped which asker."""
        return HelpInteractions(self._session)

    @cached_property
    def office_hours(self) -> OfficeHoursStore[Session]:
        """When people offer time."""
        return OfficeHoursStore(self._session)

    @cached_property
    def bookings(self) -> Bookings[Session]:
        """Fifteen minutes that two people agreed on."""
        return Bookings(self._session)

    @cached_property
    def meetings(self) -> Meetings[Session]:
        """What comes of bookings."""
        return Meetings(self._session)

    @cached_property
    def queue_places(self) -> QueuePlaces[Session]:
        """The queues of walk-in hours."""
        return QueuePlaces(self._session)

    @cached_property
    def waitlist(self) -> Waitlist[Session]:
        """Who would like fifteen minutes as soon as some are free."""
        return Waitlist(self._session)

    @cached_property
    def deeds(self) -> Deeds[Session]:
        """What people did that is counted."""
        return Deeds(self._session)

    @cached_property
    def outbox(self) -> Outbox[Session]:
        """Messages to be sent."""
        return Outbox(self._session)

    @cached_property
    def outbox_files(self) -> OutboxFiles[Session]:
        """Files that wait to leave with a message."""
        return OutboxFiles(self._session)

    @cached_property
    def erasures(self) -> Erasures[Session]:
        """What is kept about one person."""
        return Erasures(self._session)

    @cached_property
    def facts(self) -> Facts[Session]:
        """Facts."""
        return Facts(self._session)


ReadingWork = Stores[Reads]
"""A unit of work that changes nothing; who takes one takes a `UnitOfWork` as well."""


class UnitOfWork(Stores[Writes]):
    """A unit of work that is committed."""

    async def lock(self, guild_id: int) -> None:
        """Let no other writer of this community in until the transaction ends.

        A rule over several rows needs it. SQLite has one writer anyway; PostgreSQL holds an advisory lock.
        """
        if self._session.get_bind().dialect.name == "postgresql":
            locked = select(func.pg_advisory_xact_lock(guild_id)).execution_options(populate_existing=True)
            await self._session.execute(locked)

    async def refresh(self, row: Base) -> None:
        """Read a row as it is now, after waiting for its lock."""
        await self._session.refresh(row)

    async def flush(self) -> None:
        """Send pending changes, so that new rows have their ids."""
        await self._session.flush()

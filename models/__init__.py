"""Every table of Morsel; importing this package registers them all."""

from models.base import Base
from models.event import Event
from models.guild import Guild, GuildSettings
from models.help_interaction import HelpInteraction
from models.invitation import Invitation
from models.member import Member
from models.outbox import OutboxLetter
from models.question import Question, QuestionVector
from models.request import Request
from models.statement import Statement, StatementVector

__all__ = [
    "Base",
    "Event",
    "Guild",
    "GuildSettings",
    "HelpInteraction",
    "Invitation",
    "Member",
    "OutboxLetter",
    "Question",
    "QuestionVector",
    "Request",
    "Statement",
    "StatementVector",
]

"""Every table of Morsel; importing this package registers them all."""

from models.base import Base
from models.block import Block
from models.event import Event
from models.guild import Guild, GuildSettings
from models.help_interaction import HelpInteraction
from models.invitation import Invitation
from models.kept_answer import KeptAnswer
from models.member import Member
from models.outbox import OutboxLetter
from models.question import Question, QuestionVector
from models.referral import Referral
from models.request import Request
from models.reveal import Reveal
from models.statement import Statement, StatementVector

__all__ = [
    "Base",
    "Block",
    "Event",
    "Guild",
    "GuildSettings",
    "HelpInteraction",
    "Invitation",
    "KeptAnswer",
    "Member",
    "OutboxLetter",
    "Question",
    "QuestionVector",
    "Referral",
    "Request",
    "Reveal",
    "Statement",
    "StatementVector",
]

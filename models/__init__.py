"""Every table of Morsel; importing this package registers them all."""

from models.base import Base
from models.block import Block
from models.booking import Appointment, Booking, Impression, WaitlistPlace
from models.done import Done
from models.draft import CoAuthor, Draft, DraftVector
from models.fact import Fact
from models.feedback import Feedback, FeedbackPoint, JointNote
from models.guild import Guild, GuildSettings
from models.help_interaction import HelpInteraction
from models.invitation import Invitation
from models.kept_answer import KeptAnswer
from models.member import Member
from models.office_hours import Occurrence, OfficeHours, QueuePlace, Slot
from models.outbox import OutboxFile, OutboxLetter
from models.question import Question, QuestionVector
from models.referral import Referral
from models.request import Request
from models.reveal import Reveal
from models.statement import Statement, StatementVector

__all__ = [
    "Appointment",
    "Base",
    "Block",
    "Booking",
    "CoAuthor",
    "Done",
    "Draft",
    "DraftVector",
    "Fact",
    "Feedback",
    "FeedbackPoint",
    "Guild",
    "GuildSettings",
    "HelpInteraction",
    "Impression",
    "Invitation",
    "JointNote",
    "KeptAnswer",
    "Member",
    "Occurrence",
    "OfficeHours",
    "OutboxFile",
    "OutboxLetter",
    "Question",
    "QuestionVector",
    "QueuePlace",
    "Referral",
    "Request",
    "Reveal",
    "Slot",
    "Statement",
    "StatementVector",
    "WaitlistPlace",
]

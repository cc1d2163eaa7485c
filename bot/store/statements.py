"""What people can help with."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models import Member, Statement


class Statements:
    """The store of expertise statements."""

    def __init__(self, session: AsyncSession) -> None:
        """Take part in this session's transaction."""
        self._session = session

    async def get(self, statement_id: int) -> Statement | None:
        """Return the statement with this row id."""
        return await self._session.get(Statement, statement_id)

    async def of(self, member_id: int) -> Sequence[Statement]:
        """Return a member's statements, oldest first."""
        return (
            await self._session.scalars(
                select(Statement)
                .where(Statement.member_id == member_id)
                .order_by(Statement.id)
                .execution_options(populate_existing=True)
            )
        ).all()

    async def searchable(self, guild_id: int, member_id: int | None = None) -> Sequence[Statement]:
        """Return the unmuted statements of a community's helpers, or of one of them."""
        wanted = (
            select(Statement)
            .join(Member, Member.id == Statement.member_id)
            .where(Member.guild_id == guild_id, Member.is_helper, ~Statement.is_muted)
            .order_by(Statement.id)
        )
        if member_id is not None:
            wanted = wanted.where(Member.id == member_id)
        return (await self._session.scalars(wanted)).all()

    def add_all(self, statements: Iterable[Statement]) -> None:
        """Keep new statements."""
        self._session.add_all(statements)

    async def delete(self, statement_ids: Iterable[int]) -> None:
        """Forget statements; invitations they caused lose only the words."""
        await self._session.execute(delete(Statement).where(Statement.id.in_(list(statement_ids))))

    async def set_muted(self, member_id: int, muted_ids: Iterable[int]) -> None:
        """Mute exactly these statements of a member, and no others."""
        muted = Statement.id.in_(list(muted_ids))
        await self._session.execute(
            update(Statement)
            .where(Statement.member_id == member_id)
            .values(is_muted=muted)
            .execution_options(synchronize_session=False)
        )

    async def stale(self, model_id: str, limit: int) -> Sequence[tuple[int, str]]:
        """Return ids and texts of up to `limit` statements that this encoder hasn't encoded."""
        rows = await self._session.execute(
            select(Statement.id, Statement.text).where(_stale(model_id)).order_by(Statement.id).limit(limit)
        )
        return [(row.id, row.text) for row in rows]

    async def count(self, model_id: str, guild_id: int) -> tuple[int, int]:
        """Return how many statements of a community this encoder hasn't encoded, and how many there are."""
        row = (
            await self._session.execute(
                select(func.count().filter(_stale(model_id)).label("stale"), func.count().label("all"))
                .select_from(Statement)
                .join(Member, Member.id == Statement.member_id)
                .where(Member.guild_id == guild_id)
            )
        ).one()
        return row.stale, row.all

    async def encode(self, vectors: Mapping[int, bytes], model_id: str) -> list[int]:
        """Give statements new vectors (float32, little-endian) and return the communities concerned."""
        for statement_id, vector in vectors.items():
            await self._session.execute(
                update(Statement)
                .where(Statement.id == statement_id)
                .values(vector=vector, model_id=model_id, dimension=len(vector) // 4)
            )
        guilds = await self._session.scalars(
            select(Member.guild_id).distinct().join(Statement).where(Statement.id.in_(list(vectors)))
        )
        return list(guilds)


def _stale(model_id: str) -> ColumnElement[bool]:
    return or_(Statement.model_id.is_(None), Statement.model_id != model_id)

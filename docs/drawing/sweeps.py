"""What looks at the tables again and again."""

from bot.jobs.sweeps import Sweep
from docs.drawing.markdown import first_line, table
from docs.drawing.rehearsal import rehearsed


def sweeps() -> str:
    """List the sweeps, how often each looks and what for."""
    return table(("sweep", "every", "use case", "what it does"), (_row(each) for each in rehearsed().sweeps))


def _row(sweep: Sweep) -> tuple[str, ...]:
    look = sweep.look
    return f"`{sweep.name}`", f"{sweep.seconds:g} s", f"`{look.__qualname__}`", first_line(look.__doc__)

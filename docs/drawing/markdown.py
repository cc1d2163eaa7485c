"""What Markdown and Mermaid look like."""

from collections.abc import Iterable


def mermaid(lines: Iterable[str]) -> str:
    """Return a Mermaid picture."""
    return "\n".join(["```mermaid", *lines, "```"])


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Return a Markdown table."""
    return "\n".join(_row(cells) for cells in (head, ("---",) * len(head), *rows))


def first_line(docstring: str | None) -> str:
    """Return what a docstring says first, without its full stop; a name without a docstring is a mistake.

    Raises:
        ValueError: there is none.
    """
    if not docstring:
        msg = "a name in a picture has no docstring"
        raise ValueError(msg)
    return docstring.strip().splitlines()[0].rstrip(".")


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cell.replace('|', '∣') for cell in cells)} |"

"""What the tests of the bot's lives may ask for."""

from collections.abc import Iterator

import pytest

from reliability.process import started_by
from tests.nursery import nursery


@pytest.fixture
def nursed() -> Iterator[None]:
    """Let bots begin with everything imported."""
    with started_by(nursery().start):
        yield

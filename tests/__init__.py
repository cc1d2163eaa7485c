"""Everything Morsel promises, tried."""

# Before anything of the bot is imported, or it wouldn't be counted.
from tests import covering as covering

"""Everything Morsel promises, tried."""

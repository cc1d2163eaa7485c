"""The tables' shapes over time, on both databases."""

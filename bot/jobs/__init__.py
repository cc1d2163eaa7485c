"""What wakes the use cases: the tables hold when something is due, these only look."""

"""Fifteen minutes: offered, booked, kept, and walked in to."""

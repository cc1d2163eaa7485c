"""Turning words into vectors, and vectors into an order of people who could help."""

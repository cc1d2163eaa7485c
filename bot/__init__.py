"""Morsel: bite-sized, many-to-many peer mentorship for research communities."""

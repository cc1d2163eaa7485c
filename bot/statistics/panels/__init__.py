"""One module a panel: each makes safe tables of a record, and says what they mean."""

"""What routing knows of a community, kept in step with the tables."""

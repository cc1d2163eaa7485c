"""What a community is as a whole: set up, looked at, counted, and away for a while."""

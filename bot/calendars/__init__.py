"""From a host's own clock to moments, and from moments to calendar files; knows no Discord and no tables."""

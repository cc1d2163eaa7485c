"""The whole bot in this process, against the stand-in: what a network and Discord can do to it."""

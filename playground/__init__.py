"""Run the whole bot in a simulated Discord, in one browser tab, without a token or a server."""

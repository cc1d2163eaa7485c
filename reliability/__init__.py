"""What is left when the bot is killed at any moment: a community talks on, and everything has to come out whole.

The world (`reliability.standin`) lives in this process and outlives the bot, which runs in one of its own and is ended
with SIGKILL, again and again, with the same database. What counts afterwards is what the tables and the world say.
"""

"""A stand-in for Discord on a loopback port, for running the whole bot against: REST, gateway and one community.

It knows what Morsel needs and no more: log in, register commands, stay connected, be asked, write messages, open
threads and posts, send direct messages. What it remembers (`world`) outlives every connection (`server`), so that the
bot can be killed and started again.
"""

"""Discord's limits that bind what Morsel shows, each with its source."""

MESSAGE = 2_000
"""Characters of a message. Source: https://discord.com/developers/docs/resources/message#create-message"""
EMBED_TEXT = 4_096
"""Characters of an embed's description.
Source: https://discord.com/developers/docs/resources/message#embed-object-embed-limits"""
EMBED_FIELD = 1_024
"""Characters of a field's value in an embed; the source is the same."""
EMBED = 6_000
"""Characters of all that stands in an embed; the source is the same."""
THREAD_NAME = 100
"""Characters of a thread's name. Source: https://discord.com/developers/docs/resources/channel"""
CUSTOM_ID = 100
"""Characters of a custom_id. Source: https://discord.com/developers/docs/components/reference"""
SELECT_OPTIONS = 25
"""Options of a select. Source: https://discord.com/developers/docs/components/reference#string-select"""
OPTION_LABEL = 100
"""Characters of an option's label. Source: https://discord.com/developers/docs/components/reference#string-select"""
CHOICES = 25
"""Choices of an autocompletion.
Source: https://discord.com/developers/docs/interactions/application-commands#autocomplete"""
TEXT_INPUT = 4_000
"""Characters of a text input. Source: https://discord.com/developers/docs/components/reference#text-input"""
EVENT_NAME = 100
"""Characters of a scheduled event's name.
Source: https://discord.com/developers/docs/resources/guild-scheduled-event"""

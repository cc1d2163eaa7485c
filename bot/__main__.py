"""`python -m bot VERB`: run · check · migrate."""

import sys

# The encoder's process imports this file anew: whatever the bot needs stays behind this guard.
if __name__ == "__main__":
    from bot.command_line import main

    sys.exit(main())

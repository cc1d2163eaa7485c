"""`python -m bot VERB`: run · check · migrate · backup · erase."""

import os
import sys

# The encoder's process imports this file again: what the bot needs stays behind this guard.
if __name__ == "__main__":
    # One thread searches thousands of vectors in a millisecond; several wait for each other, and for SQLite.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from bot.command_line import main
    from bot.log import hide_tracebacks

    hide_tracebacks()
    sys.exit(main())

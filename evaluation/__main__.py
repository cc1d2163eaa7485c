"""`python -m evaluation [fit] [--data DIR] [--only NAME] [--json FILE]`: measure, or learn the weights again."""

import os
import sys

if __name__ == "__main__":
    # As in the bot's own process, and before anything imports numpy.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from evaluation.command_line import main

    sys.exit(main())

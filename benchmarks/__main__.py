"""`python -m benchmarks [--only NAME] [--json FILE]`: measure, and print one table."""

import os

if __name__ == "__main__":
    # As in the bot's own process, and before anything imports numpy.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from benchmarks.command_line import main

    main()

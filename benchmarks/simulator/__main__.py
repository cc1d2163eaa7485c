"""`python -m benchmarks.simulator [--data FOLDER]`: ask recorded questions again, and see how many are answered."""

import os
import sys

if __name__ == "__main__":
    # As in the bot's own process, and before anything imports numpy.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from benchmarks.simulator.command_line import main
    from bot.log import configure_logging

    configure_logging("ERROR", "text")
    sys.exit(main())

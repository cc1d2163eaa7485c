"""`python -m benchmarks.simulator [--data DIR] [--check-hard-rules]`: ask recorded questions again; who answers?"""

import os
import sys

if __name__ == "__main__":
    # As in the bot's own process, and before anything imports numpy.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from benchmarks.simulator.command_line import main

    sys.exit(main())

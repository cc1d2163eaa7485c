"""`python -m reliability [--kills N] [--seed N]`: kill the bot at any moment, and count what is lost."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from reliability.command_line import main

    sys.exit(main())

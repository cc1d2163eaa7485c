"""How far a long piece of work has come, on standard error."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

# By default progress bars share a lock between processes; only one draws here.
tqdm.set_lock(threading.RLock())


@contextmanager
def progress(doing: str, total: int, line: int = 0) -> Iterator[Callable[[int], object]]:
    """Draw a bar on its line, from 0, while the block runs; call what it gives with how many more are done."""
    with tqdm(desc=doing, total=total, position=line, leave=False, file=sys.stderr, dynamic_ncols=True) as bar:
        yield bar.update

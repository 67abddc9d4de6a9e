"""Memory that a long job took and needs no more, given back to the system: why, docs/decisions/0094-memory-of-a-worker.md."""

import ctypes
import gc
import os


def give_back() -> None:
    """Collect what only refers to itself, and let the allocator return its free pages, where it can (glibc)."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if os.name == "posix" else None
    if trim is not None:
        trim(0)

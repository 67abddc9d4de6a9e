"""Trigrams of folded text as pg_trgm takes them, for the database that has none: their likeness, and a mask to sift by."""

from zlib import crc32

MASK_BYTES = 64


def grams(key: str) -> set[str]:
    """The trigrams of each word with two spaces before it and one after."""
    return {padded[i : i + 3] for word in key.split() for padded in [f"  {word} "] for i in range(len(padded) - 2)}


def similarity(one: str, other: str) -> float:
    """Trigrams in common over all trigrams, 0 to 1, of two folded texts: pg_trgm's similarity()."""
    first, second = grams(one), grams(other)
    return len(first & second) / len(first | second) if first and second else 0.0


def mask(key: str) -> bytes:
    """A bit for each trigram, by its checksum: two texts that share few bits share few trigrams."""
    bits = 0
    for gram in grams(key):
        bits |= 1 << crc32(gram.encode()) % (8 * MASK_BYTES)
    return bits.to_bytes(MASK_BYTES, "little")


class Sieve:
    """Lets through every mask that a text of at least this likeness can have, and few others."""

    def __init__(self, key: str, least: float) -> None:
        wanted = grams(key)
        self._bits = int.from_bytes(mask(key), "little")
        self._size = len(wanted)
        self._shared_bits = self._size - self._bits.bit_count()  # trigrams of the text that share a bit with another
        self._least = least

    def lets_through(self, found: bytes) -> bool:
        bits = int.from_bytes(found, "little")
        shared = (bits & self._bits).bit_count() + self._shared_bits  # at least as many as there are trigrams in common
        return shared * (1 + self._least) >= self._least * (self._size + bits.bit_count())

"""What everybody may read about groups of people without learning of single ones (ADR 0012). Pure.

A share is told only if those within it and those beyond it are nobody, or ten and more. Counts are rounded, so that two
editions do not show one person who moved between them. No total is told exactly, so nothing hidden can be got from one
by subtraction.
"""

from bisect import bisect_right

FEWEST = 10
ROUNDED_TO = 5
SIZES = (10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)


def tells_of_few(part: int, whole: int) -> bool:
    """Whether the part, or what it leaves of the whole, is a group of one to nine people."""
    return any(0 < group < FEWEST for group in (part, whole - part))


def count_told(number: int) -> int | None:
    """To the nearest five; nothing below ten."""
    return _nearest(number) if number >= FEWEST else None


def size_told(whole: int) -> int | None:
    """The whole as “so many or more”, in wide steps."""
    place = bisect_right(SIZES, whole)
    return SIZES[place - 1] if place else None


def percent_told(part: int, whole: int) -> int | None:
    """To the nearest five percent; none and all only if it is so."""
    if whole < FEWEST or tells_of_few(part, whole):
        return None
    if part in (0, whole):
        return 100 * part // whole
    return min(max(_nearest(round(100 * part / whole)), ROUNDED_TO), 100 - ROUNDED_TO)


def _nearest(number: int) -> int:
    return ROUNDED_TO * ((number + ROUNDED_TO // 2) // ROUNDED_TO)

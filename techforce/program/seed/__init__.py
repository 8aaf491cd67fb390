"""Reference rows of the program, written for it, and their loader."""

from techforce.program.seed.load import partner_slugs, seed_program

__all__ = ["partner_slugs", "seed_program"]

"""Mutants of the pure core that behave like the original, and why. Named as tests/mutation_run.py prints them."""

EQUIVALENT: dict[str, str] = {}

"""A password hasher for tests."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2(Argon2PasswordHasher):
    """Real Argon2id, as cheap as it gets: tests make members by the hundred."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1

"""How passwords are hashed: Argon2id as OWASP's Password Storage Cheat Sheet recommends it."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2idHasher(Argon2PasswordHasher):
    """19 MiB, two passes, one lane. Django's own parameters take 100 MiB and eight lanes for each sign-in.

    A password that was hashed with other parameters is hashed anew when its member signs in with it.
    """

    time_cost = 2
    memory_cost = 19 * 1024  # KiB
    parallelism = 1

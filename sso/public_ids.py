"""The random ids of connections and tests in URLs: 32 hexadecimal digits and nothing else."""


class PublicIdConverter:
    """A path part that is a public id. Anything else is not found before the database is asked."""

    regex = "[0-9a-f]{32}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value

"""What the service itself keeps."""

from django.db import models


class ReadinessMark(models.Model):
    """The one row that /health/ready/ writes, to see that the database can be written to."""

    id = models.PositiveSmallIntegerField(primary_key=True)
    written_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"written at {self.written_at}"

"""The rows that a sign-in and the start of one write, with the columns that JustCall SSO has there."""

from django.contrib.auth.models import User
from django.db import models


class UsedAssertion(models.Model):
    id_hash = models.CharField(max_length=64, unique=True)
    used_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        app_label = "floor"

    def __str__(self) -> str:
        return self.id_hash


class Event(models.Model):
    reference = models.CharField(max_length=16, unique=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    occurred_at = models.DateTimeField(db_index=True)
    email = models.CharField(max_length=254, db_index=True)
    checks = models.JSONField()
    attributes = models.JSONField()
    xml = models.TextField()

    class Meta:
        app_label = "floor"

    def __str__(self) -> str:
        return self.reference


class Asked(models.Model):
    request_id = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField()

    class Meta:
        app_label = "floor"

    def __str__(self) -> str:
        return self.request_id

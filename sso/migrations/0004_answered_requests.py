"""Requests that were used up have been answered: they are no "Started, no response"."""

from django.db import migrations
from django.db.models import F


def mark_answered(apps, schema_editor):
    requests = apps.get_model("sso", "PendingLogin").objects
    requests.filter(consumed_at__isnull=False, answered_at__isnull=True).update(answered_at=F("consumed_at"))


class Migration(migrations.Migration):
    dependencies = [("sso", "0003_sign_in_log")]

    operations = [migrations.RunPython(mark_answered, migrations.RunPython.noop, elidable=True)]

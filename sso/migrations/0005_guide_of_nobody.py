"""Empty means that nobody has chosen an identity provider's guide. Rows that exist keep theirs."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sso", "0004_events_that_speak_for_others")]

    operations = [
        migrations.AlterField(
            model_name="connection",
            name="guide",
            field=models.CharField(blank=True, default="", max_length=20),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sso", "0003_several_certificates_in_a_staged_change"),
    ]

    operations = [
        migrations.AddField(
            model_name="signinevent",
            name="repeated",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
    ]

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_audit_trail"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="auditentry",
            name="audit_of_organization",
        ),
        migrations.AddField(
            model_name="auditentry",
            name="subject",
            field=models.CharField(blank=True, max_length=254),
        ),
        migrations.AlterField(
            model_name="auditentry",
            name="at",
            field=models.DateTimeField(db_index=True, default=django.utils.timezone.now),
        ),
        migrations.AlterField(
            model_name="auditentry",
            name="organization",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="audit_entries",
                to="accounts.organization",
            ),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["organization", "-at", "-id"], name="audit_of_organization"),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["organization", "actor", "-at", "-id"], name="audit_by_actor"),
        ),
    ]

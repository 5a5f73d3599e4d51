import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_audit_by_time_and_actor"),
        ("sso", "0002_audit_moves_to_accounts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FirstCause",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cause", models.CharField(max_length=40)),
                ("day", models.DateField()),
                ("mailed_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.RemoveIndex(
            model_name="signinevent",
            name="events_of_organization",
        ),
        migrations.AddField(
            model_name="pendinglogin",
            name="answered_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="signinevent",
            name="admission",
            field=models.CharField(
                blank=True,
                choices=[
                    ("member", "Signed in"),
                    ("invited", "Took up an invitation"),
                    ("created", "Created as a new member"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="signinevent",
            name="has_message",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.ExpressionWrapper(
                    models.Q(("redacted_xml", ""), _negated=True), output_field=models.BooleanField()
                ),
                output_field=models.BooleanField(),
            ),
        ),
        migrations.AddField(
            model_name="signinevent",
            name="refused",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.ExpressionWrapper(
                    models.Q(("refusal", ""), _negated=True), output_field=models.BooleanField()
                ),
                output_field=models.BooleanField(),
            ),
        ),
        migrations.AlterField(
            model_name="signinevent",
            name="organization",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="sign_in_events",
                to="accounts.organization",
            ),
        ),
        migrations.AddIndex(
            model_name="pendinglogin",
            index=models.Index(
                condition=models.Q(("answered_at__isnull", False)),
                fields=["answered_at"],
                name="answered_requests",
            ),
        ),
        migrations.AddIndex(
            model_name="pendinglogin",
            index=models.Index(
                condition=models.Q(("answered_at__isnull", True)),
                fields=["connection", "-created_at", "-id"],
                name="unanswered_of_connection",
            ),
        ),
        migrations.AddIndex(
            model_name="signinevent",
            index=models.Index(fields=["organization", "-occurred_at", "-id"], name="events_of_organization"),
        ),
        migrations.AddIndex(
            model_name="signinevent",
            index=models.Index(
                fields=["organization", "refused", "-occurred_at", "-id"], name="events_by_result"
            ),
        ),
        migrations.AddIndex(
            model_name="signinevent",
            index=models.Index(
                fields=["organization", "refusal", "-occurred_at", "-id"], name="events_by_refusal"
            ),
        ),
        migrations.AddIndex(
            model_name="signinevent",
            index=models.Index(fields=["organization", "flow", "-occurred_at", "-id"], name="events_by_flow"),
        ),
        migrations.AddIndex(
            model_name="signinevent",
            index=models.Index(
                fields=["organization", "email", "-occurred_at", "-id"], name="events_by_email"
            ),
        ),
        migrations.AddIndex(
            model_name="signinevent",
            index=models.Index(fields=["has_message", "occurred_at"], name="events_by_message"),
        ),
        migrations.AddField(
            model_name="firstcause",
            name="event",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="sso.signinevent"
            ),
        ),
        migrations.AddField(
            model_name="firstcause",
            name="organization",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="first_causes",
                to="accounts.organization",
            ),
        ),
        migrations.AddConstraint(
            model_name="firstcause",
            constraint=models.UniqueConstraint(
                fields=("organization", "cause", "day"), name="a_cause_once_a_day"
            ),
        ),
    ]

"""The audit trail is the organization's, not single sign-on's: the table keeps its rows and gets accounts' name.

accounts.0002_audit_trail takes the model over.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("sso", "0001_connections_and_events")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.AlterModelTable("auditentry", "accounts_auditentry")],
            state_operations=[migrations.DeleteModel("AuditEntry")],
        ),
    ]

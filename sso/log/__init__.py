"""The sign-in log, the audit trail, and the e-mails about first causes."""

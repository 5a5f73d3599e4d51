"""What people paste or upload: certificates, metadata, messages."""

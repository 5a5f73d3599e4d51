"""Reads what people paste or upload: certificates, metadata, messages."""

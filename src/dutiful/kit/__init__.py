"""Shared mechanisms, each written once."""

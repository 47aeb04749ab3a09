"""Compiled reads: an operation becomes a plan, which answers level by level instead of field by field."""

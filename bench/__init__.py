"""Measures how long things take and what they cost; nothing here is a test."""

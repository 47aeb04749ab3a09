"""What /metrics tells, and to whom."""

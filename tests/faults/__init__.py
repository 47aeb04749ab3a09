"""The fault suite: real servers that die under people who talk, a recorded history, and a checker of pure functions."""

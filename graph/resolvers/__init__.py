"""The verbs of the schema, one file for each feature."""

"""The real PostgreSQL and the real Redis that tests run on: private, temporary, and brought by pip."""

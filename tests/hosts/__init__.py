"""The example applications in examples/, each with a real Palaver: they sign in, contact, write, and close."""

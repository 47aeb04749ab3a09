"""Tests, through the API as a client would; Ann and Bob talk, Cy is the stranger."""

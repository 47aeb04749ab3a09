"""`palaver serve`, with the trap around its application: python -m tests.faults.serve PORT."""

import sys

from graph.serving import serve
from graph.settings import read_settings
from tests.faults.points import app_from_environment

if __name__ == "__main__":
    serve(read_settings(), "127.0.0.1", int(sys.argv[1]), 1, make_app=app_from_environment)

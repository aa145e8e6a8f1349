"""`python -m torap`: the command line where the script `torap` is not on the path."""

from torap.cli.main import app

app(prog_name="torap")

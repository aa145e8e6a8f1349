"""Between the tables, the frozen input of a run, and the engines."""

"""Pages of the law: procedures with their obligations, and a calculator that gives every reason."""

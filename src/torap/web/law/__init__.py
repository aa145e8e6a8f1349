"""Pages of the law: procedures with their obligations and confidence, and a calculator that gives every reason."""

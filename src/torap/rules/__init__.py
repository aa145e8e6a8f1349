"""Pure domain rules: no framework, no tables, no sentences."""

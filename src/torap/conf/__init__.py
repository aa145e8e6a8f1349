"""Settings, the table of environment variables, and the root of the addresses."""

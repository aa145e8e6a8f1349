"""Pure numbers: arrays in, frozen results out. No framework, no tables, no sentences."""

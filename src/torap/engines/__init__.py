"""Pure numbers: arrays in, frozen results out."""

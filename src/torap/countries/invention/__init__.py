"""The invented national network of a country: made from a seed, written as files, loaded only on request."""

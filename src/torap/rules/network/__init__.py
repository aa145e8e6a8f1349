"""The delivery network: stages of the kinds of things, what waits for what by structure, and loops."""

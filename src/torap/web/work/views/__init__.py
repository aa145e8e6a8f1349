"""The views of signed-in work: find the thing, show its form, call one service."""

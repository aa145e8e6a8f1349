"""Readers turn a file into typed rows; none of them knows the database."""

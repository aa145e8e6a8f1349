"""Signed-in work: everything a person with a role may write, each form beside the thing it is about."""

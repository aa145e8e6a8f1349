"""The forms: what is asked, in the reader's language, and what of it goes to which service."""

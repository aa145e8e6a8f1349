"""What pages of all subjects have in common, and the door that finds the right page."""

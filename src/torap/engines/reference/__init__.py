"""Reference classes: how far promises of a kind slipped, those not yet kept among them."""

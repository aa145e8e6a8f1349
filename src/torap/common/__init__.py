"""What every application shares: base models, the user, permissions, errors."""

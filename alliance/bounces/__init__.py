"""What comes back: a mail that could not be delivered returns to an address of its own."""

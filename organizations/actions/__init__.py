"""What may be done with people and organizations. Each act is atomic and leaves an event."""

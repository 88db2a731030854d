"""Pages for builders, in local mode only: elsewhere their addresses do not exist."""

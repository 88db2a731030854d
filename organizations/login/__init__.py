"""Who is at the other end: logging in, browsers, sessions, and proofs of identity."""

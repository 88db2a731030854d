"""Files that people send: received, checked, re-encoded, kept and handed out."""

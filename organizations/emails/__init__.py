"""One function for each mail about people and organizations."""

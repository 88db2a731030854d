"""The forms about people and organizations. Labels are the client's wording."""

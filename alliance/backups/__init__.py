"""Copies of the portal: its database, its files, and the way back from them."""

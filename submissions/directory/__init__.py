"""The directory of organizations: who is listed, the list with its map, and a page for each."""

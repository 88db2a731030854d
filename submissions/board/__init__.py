"""The board: published Demands and Offers, for anyone."""

class BackupError(Exception):
    """No copy could be made, or none taken back; the text says why and what to do."""

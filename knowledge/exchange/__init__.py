"""Reports as a table, with their PDFs in files beside it: written, read back, and compared."""

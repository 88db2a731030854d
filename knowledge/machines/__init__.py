"""What the library tells machines: harvesters, search engines, reference managers, feed readers."""

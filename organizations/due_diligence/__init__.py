"""Rules of due diligence: levels, their checks, and which cycle counts."""

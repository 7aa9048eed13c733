"""The lab: run many, keep everything, resume, compare honestly."""

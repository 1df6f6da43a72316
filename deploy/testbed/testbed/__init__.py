"""A testbed that records labelled traffic of real programs."""

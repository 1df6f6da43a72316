"""From labelled captures to a serving plan."""

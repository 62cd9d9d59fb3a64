"""Whether a peer reaches a port, by which rule and key; and what an id in a console is for."""

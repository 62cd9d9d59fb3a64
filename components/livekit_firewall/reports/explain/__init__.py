"""Whether a peer reaches a port, by which rule and key; and which service a rule's id in a console belongs to."""

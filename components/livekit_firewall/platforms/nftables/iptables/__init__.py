"""What `iptables-save` and `ip6tables-save` print -> what the host admits.

saved.py        the text: tables, chains, lines
words.py        a line: conditions and a target
conditions.py   the packets that a condition matches; states.py, those on the state of a connection
matches.py      which conditions are understood, and the packets that a line matches
targets.py      what becomes of these packets
read.py         all of it through the chains
"""

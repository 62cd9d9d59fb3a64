"""What `iptables-save` and `ip6tables-save` print -> what the host admits.

saved.py    the text: tables, chains, lines
words.py    a line: conditions and a target
matches.py  the packets that a condition matches
states.py   the same for conditions on the state of a connection
targets.py  what becomes of a packet that a line matches
read.py     all of it through the chains
"""

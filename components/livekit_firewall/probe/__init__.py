"""Real packets against a deployed firewall: `probe listen` on the server, `probe check` outside.

plan ──▶ targets: what should be reachable from the checker, and what must be closed          plan, hosts

check  ──hello, probes──▶  listen        one secret (token), one format (wire)
       line: sockets, budget             divert: the nft table · diverted: sockets behind it
       sweep: every UDP port             bound: without nft · tap: before the host's firewall judges
       connect, alone, attempts,         responder: what is answered · tcp: the same for TCP
       failures: TCP, and one side       trace: which rule dropped
       talk: what the host saw           listen: the loop · heard: its report
       answers/: the services

judge ──▶ verdict: rows ──▶ report, lines, groups; advice, causes, remedies; junit
"""

"""The probe against real firewalls, in network namespaces: `lab.py` is the laboratory, `test_lab.py` its proof."""

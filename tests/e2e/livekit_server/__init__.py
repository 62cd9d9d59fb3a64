"""livekit-server itself as the judge of how its configuration is read: `test_agreement.py` says how."""

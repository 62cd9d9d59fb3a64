"""The side outside: sends packets to every port and reads what comes back."""

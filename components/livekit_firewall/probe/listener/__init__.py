"""The side on the server: answers the checker, without opening a port."""

"""Each platform's rendering and component."""

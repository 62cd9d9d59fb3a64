"""The engine tier: the real Pulumi CLI and engine, and fake clouds that refuse what the clouds refuse.

What it does not prove: that a cloud accepts what its fake accepts. The fakes know the formats, limits and
conflicts that the vendors document, and what their users ran into; a cloud may know more.
"""

"""The component as a Pulumi package of its own, for programs in any language: what `components/PulumiPlugin.yaml` and
`components/pulumi-resource-livekit` start.

    component   what Pulumi's analyzer reads, derived from the types of Python
    schema      schema.json, which is made of it and checked in
    names       keys and paths as other languages write them
    wire        what such a program sent, as arguments
    serve       the provider
"""

"""Provider plugins that stand in for the clouds: real gRPC, no account.

    PATH=tests/engine/fakes/bin:$PATH FAKE_CLOUD=/some/folder pulumi up

The engine starts `bin/pulumi-resource-<cloud>`, all of them the program `provider`. One module per cloud
says what that cloud refuses:

    refusals(token, inputs)         what is wrong with one resource, told at Check
    replaces, plainly, ...          what the provider makes of a change, told at Diff
    outputs                         what it reads: all that the cloud has, while inputs are cut (`bridge.py`)
    Account                         the calls, and what only the state of the account can refuse
    RETRIES, FORGOTTEN              how often it asks again for a lost answer; what tells a Delete that it is gone

What stands around the firewall in a larger program has no code: `described.py` reads what it is from `types/`.

A fake is stricter than its cloud where the cloud accepts what later goes wrong (differs for ever, opens
more than it says): such refusals begin with "trap".
"""

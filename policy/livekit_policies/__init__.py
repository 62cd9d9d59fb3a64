"""The findings of `livekit-firewall review` as policies that Pulumi enforces.

`pack` is the table of policies and all that speaks with Pulumi's SDK; `resources` translates what the engine hands
over; `judgement` says what is wrong with a stack, by the functions that `review` uses; `settings` reads the policies'
configuration.
"""

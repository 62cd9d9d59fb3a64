"""One folder per platform: target, limits, render, native rules, readers, component. `registry` finds them."""

"""Lists from the programs that people plan in, by their interfaces on the network: asked once, within limits."""

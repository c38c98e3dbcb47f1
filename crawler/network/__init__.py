"""Every way out: the guard, the resolver that asks it, and the browser behind a proxy that asks the resolver."""

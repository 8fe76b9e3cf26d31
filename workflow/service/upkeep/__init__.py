"""Looking after an installation: the facts of machine and store, and what `gongkai doctor` and its page say of them."""

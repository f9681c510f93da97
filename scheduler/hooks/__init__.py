"""Members' own programs that we call: the only place where we open connections to addresses others wrote."""

"""What carrying a packet costs our SFU worker, beside other servers that could do it."""

"""The worker's private face: the control link, and the worker as a whole."""

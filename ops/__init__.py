"""What operators need: an instance on one machine and its supervisor, images, monitoring, relays."""

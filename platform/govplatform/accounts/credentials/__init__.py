"""What proves who somebody is: passwords, one-time links, second factors, resets, and who is kept out for how long."""

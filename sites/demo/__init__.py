"""The demo province: fictional content, pictures and attachments for a first look at the platform."""

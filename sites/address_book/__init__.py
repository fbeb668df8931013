"""Which addresses of a site are public, told to the ledger of addresses (``govplatform.addresses``)."""

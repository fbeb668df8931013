"""Words of the frame: what citizens read outside of pages of content, and how it is changed and confirmed."""

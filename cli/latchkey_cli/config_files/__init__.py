"""Config files: reading and checking them, planning and uploading them."""

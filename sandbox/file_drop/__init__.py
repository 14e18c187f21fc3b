"""Places that a file of badges is dropped into: a folder, and an SFTP server (`sandbox.file_drop.server`)."""

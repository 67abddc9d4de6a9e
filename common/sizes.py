"""How large a file may be that is sent: one that reaches every form, reader and page."""

FILE_LIMIT = 20 * 1024 * 1024
FILE_MEGABYTES = FILE_LIMIT // 1024 // 1024

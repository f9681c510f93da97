"""The post: letters in plain words, the queue that sends them, and who carries them.

letters.py   what a letter says, as text, HTML and calendar entry
post.py      the bounded queue between a request and the carrier
smtp.py      carries by SMTP
mailbox.py   keeps the last hundred in the store, for /dev/mail of an instance on loopback
"""

"""Chat: the user asks in words, and code checks every requirement of the answer. One file a family of dialogues."""

//! A child process writes and is killed at a random moment; every write that it saw confirmed must still be there.

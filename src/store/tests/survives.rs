//! A child process writes and is killed at a random instant; what it was told is kept must be there.

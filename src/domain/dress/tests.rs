//! One request and one key in every dress: each is seen through, and what is public is not refused.
